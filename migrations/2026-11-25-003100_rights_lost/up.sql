-- Whoever stays signed in loses nothing: only what takes something away, or proves anew, is told. Everybody's page
-- does so every ten minutes, and each note has all remembered callers asked for and all sockets judged again.
DROP TRIGGER rights_heard ON sessions;
CREATE TRIGGER rights_heard AFTER DELETE ON sessions
    FOR EACH STATEMENT EXECUTE FUNCTION tell_rights_changed();
CREATE TRIGGER rights_heard_lost AFTER UPDATE OF ended_at, expires_at, confirmed_at ON sessions FOR EACH ROW
    WHEN (NEW.ended_at IS DISTINCT FROM OLD.ended_at OR NEW.confirmed_at IS DISTINCT FROM OLD.confirmed_at
          OR NEW.expires_at < OLD.expires_at)
    EXECUTE FUNCTION tell_rights_changed();
-- The same for applications, who trade a refresh token for the next.
DROP TRIGGER rights_heard ON oauth_tokens;
CREATE TRIGGER rights_heard AFTER UPDATE OF spent_at ON oauth_tokens FOR EACH ROW
    WHEN (NEW.kind = 'access' AND NEW.spent_at IS DISTINCT FROM OLD.spent_at)
    EXECUTE FUNCTION tell_rights_changed();
