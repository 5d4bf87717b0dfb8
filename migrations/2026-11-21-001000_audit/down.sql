DROP FUNCTION forget_audit_addresses(timestamptz);
DROP TRIGGER audit_log_rows ON audit_log;
DROP TRIGGER audit_log_whole ON audit_log;
DROP TABLE audit_checks, audit_seals;
DROP FUNCTION audit_is_append_only();
DROP INDEX audit_log_org_idx, audit_log_actor_idx, audit_log_subject_idx, audit_log_ip_idx;
ALTER TABLE audit_log DROP COLUMN position, DROP COLUMN session_id;
CREATE INDEX audit_log_org_idx ON audit_log (org_id, id DESC);
