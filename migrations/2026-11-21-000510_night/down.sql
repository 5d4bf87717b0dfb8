DELETE FROM scans WHERE scanned_by IS NULL;
ALTER TABLE scans ALTER COLUMN scanned_by SET NOT NULL;
DROP FUNCTION zone_name(event_zones, text);
ALTER TABLE event_zones DROP COLUMN name_th;
