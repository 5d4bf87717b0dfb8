DROP INDEX deliveries_own_cause_key;
DELETE FROM deliveries WHERE org_id IS NULL;
ALTER TABLE deliveries ALTER COLUMN org_id SET NOT NULL;
DROP TABLE audit_log;
ALTER TABLE sessions DROP COLUMN confirmed_at;
