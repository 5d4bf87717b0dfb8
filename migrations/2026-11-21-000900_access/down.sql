ALTER TABLE organisations DROP COLUMN allowed_networks;
DROP TABLE api_key_uses;
DROP TABLE api_key_secrets;
DROP TABLE api_keys;
DROP TABLE invitations;
DROP VIEW member_rights;
DROP TABLE grants;
DROP TABLE team_members;
DROP TABLE teams;
DROP INDEX members_custom_role_idx;
ALTER TABLE members
    DROP CONSTRAINT members_custom_role_check,
    DROP CONSTRAINT members_custom_role_fkey,
    DROP COLUMN custom_role_id;
DROP TABLE roles;
