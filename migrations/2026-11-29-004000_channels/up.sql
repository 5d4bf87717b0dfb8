-- Messages go more ways than by mail: to people (SMS, LINE, WhatsApp, Messenger, web push) and to rooms of teams
-- (Slack, Discord, Teams, PagerDuty). All of them are deliveries, in one table and with one life.

-- With what an organisation sends: its account at a provider.
CREATE TABLE channel_accounts (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organisations,
    channel text NOT NULL CHECK (channel IN ('sms', 'line', 'whatsapp', 'messenger')),
    -- Settings with their keys, as JSON, sealed (`channel account <id>`).
    sealed bytea NOT NULL,
    -- What is shown of them: no secret.
    shown jsonb NOT NULL,
    -- How many messages a minute the provider takes.
    per_minute integer NOT NULL CHECK (per_minute BETWEEN 1 AND 100000),
    enabled boolean NOT NULL DEFAULT true,
    -- What the provider said when it last refused the account itself.
    fault text,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    CONSTRAINT channel_accounts_channel_key UNIQUE (org_id, channel)
);

-- Rooms of a team, and what is told there.
CREATE TABLE destinations (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organisations,
    channel text NOT NULL CHECK (channel IN ('slack', 'discord', 'teams', 'pagerduty')),
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    topics text[] NOT NULL,
    -- Address or routing key, sealed (`destination <id>`): whoever knows it may write there.
    sealed bytea NOT NULL,
    -- What is shown of it: the host.
    shown text NOT NULL,
    enabled boolean NOT NULL DEFAULT true,
    -- What the other side said when it last refused the address itself.
    fault text,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL
);
CREATE INDEX destinations_org_idx ON destinations (org_id, id DESC);

-- How a person is reached besides their mail address.
CREATE TABLE contact_methods (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES people ON DELETE CASCADE,
    -- Through whose account; none: Ringside's own (web push).
    org_id uuid REFERENCES organisations,
    channel text NOT NULL CHECK (channel IN ('sms', 'line', 'whatsapp', 'messenger', 'web_push')),
    -- personal: a number, an id at the provider, or a browser's subscription; sealed (`contact method <id>`).
    sealed bytea NOT NULL,
    -- Keyed digest of the same: the same address is not taken in twice.
    digest bytea NOT NULL,
    -- personal: what is shown of it, `+66 … 89` or `Chrome on Windows`.
    shown text NOT NULL CHECK (char_length(shown) BETWEEN 1 AND 254),
    -- When the person proved that it is theirs; before that nothing but the proof is sent there.
    verified_at timestamptz,
    -- When the provider said that it leads nowhere any more.
    gone_at timestamptz,
    created_at timestamptz NOT NULL,
    CONSTRAINT contact_methods_digest_key UNIQUE (user_id, channel, digest)
);
CREATE INDEX contact_methods_digest_idx ON contact_methods (channel, digest);

-- Which ways a person wants which topic. Where nothing stands, the topic's own rule holds.
CREATE TABLE notification_preferences (
    user_id uuid NOT NULL REFERENCES people ON DELETE CASCADE,
    topic text NOT NULL,
    channel text NOT NULL,
    wanted boolean NOT NULL,
    PRIMARY KEY (user_id, topic, channel)
);

-- When a person wants no noise: minutes of the day in their own time zone; the end may lie on the next day.
CREATE TABLE quiet_hours (
    user_id uuid PRIMARY KEY REFERENCES people ON DELETE CASCADE,
    time_zone text NOT NULL,
    begins smallint NOT NULL CHECK (begins BETWEEN 0 AND 1439),
    ends smallint NOT NULL CHECK (ends BETWEEN 0 AND 1439 AND ends <> begins)
);

-- When the next message may leave by an account, a room or the mail server: one row each.
CREATE TABLE sending_paces (
    name text PRIMARY KEY,
    next_at timestamptz NOT NULL,
    -- Until when the provider asked to be left alone.
    paused_until timestamptz
);

-- Who is written to no more by mail.
CREATE TABLE suppressions (
    -- personal: the address, in lower case.
    address text PRIMARY KEY,
    reason text NOT NULL CHECK (reason IN ('bounced', 'complained')),
    -- What the other side said.
    detail text NOT NULL,
    delivery_id uuid,
    created_at timestamptz NOT NULL
);

ALTER TABLE deliveries
    DROP CONSTRAINT deliveries_sent_check,
    DROP CONSTRAINT deliveries_state_check,
    DROP CONSTRAINT deliveries_recipient_check,
    ADD CONSTRAINT deliveries_recipient_check CHECK (char_length(recipient) BETWEEN 1 AND 254),
    ADD CONSTRAINT deliveries_state_check CHECK (state IN
        ('queued', 'sent', 'delivered', 'kept', 'failed', 'returned', 'complained', 'suppressed')),
    ADD CONSTRAINT deliveries_sent_check CHECK
        ((state IN ('sent', 'delivered', 'returned', 'complained')) = (sent_at IS NOT NULL)),
    ADD COLUMN channel text NOT NULL DEFAULT 'email' CHECK (channel IN
        ('email', 'sms', 'line', 'whatsapp', 'messenger', 'web_push', 'slack', 'discord', 'teams', 'pagerduty')),
    ADD COLUMN topic text NOT NULL DEFAULT 'orders',
    -- personal: whose account it is about; none: somebody without one, or a room.
    ADD COLUMN user_id uuid REFERENCES people ON DELETE SET NULL,
    ADD COLUMN contact_method_id uuid REFERENCES contact_methods ON DELETE SET NULL,
    ADD COLUMN destination_id uuid REFERENCES destinations ON DELETE SET NULL,
    -- What it leads to, where a channel shows that apart from the text.
    ADD COLUMN link text,
    -- What the provider calls it: its reports name it so.
    ADD COLUMN provider_id text,
    -- Not before then: quiet hours, or a provider's limit.
    ADD COLUMN due_at timestamptz;
CREATE INDEX deliveries_queued_idx ON deliveries (id) WHERE state = 'queued';
CREATE INDEX deliveries_user_idx ON deliveries (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX deliveries_method_idx ON deliveries (contact_method_id) WHERE contact_method_id IS NOT NULL;
CREATE INDEX deliveries_room_idx ON deliveries (destination_id) WHERE destination_id IS NOT NULL;
CREATE INDEX deliveries_provider_idx ON deliveries (channel, provider_id) WHERE provider_id IS NOT NULL;
ALTER TABLE deliveries ALTER COLUMN channel DROP DEFAULT, ALTER COLUMN topic DROP DEFAULT;
UPDATE deliveries SET topic = 'account' WHERE org_id IS NULL;
