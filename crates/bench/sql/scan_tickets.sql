-- Tickets for scan.sql: 3,000 for each of 24 clients, of the standing kind, in any order of the event.
INSERT INTO tickets (id, org_id, event_id, order_id, zone, tier, price, currency)
SELECT ('019aa000-0000-7000-8000-' || (100000000000 + client * 1000000 + number))::uuid,
       o.org_id, o.event_id, o.id, 'Z1', 'Bench', 150000, 'THB'
  FROM generate_series(0, 23) AS client, generate_series(1, 3000) AS number,
       (SELECT id, org_id, event_id FROM orders WHERE event_id = :event::uuid LIMIT 1) AS o;
