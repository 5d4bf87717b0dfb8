DROP INDEX consents_order_idx;
DELETE FROM consents WHERE user_id IS NULL;
ALTER TABLE consents DROP CONSTRAINT consents_whose, DROP COLUMN order_id, ALTER COLUMN user_id SET NOT NULL;
ALTER TABLE policies DROP COLUMN required;
DELETE FROM idempotency_keys;
ALTER TABLE idempotency_keys DROP COLUMN about, DROP COLUMN answer, ADD COLUMN answer json NOT NULL;
