ALTER TABLE outbox RESET (autovacuum_vacuum_scale_factor);
ALTER TABLE jobs RESET (fillfactor, autovacuum_vacuum_scale_factor);
DROP INDEX jobs_taken;
CREATE INDEX jobs_taken ON jobs (locked_until) WHERE state = 'running';
CREATE INDEX jobs_waiting ON jobs (run_at) WHERE state = 'ready';
DROP INDEX jobs_due;
CREATE INDEX jobs_due ON jobs (org_id, priority DESC, run_at, id) WHERE state = 'ready';
