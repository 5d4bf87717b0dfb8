-- Servers remember for two seconds who a token belongs to and what they may do. Whoever changes what
-- that rests on tells them: these are the tables that the statements in accounts/src/authenticate.rs and
-- accounts/src/keys/queries.rs read, down to the columns that matter.

CREATE FUNCTION tell_rights_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The same note is delivered once for each transaction.
    NOTIFY ringside_rights;
    RETURN NULL;
END $$;

CREATE TRIGGER rights_heard AFTER UPDATE OF email OR DELETE ON people
    FOR EACH STATEMENT EXECUTE FUNCTION tell_rights_changed();
CREATE TRIGGER rights_heard AFTER UPDATE OF ended_at, expires_at, confirmed_at OR DELETE ON sessions
    FOR EACH STATEMENT EXECUTE FUNCTION tell_rights_changed();
CREATE TRIGGER rights_heard AFTER INSERT ON denied_tokens
    FOR EACH STATEMENT EXECUTE FUNCTION tell_rights_changed();
CREATE TRIGGER rights_heard AFTER UPDATE OF kind, requires_second_factor, allowed_networks ON organisations
    FOR EACH STATEMENT EXECUTE FUNCTION tell_rights_changed();
CREATE TRIGGER rights_heard AFTER INSERT OR UPDATE OR DELETE ON members
    FOR EACH STATEMENT EXECUTE FUNCTION tell_rights_changed();
CREATE TRIGGER rights_heard AFTER INSERT OR UPDATE OR DELETE ON roles
    FOR EACH STATEMENT EXECUTE FUNCTION tell_rights_changed();
CREATE TRIGGER rights_heard AFTER INSERT OR UPDATE OR DELETE ON team_members
    FOR EACH STATEMENT EXECUTE FUNCTION tell_rights_changed();
CREATE TRIGGER rights_heard AFTER INSERT OR UPDATE OR DELETE ON grants
    FOR EACH STATEMENT EXECUTE FUNCTION tell_rights_changed();
CREATE TRIGGER rights_heard AFTER INSERT OR UPDATE OF org_id, venue_id OR DELETE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION tell_rights_changed();
CREATE TRIGGER rights_heard AFTER INSERT OR UPDATE OF confirmed_at OR DELETE ON totp_secrets
    FOR EACH STATEMENT EXECUTE FUNCTION tell_rights_changed();
CREATE TRIGGER rights_heard AFTER INSERT OR DELETE ON passkeys
    FOR EACH STATEMENT EXECUTE FUNCTION tell_rights_changed();
CREATE TRIGGER rights_heard AFTER UPDATE OF permissions, networks, expires_at, revoked_at OR DELETE ON api_keys
    FOR EACH STATEMENT EXECUTE FUNCTION tell_rights_changed();
CREATE TRIGGER rights_heard AFTER INSERT OR UPDATE OR DELETE ON api_key_secrets
    FOR EACH STATEMENT EXECUTE FUNCTION tell_rights_changed();
