-- Messages on their way to people, with all that was said: a message is written in the transaction
-- that causes it and carried by a job afterwards.

CREATE TABLE deliveries (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organisations,
    recipient text NOT NULL CHECK (char_length(recipient) BETWEEN 3 AND 254),
    recipient_name text NOT NULL,
    template text NOT NULL,
    locale text NOT NULL,
    subject text NOT NULL,
    html text NOT NULL,
    plain text NOT NULL,
    state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sent', 'kept', 'failed')),
    attempts integer NOT NULL DEFAULT 0,
    last_error text,
    -- What caused it: `order_paid:<order>`. The same cause writes no second message.
    cause text NOT NULL,
    created_at timestamptz NOT NULL,
    sent_at timestamptz,
    CONSTRAINT deliveries_cause_key UNIQUE (org_id, cause),
    CONSTRAINT deliveries_sent_check CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);
-- Ids are UUIDv7: their order is the order of writing.
CREATE INDEX deliveries_org_idx ON deliveries (org_id, id DESC);

CREATE TABLE delivery_attachments (
    id uuid PRIMARY KEY,
    delivery_id uuid NOT NULL REFERENCES deliveries ON DELETE CASCADE,
    position integer NOT NULL,
    name text NOT NULL,
    media_type text NOT NULL,
    -- The name a picture has inside the page (`cid:…`); none for a file to open.
    content_id text,
    bytes bytea NOT NULL,
    CONSTRAINT delivery_attachments_position_key UNIQUE (delivery_id, position)
);
-- PDF and PNG are compressed already.
ALTER TABLE delivery_attachments ALTER COLUMN bytes SET STORAGE EXTERNAL;
