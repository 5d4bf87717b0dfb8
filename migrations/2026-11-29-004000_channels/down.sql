DELETE FROM deliveries WHERE channel <> 'email';
UPDATE deliveries SET state = 'sent' WHERE state IN ('delivered', 'returned', 'complained');
UPDATE deliveries SET state = 'failed' WHERE state = 'suppressed';
DROP INDEX deliveries_provider_idx, deliveries_room_idx, deliveries_method_idx, deliveries_user_idx, deliveries_queued_idx;
ALTER TABLE deliveries
    DROP CONSTRAINT deliveries_sent_check,
    DROP CONSTRAINT deliveries_state_check,
    DROP CONSTRAINT deliveries_recipient_check,
    DROP COLUMN channel,
    DROP COLUMN topic,
    DROP COLUMN user_id,
    DROP COLUMN contact_method_id,
    DROP COLUMN destination_id,
    DROP COLUMN link,
    DROP COLUMN provider_id,
    DROP COLUMN due_at,
    ADD CONSTRAINT deliveries_recipient_check CHECK (char_length(recipient) BETWEEN 3 AND 254),
    ADD CONSTRAINT deliveries_state_check CHECK (state IN ('queued', 'sent', 'kept', 'failed')),
    ADD CONSTRAINT deliveries_sent_check CHECK ((state = 'sent') = (sent_at IS NOT NULL));
DROP TABLE suppressions;
DROP TABLE sending_paces;
DROP TABLE quiet_hours;
DROP TABLE notification_preferences;
DROP TABLE contact_methods;
DROP TABLE destinations;
DROP TABLE channel_accounts;
