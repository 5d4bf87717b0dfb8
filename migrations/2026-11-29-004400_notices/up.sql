-- What a person is told in the web app, whatever else reaches them.

CREATE TABLE notices (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organisations,
    user_id uuid NOT NULL REFERENCES people ON DELETE CASCADE,
    topic text NOT NULL,
    -- personal: what happened, as JSON; its words are made where it is read.
    content jsonb NOT NULL,
    -- Where it leads to, below the web app's own address.
    link text,
    -- `order_paid:<order>`: the same cause tells nobody twice.
    cause text NOT NULL,
    created_at timestamptz NOT NULL,
    read_at timestamptz,
    CONSTRAINT notices_cause_key UNIQUE (user_id, cause)
);
CREATE INDEX notices_user_idx ON notices (user_id, id DESC);
CREATE INDEX notices_unread_idx ON notices (user_id, id) WHERE read_at IS NULL;
-- How many have read an announcement, and what it told.
CREATE INDEX notices_cause_idx ON notices (cause);
CREATE INDEX notices_created_idx ON notices (created_at);

-- What an organisation tells those who work for it.
CREATE TABLE announcements (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organisations,
    -- personal: who wrote it.
    author_id uuid REFERENCES people ON DELETE SET NULL,
    title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 120),
    body text NOT NULL CHECK (char_length(body) BETWEEN 1 AND 2000),
    -- Who hears it, by role; empty: everybody.
    roles text[] NOT NULL,
    -- How many are to be told, once that is counted, and how many have been.
    total integer,
    told integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    done_at timestamptz
);
CREATE INDEX announcements_org_idx ON announcements (org_id, id DESC);
