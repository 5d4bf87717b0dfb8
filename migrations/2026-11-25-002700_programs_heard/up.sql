-- Live sockets keep what a token of an application may hear until they are told otherwise: these are the
-- tables that the statement in accounts/src/oauth/authenticate.rs reads beside those that tell already.
CREATE TRIGGER rights_heard AFTER UPDATE OF scopes OR DELETE ON oauth_clients
    FOR EACH STATEMENT EXECUTE FUNCTION tell_rights_changed();
CREATE TRIGGER rights_heard AFTER UPDATE OF revoked_at OR DELETE ON oauth_authorisations
    FOR EACH STATEMENT EXECUTE FUNCTION tell_rights_changed();
CREATE TRIGGER rights_heard AFTER UPDATE OF spent_at ON oauth_tokens
    FOR EACH STATEMENT EXECUTE FUNCTION tell_rights_changed();
