ALTER TABLE template_experiments DROP COLUMN figures;
DROP INDEX deliveries_days_idx;
ALTER TABLE deliveries DROP COLUMN tracked;
DROP TABLE mail_tracking, mail_refusals;
DELETE FROM suppressions a USING suppressions b WHERE a.address = b.address AND a.id > b.id;
DELETE FROM suppressions WHERE reason = 'by_hand';
ALTER TABLE suppressions
    DROP CONSTRAINT suppressions_address_key,
    DROP CONSTRAINT suppressions_pkey,
    DROP CONSTRAINT suppressions_reason_check,
    DROP COLUMN id,
    DROP COLUMN org_id,
    ADD CONSTRAINT suppressions_reason_check CHECK (reason IN ('bounced', 'complained')),
    ADD CONSTRAINT suppressions_pkey PRIMARY KEY (address);
