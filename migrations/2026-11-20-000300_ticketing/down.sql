DROP FUNCTION event_title;
DROP TABLE admission_counts, scans, tickets, payment_callbacks, payments, standing_claims, standing_buckets,
    event_seats, order_items, orders, holds, event_zones, events, seat_maps, gates, venues;
