-- One guest admitted: the statements of record_scan, without who is asking, which a server
-- remembers for a moment. Each client walks tickets of its own, which scan_tickets.sql made.
\set n :n + 1
\set k 100000000000 + :client_id * 1000000 + :n
\set slot random(0, 15)

\startpipeline
BEGIN;
SELECT fingerprint, status, answer FROM idempotency_keys
 WHERE actor_key = 'user:' || :person::text AND key = 'scan-' || :k::text;
\endpipeline
WITH here AS (
    SELECT e.id AS event_id, e.org_id, e.state = 'cancelled' AS cancelled, g.id AS gate_id,
           coalesce(g.zones, '{}') AS zones
      FROM events e LEFT JOIN gates g ON g.id = :gate::uuid AND g.venue_id = e.venue_id
     WHERE e.id = :event::uuid AND e.org_id = :org::uuid
), admitted AS (
    UPDATE tickets t SET state = 'admitted', admitted_at = now(), admitted_gate_id = :gate::uuid
      FROM here
     WHERE t.id = ('019aa000-0000-7000-8000-' || :k::text)::uuid AND t.event_id = here.event_id
       AND t.state = 'valid' AND t.generation = 1 AND here.gate_id IS NOT NULL AND NOT here.cancelled
    RETURNING t.id, t.event_id, t.org_id, t.zone, t.seat, t.tier
), logged AS (
    INSERT INTO scans (id, org_id, event_id, gate_id, ticket_id, outcome, scanned_by, scanned_at)
    SELECT ('019aa000-0000-7000-8001-' || :k::text)::uuid, org_id, event_id, :gate::uuid, id, 'admitted',
           :person::uuid, now()
      FROM admitted
), counted AS (
    INSERT INTO admission_counts (event_id, slot, admitted) SELECT event_id, :slot::int2, 1 FROM admitted
    ON CONFLICT (event_id, slot) DO UPDATE SET admitted = admission_counts.admitted + 1
)
SELECT here.gate_id IS NOT NULL AS gate_exists, here.cancelled, here.zones AS gate_zones,
       a.zone, zone_name(z, 'en') AS zone_name, a.seat, a.tier,
       (SELECT coalesce(sum(c.admitted), 0) + 1 FROM admission_counts c WHERE c.event_id = :event::uuid) AS admitted
  FROM here
  LEFT JOIN admitted a ON true
  LEFT JOIN event_zones z ON z.event_id = a.event_id AND z.zone = a.zone;
WITH told AS (
    INSERT INTO outbox (org_id, fact, created_at)
    SELECT :org::uuid, ('{"ticket_admitted":{"ticket_id":"019aa000-0000-7000-8000-' || :k::text
           || '","event_id":"' || :event::text || '","gate_id":"' || :gate::text || '"}}')::jsonb, now()
), noted AS (
    INSERT INTO audit_log (id, org_id, action, subject_id, before, after,
           actor_kind, actor_id, ip, request_id, session_id, created_at)
    SELECT id, :org::uuid, action, subject, NULL, NULL, 'person', :person::uuid::uuid, '127.0.0.1',
           md5(:k::text), NULL, now()
      FROM (VALUES (('019aa000-0000-7000-8009-' || :k::text)::uuid, 'ticket.admitted', ('019aa000-0000-7000-8000-' || :k::text)::uuid)) AS noted (id, action, subject)
)
INSERT INTO idempotency_keys (actor_key, key, fingerprint, status, answer, created_at)
SELECT 'user:' || :person::text, 'scan-' || :k::text, sha256(convert_to(:k::text, 'UTF8')), 201::int2,
       decode(repeat('61', 340), 'hex'), now();
COMMIT;
