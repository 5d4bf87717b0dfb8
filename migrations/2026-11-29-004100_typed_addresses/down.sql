DELETE FROM deliveries WHERE typed_address IS NOT NULL;
ALTER TABLE deliveries DROP COLUMN typed_address;
