-- Jobs are found by lane: those of one organisation that matter alike, in the order in which they are due. A lane
-- is one step down the index away from the next, and what is for later lies behind what is due, however much it is.
DROP INDEX jobs_due;
CREATE INDEX jobs_due ON jobs (org_id, priority, run_at, id) WHERE state = 'ready';
-- Nothing asks by time alone: what waits is counted whole. An index less to write for every job.
DROP INDEX jobs_waiting;
-- Whose jobs run is counted at each turn. A lease that is renewed is in no index, so its row is updated in place.
DROP INDEX jobs_taken;
CREATE INDEX jobs_taken ON jobs (org_id) WHERE state = 'running';

-- Both tables turn over all day long: what is dead in them goes before it is a fifth of what waits or is kept.
ALTER TABLE jobs SET (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02);
ALTER TABLE outbox SET (autovacuum_vacuum_scale_factor = 0.02);
