-- People, their sessions, and the organisations they act in.

CREATE TABLE organisations (
    id uuid PRIMARY KEY,
    name text NOT NULL CHECK (char_length(name) BETWEEN 2 AND 100),
    slug text NOT NULL CONSTRAINT organisations_slug_key UNIQUE,
    kind text NOT NULL CHECK (kind IN ('platform', 'promoter', 'venue_operator', 'client')),
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE people (
    id uuid PRIMARY KEY,
    -- Kept as typed for mails; compared without regard to case.
    email text NOT NULL CHECK (char_length(email) <= 254),
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    locale text NOT NULL DEFAULT 'en',
    -- Argon2id in PHC string form.
    password_hash text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX people_email_key ON people (lower(email));

CREATE TABLE members (
    org_id uuid NOT NULL REFERENCES organisations,
    user_id uuid NOT NULL REFERENCES people,
    role text NOT NULL CHECK (role IN ('owner', 'admin', 'operator', 'box_office', 'scanner', 'viewer', 'client')),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT members_pkey PRIMARY KEY (org_id, user_id)
);
CREATE INDEX members_user_idx ON members (user_id);

-- A session is a family of refresh tokens: each is good for one use, and using a spent one ends
-- the whole family.
CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES people,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    user_agent text NOT NULL DEFAULT '',
    ended_at timestamptz,
    end_reason text CHECK (end_reason IN ('signed_out', 'token_reused'))
);
CREATE INDEX sessions_user_idx ON sessions (user_id) WHERE ended_at IS NULL;

CREATE TABLE refresh_tokens (
    -- SHA-256 of the token; the token itself is never stored.
    token_hash bytea PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES sessions,
    created_at timestamptz NOT NULL DEFAULT now(),
    spent_at timestamptz
);
CREATE INDEX refresh_tokens_session_idx ON refresh_tokens (session_id);
