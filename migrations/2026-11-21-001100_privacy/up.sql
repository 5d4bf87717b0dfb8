-- What people may ask of their data, what they agreed to, and how long things are kept.

-- Copies of all a person's data. Files are sealed (AES-256-GCM) and gone after a week.
CREATE TABLE data_exports (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES people,
    requested_at timestamptz NOT NULL,
    ready_at timestamptz,
    expires_at timestamptz,
    -- personal: everything there is of the person, sealed
    json bytea,
    -- personal: the same to read, sealed
    pdf bytea,
    CONSTRAINT data_exports_ready_check CHECK ((ready_at IS NULL) = (expires_at IS NULL))
);
CREATE UNIQUE INDEX data_exports_waiting_key ON data_exports (user_id) WHERE ready_at IS NULL;
CREATE INDEX data_exports_user_idx ON data_exports (user_id, requested_at DESC);
CREATE INDEX data_exports_old_idx ON data_exports (expires_at);

-- Wishes to be forgotten: each waits a week and can be taken back until it is done.
CREATE TABLE erasures (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES people,
    requested_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    cancelled_at timestamptz,
    done_at timestamptz
);
CREATE UNIQUE INDEX erasures_open_key ON erasures (user_id) WHERE cancelled_at IS NULL AND done_at IS NULL;
CREATE INDEX erasures_due_idx ON erasures (due_at) WHERE cancelled_at IS NULL AND done_at IS NULL;

-- What people are told and asked: every version stays.
CREATE TABLE policies (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('privacy', 'terms', 'marketing')),
    version integer NOT NULL CHECK (version > 0),
    -- {"en": "…", "th": "…"}
    texts jsonb NOT NULL,
    published_at timestamptz NOT NULL,
    CONSTRAINT policies_version_key UNIQUE (kind, version)
);

-- What somebody agreed to, and when they took it back: rows are added only.
CREATE TABLE consents (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES people,
    policy_id uuid NOT NULL REFERENCES policies,
    given boolean NOT NULL,
    at timestamptz NOT NULL,
    -- personal: where it was said
    ip text,
    -- Where in the program: `account`, `sign_up`, `checkout`.
    how text NOT NULL CHECK (how IN ('account', 'sign_up', 'checkout'))
);
CREATE INDEX consents_user_idx ON consents (user_id, at);

-- How long things are kept, where somebody chose otherwise than the program does.
CREATE TABLE retention_rules (
    name text PRIMARY KEY,
    days integer NOT NULL CHECK (days BETWEEN 1 AND 3650),
    changed_at timestamptz NOT NULL
);
