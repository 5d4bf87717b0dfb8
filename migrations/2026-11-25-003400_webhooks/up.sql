-- Webhooks: where an organisation wants to be told what happens, what is on its way there, and each attempt.
-- They carry ids only, no data of people.

CREATE TABLE webhook_endpoints (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organisations ON DELETE CASCADE,
    url text NOT NULL CHECK (char_length(url) BETWEEN 1 AND 2000),
    description text NOT NULL CHECK (char_length(description) <= 200),
    event_types text[] NOT NULL CHECK (cardinality(event_types) > 0),
    disabled_reason text CHECK (disabled_reason IN ('by_hand', 'gone', 'failing')),
    disabled_at timestamptz,
    -- Since when everything it was sent has failed.
    failing_since timestamptz,
    created_at timestamptz NOT NULL,
    CONSTRAINT webhook_endpoints_disabled_check CHECK ((disabled_reason IS NULL) = (disabled_at IS NULL))
);
CREATE INDEX webhook_endpoints_org_idx ON webhook_endpoints (org_id, id);

-- The present secret has no end; the one before it ends after an overlap. Sealed.
CREATE TABLE webhook_secrets (
    id uuid PRIMARY KEY,
    endpoint_id uuid NOT NULL REFERENCES webhook_endpoints ON DELETE CASCADE,
    sealed bytea NOT NULL,
    created_at timestamptz NOT NULL,
    ends_at timestamptz
);
CREATE UNIQUE INDEX webhook_secrets_present_key ON webhook_secrets (endpoint_id) WHERE ends_at IS NULL;
CREATE INDEX webhook_secrets_endpoint_idx ON webhook_secrets (endpoint_id);

CREATE TABLE webhook_deliveries (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organisations ON DELETE CASCADE,
    endpoint_id uuid NOT NULL REFERENCES webhook_endpoints ON DELETE CASCADE,
    event_type text NOT NULL,
    -- Sent as it is, byte by byte.
    payload text NOT NULL,
    state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'failed')),
    attempts integer NOT NULL DEFAULT 0,
    -- Counted up whenever another attempt is planned: a job of an earlier plan does nothing.
    turn integer NOT NULL DEFAULT 0,
    -- How many attempts of the schedule were made since it was last told to be sent.
    tried integer NOT NULL DEFAULT 0,
    last_status integer,
    last_fault text,
    created_at timestamptz NOT NULL,
    next_attempt_at timestamptz,
    delivered_at timestamptz,
    CONSTRAINT webhook_deliveries_next_check CHECK ((state = 'pending') = (next_attempt_at IS NOT NULL))
);
-- Ids are UUIDv7: their order is the order of writing.
CREATE INDEX webhook_deliveries_org_idx ON webhook_deliveries (org_id, id DESC);
CREATE INDEX webhook_deliveries_endpoint_idx ON webhook_deliveries (endpoint_id, id DESC);
CREATE INDEX webhook_deliveries_created_idx ON webhook_deliveries (created_at);

CREATE TABLE webhook_attempts (
    id uuid PRIMARY KEY,
    delivery_id uuid NOT NULL REFERENCES webhook_deliveries ON DELETE CASCADE,
    started_at timestamptz NOT NULL,
    duration_ms integer NOT NULL,
    request_headers jsonb NOT NULL,
    body_sha256 text NOT NULL,
    status integer,
    response_headers jsonb NOT NULL,
    response_body text NOT NULL,
    fault text
);
CREATE INDEX webhook_attempts_delivery_idx ON webhook_attempts (delivery_id, id DESC);
