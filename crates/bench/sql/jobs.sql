-- One fact on its way: told in a transaction; handed on, 200 at a time, by whoever's turn it is; a job taken, and
-- its end noted, sixteen at a time. Like the statements of platform::outbox and platform::jobs, and as often as
-- they would be sent at best.
\set turn random(1, 200)
\set take random(1, 16)
BEGIN;
INSERT INTO outbox (org_id, fact, created_at)
SELECT :org::uuid, '{"event_changed":{"event_id":"019aa000-0000-7000-8000-000000000000"}}'::jsonb, now();
COMMIT;
\if :turn = 1
BEGIN;
SELECT pg_try_advisory_xact_lock(hashtext('ringside outbox')) AS ours \gset
\if :ours
WITH told AS (
    UPDATE outbox SET dispatched_at = now()
     WHERE id = ANY (ARRAY(SELECT id FROM outbox WHERE dispatched_at IS NULL ORDER BY id LIMIT 200))
    RETURNING id
)
INSERT INTO jobs (kind, payload, max_attempts, run_at, org_id, priority, created_at)
SELECT 'bench_nothing', '{"event_id":"019aa000-0000-7000-8000-000000000000"}', 10, now(), :org::uuid, 0, now() FROM told;
\endif
COMMIT;
\endif
\if :take = 1
WITH RECURSIVE ended AS (
    DELETE FROM jobs USING unnest(:mine::bigint[], array_fill(1::smallint, ARRAY[cardinality(:mine::bigint[])])) AS done (id, attempts)
     WHERE jobs.id = done.id AND jobs.attempts = done.attempts
), lanes AS (
    (SELECT org_id, priority, run_at FROM jobs WHERE state = 'ready' ORDER BY org_id, priority, run_at LIMIT 1)
    UNION ALL
    SELECT next.* FROM lanes CROSS JOIN LATERAL (
           SELECT org_id, priority, run_at FROM jobs
            WHERE state = 'ready' AND (org_id, priority) > (lanes.org_id, lanes.priority)
            ORDER BY org_id, priority, run_at LIMIT 1) AS next
), open AS MATERIALIZED (
    SELECT org_id, priority,
           (SELECT count(*) FROM jobs
             WHERE state = 'running' AND org_id = lanes.org_id AND id <> ALL (:mine::bigint[])) AS running
      FROM lanes WHERE run_at <= now()
), due AS (
    SELECT first.id, open.priority, first.run_at,
           running + row_number() OVER (PARTITION BY org_id ORDER BY priority DESC, first.run_at, first.id) AS turn
      FROM open CROSS JOIN LATERAL (
           SELECT id, run_at FROM jobs
            WHERE state = 'ready' AND org_id = open.org_id AND priority = open.priority AND run_at <= now()
            ORDER BY run_at, id LIMIT 32) AS first
     ORDER BY priority DESC, turn, run_at, id
), taken AS (
    SELECT due.id FROM due CROSS JOIN LATERAL (
           SELECT FROM jobs WHERE id = due.id AND state = 'ready' FOR UPDATE SKIP LOCKED) AS free
     LIMIT 16
), begun AS (
    UPDATE jobs SET state = 'running', attempts = attempts + 1, locked_until = now() + interval '20 s'
     WHERE id = ANY (ARRAY(SELECT id FROM taken))
    RETURNING id, org_id, priority, kind, payload, attempts, max_attempts
)
SELECT coalesce(array_agg(id), '{}') AS mine FROM begun \gset
\endif
