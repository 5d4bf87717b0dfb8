DROP TABLE threats;
-- Numbers that were sealed are lost: the database alone cannot open them.
ALTER TABLE orders DROP COLUMN buyer_phone_sealed;
DROP INDEX IF EXISTS orders_open_phone_idx;
