-- What a source has sent before, for as long as there is the source: a signature without a time in it is good for
-- ever, and the message it is of must not be taken twice when the log has forgotten it.
CREATE TABLE inbound_seen (
    source_id uuid NOT NULL REFERENCES inbound_sources ON DELETE CASCADE,
    -- SHA-256 of the idempotency key.
    digest bytea NOT NULL,
    event_id uuid NOT NULL,
    PRIMARY KEY (source_id, digest)
);
