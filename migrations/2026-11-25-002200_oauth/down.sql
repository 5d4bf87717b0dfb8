DROP TABLE oauth_signing_keys;
DROP TABLE oauth_tokens;
DROP TABLE oauth_authorisations;
DROP TABLE oauth_consents;
DROP TABLE oauth_client_secrets;
DROP TABLE oauth_clients;
