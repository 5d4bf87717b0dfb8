ALTER TABLE sessions DROP COLUMN second_factor_org;
DROP TABLE sign_on_attempts;
DROP TABLE identities;
DROP TABLE identity_providers;
DROP TABLE organisation_domains;
