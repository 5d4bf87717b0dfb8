DROP TRIGGER rights_heard ON oauth_tokens;
DROP TRIGGER rights_heard ON oauth_authorisations;
DROP TRIGGER rights_heard ON oauth_clients;
