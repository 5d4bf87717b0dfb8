-- One paid order of two seats, claimed and ordered in one call: the statements of place_order
-- and receive_callback. Each client walks rows of its own in the stadium of 40 zones,
-- 25 rows and 40 seats. Ids are made of the client's counter, in the order of time like UUIDv7.
\set n :n + 1
\set k 100000000000 + :client_id * 1000000 + :n
\set i :client_id * 1600 + 2 * :n - 2
\set z :i / 1000 + 1
\set r (:i % 1000) / 40 + 1
\set s :i % 40 + 1
\set t :s + 1

\startpipeline
BEGIN;
SELECT fingerprint, status, answer FROM idempotency_keys WHERE actor_key = 'anon' AND key = 'order-' || :k::text;
\endpipeline
\startpipeline
WITH locked AS (
    SELECT event_id, seat FROM event_seats
     WHERE event_id = :event::uuid
       AND seat = ANY(ARRAY['Z' || :z::text || '-' || :r::text || '-' || :s::text,
                        'Z' || :z::text || '-' || :r::text || '-' || :t::text])
     ORDER BY seat FOR UPDATE
), claimed AS (
    UPDATE event_seats s SET state = 'held', hold_id = NULL, held_until = now() + interval '15 minutes',
           order_id = ('019aa000-0000-7000-8000-' || :k::text)::uuid
      FROM locked
     WHERE s.event_id = :event::uuid AND s.seat = locked.seat
       AND (s.state = 'free' OR s.state = 'held' AND s.held_until <= now())
    RETURNING s.zone, s.seat, s.position
), standing AS (SELECT * FROM unnest('{}'::text[], '{}'::int[]) AS s (zone, quantity)
), event AS (
    SELECT id, org_id, event_title(texts, 'en') AS title, starts_at
      FROM events WHERE id = :event::uuid AND state = 'on_sale'
), places AS (
    SELECT (row_number() OVER (ORDER BY p.position, z.position))::int2 AS position,
           p.zone, p.seat, z.tier, z.price, z.currency
      FROM (SELECT zone, seat, position FROM claimed
            UNION ALL
            SELECT s.zone, NULL, 2147483647 FROM standing s, generate_series(1, s.quantity)) p
      JOIN event_zones z ON z.event_id = :event::uuid AND z.zone = p.zone
), placed AS (
    INSERT INTO orders (id, org_id, event_id, reference, user_id, access_hash, buyer_email,
           buyer_name, buyer_phone, locale, total, currency, placed_at, expires_at)
    SELECT ('019aa000-0000-7000-8000-' || :k::text)::uuid, event.org_id, event.id, 'B' || :k::text, NULL,
           sha256(convert_to(:k::text, 'UTF8')), 'fan@demo.ringside.example', 'Demo Fan', NULL, 'en',
           t.total, t.currency, now(), now() + interval '15 minutes'
      FROM event, (SELECT count(*) AS places, sum(price)::int8 AS total, min(currency) AS currency FROM places) t
     WHERE t.places = 2
    ON CONFLICT (org_id, reference) DO NOTHING
    RETURNING id
), items AS (
    INSERT INTO order_items (order_id, position, zone, seat, tier, price)
    SELECT placed.id, position, zone, seat, tier, price FROM placed, places
)
SELECT p.position, p.zone, p.seat, p.tier, p.price, p.currency, placed.id IS NOT NULL AS placed,
       event.org_id, event.title AS event_title, event.starts_at AS event_starts_at
  FROM places p LEFT JOIN placed ON true LEFT JOIN event ON true ORDER BY p.position;
\endpipeline
INSERT INTO payments (id, order_id, method, amount, currency, promptpay, created_at)
VALUES (('019aa000-0000-7000-8001-' || :k::text)::uuid, ('019aa000-0000-7000-8000-' || :k::text)::uuid, 'promptpay', 300000, 'THB', repeat('0', 100), now())
RETURNING id, order_id, state, amount, currency, promptpay, reference, created_at, paid_at;
\startpipeline
WITH told AS (
    INSERT INTO outbox (org_id, fact, created_at)
    SELECT :org::uuid, ('{"order_placed":{"order_id":"019aa000-0000-7000-8000-' || :k::text || '","event_id":"' || :event::text || '"}}')::jsonb, now()
), noted AS (
    INSERT INTO audit_log (id, org_id, action, subject_id, before, after,
           actor_kind, actor_id, ip, request_id, session_id, created_at)
    SELECT id, :org::uuid, action, subject, NULL, NULL, 'anonymous', NULL::uuid, '127.0.0.1',
           md5(:k::text), NULL, now()
      FROM (VALUES (('019aa000-0000-7000-8005-' || :k::text)::uuid, 'order.placed', ('019aa000-0000-7000-8000-' || :k::text)::uuid),
           (('019aa000-0000-7000-8006-' || :k::text)::uuid, 'payment.started', ('019aa000-0000-7000-8001-' || :k::text)::uuid)) AS noted (id, action, subject)
)
INSERT INTO idempotency_keys (actor_key, key, fingerprint, status, answer, created_at)
SELECT 'anon', 'order-' || :k::text, sha256(convert_to(:k::text, 'UTF8')), 201::int2,
       decode(repeat('61', 640), 'hex'), now();
