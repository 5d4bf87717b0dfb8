-- What keeps the doors: sealed telephone numbers, and who tried to get in by force.

-- personal: the buyer's telephone number, sealed by the application for the purpose `buyer phone`
-- (AES-256-GCM). `buyer_phone` holds what was written before; a job seals it and empties it.
ALTER TABLE orders ADD COLUMN buyer_phone_sealed bytea;
CREATE INDEX orders_open_phone_idx ON orders (id) WHERE buyer_phone IS NOT NULL;
