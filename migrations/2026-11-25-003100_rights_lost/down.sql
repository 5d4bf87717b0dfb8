DROP TRIGGER rights_heard ON oauth_tokens;
CREATE TRIGGER rights_heard AFTER UPDATE OF spent_at ON oauth_tokens
    FOR EACH STATEMENT EXECUTE FUNCTION tell_rights_changed();
DROP TRIGGER rights_heard_lost ON sessions;
DROP TRIGGER rights_heard ON sessions;
CREATE TRIGGER rights_heard AFTER UPDATE OF ended_at, expires_at, confirmed_at OR DELETE ON sessions
    FOR EACH STATEMENT EXECUTE FUNCTION tell_rights_changed();
