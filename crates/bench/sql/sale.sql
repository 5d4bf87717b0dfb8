-- One paid order of two seats. Each client walks its own rows of the stadium: 40 zones of 25 rows
-- of 40 seats, so that no two clients want the same seat.
\set i :client_id * 1600 + :n
\set n :n + 2
\set z :i / 1000 + 1
\set r (:i % 1000) / 40 + 1
\set s :i % 40 + 1
SELECT gen_random_uuid() AS order_id, gen_random_uuid() AS payment_id,
       'Z' || :z::int || '-' || :r::int || '-' || :s::int AS seat_a,
       'Z' || :z::int || '-' || :r::int || '-' || (:s::int + 1) AS seat_b \gset
