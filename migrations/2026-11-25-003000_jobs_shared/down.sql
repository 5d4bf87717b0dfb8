DROP INDEX jobs_waiting;
DROP INDEX jobs_due;
CREATE INDEX jobs_due ON jobs (run_at, id) WHERE state = 'ready';
ALTER TABLE jobs DROP COLUMN priority, DROP COLUMN org_id;
