-- What readers and their servers say of mail: whether openings may be counted, which mail they do not want, and
-- what came back.

-- Who may be written to no more is an organisation's own affair: what one was told, the others do not learn.
ALTER TABLE suppressions
    DROP CONSTRAINT suppressions_pkey,
    DROP CONSTRAINT suppressions_reason_check,
    ADD CONSTRAINT suppressions_reason_check CHECK (reason IN ('bounced', 'complained', 'by_hand')),
    ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid(),
    -- None: Ringside's own letters, those about accounts.
    ADD COLUMN org_id uuid REFERENCES organisations,
    ADD CONSTRAINT suppressions_pkey PRIMARY KEY (id),
    ADD CONSTRAINT suppressions_address_key UNIQUE NULLS NOT DISTINCT (address, org_id);
UPDATE suppressions SET org_id = (SELECT org_id FROM deliveries WHERE id = suppressions.delivery_id);
ALTER TABLE suppressions ALTER COLUMN id DROP DEFAULT;
CREATE INDEX suppressions_org_idx ON suppressions (org_id, id DESC);

-- Mail that somebody without an account does not want. Those with one have `notification_preferences`.
CREATE TABLE mail_refusals (
    -- personal: the address, in lower case.
    address text NOT NULL,
    topic text NOT NULL,
    refused_at timestamptz NOT NULL,
    PRIMARY KEY (address, topic)
);

-- Whether it may be counted that letters to an address are opened and their links followed. No row: no.
CREATE TABLE mail_tracking (
    -- personal: the address, in lower case.
    address text PRIMARY KEY,
    -- personal: what its owner said last, and when.
    allowed boolean NOT NULL,
    changed_at timestamptz NOT NULL,
    -- Where they said it.
    said_at text NOT NULL CHECK (said_at IN ('account', 'mail_page'))
);

ALTER TABLE deliveries
    -- Whether openings and clicks of this one are counted: its reader had agreed when it left.
    ADD COLUMN tracked boolean NOT NULL DEFAULT false;
-- Figures by day.
CREATE INDEX deliveries_days_idx ON deliveries (org_id, created_at);

ALTER TABLE template_experiments
    -- How the two stood when it ended: the letters themselves go after a while. None for those before this column.
    ADD COLUMN figures jsonb;
