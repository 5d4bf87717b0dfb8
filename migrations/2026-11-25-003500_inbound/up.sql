-- Inbound webhooks: which other systems may tell us something, and what they said.

CREATE TABLE inbound_sources (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organisations ON DELETE CASCADE,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 60),
    -- How a message is signed, and where in it what we need stands.
    signature jsonb NOT NULL,
    mapping jsonb NOT NULL,
    secret_sealed bytea NOT NULL,
    enabled boolean NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX inbound_sources_org_idx ON inbound_sources (org_id, id);

-- personal: body may hold data of people, as the other system sends them.
CREATE TABLE inbound_events (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organisations ON DELETE CASCADE,
    source_id uuid NOT NULL REFERENCES inbound_sources ON DELETE CASCADE,
    received_at timestamptz NOT NULL,
    -- The code of the refusal; none for what was taken.
    refused text,
    -- What tells a repeated message, and what it is about, as the mapping finds them.
    idempotency_key text,
    event_type text,
    subject text,
    body text NOT NULL,
    body_sha256 text NOT NULL,
    replays integer NOT NULL DEFAULT 0,
    CONSTRAINT inbound_events_taken_check CHECK (refused IS NOT NULL OR (idempotency_key IS NOT NULL AND event_type IS NOT NULL))
);
CREATE UNIQUE INDEX inbound_events_idempotency_key ON inbound_events (source_id, idempotency_key) WHERE refused IS NULL;
CREATE INDEX inbound_events_org_idx ON inbound_events (org_id, id DESC);
CREATE INDEX inbound_events_refused_idx ON inbound_events (source_id, received_at) WHERE refused IS NOT NULL;
CREATE INDEX inbound_events_received_idx ON inbound_events (received_at);