COMMIT;
\endpipeline

BEGIN;
\startpipeline
SELECT p.id AS payment_id, p.state AS payment_state, p.amount AS amount, o.currency, o.id AS order_id,
       o.state AS order_state, o.org_id, o.event_id,
       (SELECT count(*)::int FROM order_items i WHERE i.order_id = o.id) AS places,
       ARRAY(SELECT i.zone FROM order_items i WHERE i.order_id = o.id AND i.seat IS NULL ORDER BY i.zone) AS standing
  FROM payments p JOIN orders o ON o.id = p.order_id WHERE p.id = ('019aa000-0000-7000-8001-' || :k::text)::uuid FOR UPDATE OF o, p;
INSERT INTO payment_callbacks (provider, callback_id, payment_id, received_at)
VALUES ('promptpay', 'evt_' || :k::text, ('019aa000-0000-7000-8001-' || :k::text)::uuid, now());
SELECT s.state = 'free' OR s.state = 'held' AND (s.order_id = o.id OR s.held_until <= now()) IS TRUE AS available
  FROM payments p
  JOIN orders o ON o.id = p.order_id
  JOIN order_items i ON i.order_id = o.id
  JOIN event_seats s ON s.event_id = o.event_id AND s.seat = i.seat
 WHERE p.id = ('019aa000-0000-7000-8001-' || :k::text)::uuid ORDER BY s.seat FOR UPDATE OF s;
SELECT zone, quantity FROM standing_claims WHERE order_id = (SELECT order_id FROM payments WHERE id = ('019aa000-0000-7000-8001-' || :k::text)::uuid) ORDER BY id FOR UPDATE;
\endpipeline
WITH paid AS (
    UPDATE orders SET state = 'paid', paid_at = now() WHERE id = ('019aa000-0000-7000-8000-' || :k::text)::uuid
    RETURNING id, org_id, event_id, currency
), succeeded AS (
    UPDATE payments SET state = 'succeeded', paid_at = now(), reference = 'BENCH', confirmed_by = NULL WHERE id = ('019aa000-0000-7000-8001-' || :k::text)::uuid
    RETURNING id, order_id, state, amount, currency, promptpay, reference, created_at, paid_at
), sold AS (
    UPDATE event_seats s SET state = 'sold', order_id = ('019aa000-0000-7000-8000-' || :k::text)::uuid, hold_id = NULL, held_until = NULL
      FROM order_items i
     WHERE i.order_id = ('019aa000-0000-7000-8000-' || :k::text)::uuid AND s.event_id = :event::uuid AND s.seat = i.seat
), consumed AS (
    DELETE FROM standing_claims WHERE order_id = ('019aa000-0000-7000-8000-' || :k::text)::uuid
), issued AS (
    INSERT INTO tickets (id, org_id, event_id, order_id, zone, seat, tier, price, currency, created_at)
    SELECT t.id, paid.org_id, paid.event_id, paid.id, i.zone, i.seat, i.tier, i.price, paid.currency, now()
      FROM paid
      JOIN order_items i ON i.order_id = paid.id
      JOIN unnest(ARRAY[('019aa000-0000-7000-8002-' || :k::text)::uuid, ('019aa000-0000-7000-8003-' || :k::text)::uuid])
           WITH ORDINALITY AS t (id, position) ON t.position = i.position
)
SELECT * FROM succeeded;
\startpipeline
WITH told AS (
    INSERT INTO outbox (org_id, fact, created_at)
    SELECT :org::uuid, ('{"order_paid":{"order_id":"019aa000-0000-7000-8000-' || :k::text || '","event_id":"' || :event::text || '"}}')::jsonb, now()
), noted AS (
    INSERT INTO audit_log (id, org_id, action, subject_id, before, after,
           actor_kind, actor_id, ip, request_id, session_id, created_at)
    SELECT id, :org::uuid, action, subject, NULL, NULL, 'anonymous', NULL::uuid, '127.0.0.1',
           md5(:k::text), NULL, now()
      FROM (VALUES (('019aa000-0000-7000-8008-' || :k::text)::uuid, 'payment.reported', ('019aa000-0000-7000-8001-' || :k::text)::uuid)) AS noted (id, action, subject)
)
INSERT INTO idempotency_keys (actor_key, key, fingerprint, status, answer, created_at)
SELECT NULL, NULL, NULL, NULL::int2, NULL::bytea, now() WHERE false;
COMMIT;
\endpipeline
