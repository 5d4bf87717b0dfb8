-- One fact on its way: told in a transaction; handed on, 200 at a time, by whoever's turn it is; a job taken,
-- sixteen at a time, and one job done. Like the statements of platform::outbox and platform::jobs.
\set turn random(1, 200)
\set take random(1, 16)
BEGIN;
INSERT INTO outbox (org_id, fact, created_at)
SELECT :org::uuid, '{"event_changed":{"event_id":"019aa000-0000-7000-8000-000000000000"}}'::jsonb, now();
COMMIT;
\if :turn = 1
BEGIN;
SELECT pg_try_advisory_xact_lock(hashtext('ringside outbox')) AND (SELECT count(*) < 10000 FROM (
       SELECT FROM jobs WHERE state = 'ready' AND run_at <= now() LIMIT 10000) AS due) AS may;
WITH told AS (
    UPDATE outbox SET dispatched_at = now()
     WHERE id IN (SELECT id FROM outbox WHERE dispatched_at IS NULL ORDER BY id LIMIT 200 FOR UPDATE SKIP LOCKED)
    RETURNING id
)
INSERT INTO jobs (kind, payload, max_attempts, run_at, org_id, priority, created_at)
SELECT 'bench_nothing', '{"event_id":"019aa000-0000-7000-8000-000000000000"}', 10, now(), :org::uuid, 0, now() FROM told;
COMMIT;
\endif
\if :take = 1
WITH RECURSIVE orgs AS (
    (SELECT org_id FROM jobs WHERE state = 'ready' ORDER BY org_id LIMIT 1)
    UNION ALL
    SELECT (SELECT org_id FROM jobs WHERE state = 'ready' AND org_id > orgs.org_id ORDER BY org_id LIMIT 1)
      FROM orgs WHERE orgs.org_id IS NOT NULL
), due AS (
    SELECT first.*, (SELECT count(*) FROM jobs WHERE state = 'running' AND org_id = orgs.org_id)
           + row_number() OVER (PARTITION BY orgs.org_id ORDER BY first.priority DESC, first.run_at, first.id) AS turn
      FROM orgs CROSS JOIN LATERAL (
           SELECT id, priority, run_at FROM jobs WHERE state = 'ready' AND org_id = orgs.org_id AND run_at <= now()
            ORDER BY priority DESC, run_at, id LIMIT 16) AS first
), taken AS (
    SELECT id FROM jobs JOIN due USING (id) WHERE state = 'ready'
     ORDER BY due.priority DESC, turn, due.run_at, id LIMIT 16 FOR UPDATE OF jobs SKIP LOCKED
)
UPDATE jobs SET state = 'running', attempts = attempts + 1, locked_until = now() + interval '20 s'
 WHERE id IN (SELECT id FROM taken);
\endif
DELETE FROM jobs WHERE id = (SELECT id FROM jobs WHERE state = 'running' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED);
