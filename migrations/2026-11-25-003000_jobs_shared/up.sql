-- Whose work a job is (the nil id: nobody's), so that one organisation's thousands do not make another wait,
-- and how much it matters: higher goes first.
ALTER TABLE jobs
    ADD COLUMN org_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    ADD COLUMN priority smallint NOT NULL DEFAULT 0;
DROP INDEX jobs_due;
CREATE INDEX jobs_due ON jobs (org_id, priority DESC, run_at, id) WHERE state = 'ready';
-- The measure of what waits.
CREATE INDEX jobs_waiting ON jobs (run_at) WHERE state = 'ready';
