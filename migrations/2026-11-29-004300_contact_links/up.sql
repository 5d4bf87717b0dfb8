-- How a person proves that a way to reach them is theirs.

-- A code that is sent from a chat to the organisation's account. It works once: then its row goes.
CREATE TABLE contact_links (
    id uuid PRIMARY KEY,
    -- personal: who asked for it.
    user_id uuid NOT NULL REFERENCES people ON DELETE CASCADE,
    org_id uuid NOT NULL REFERENCES organisations,
    channel text NOT NULL CHECK (channel IN ('line', 'whatsapp', 'messenger')),
    -- personal: keyed hash of the code.
    code_hash bytea NOT NULL CONSTRAINT contact_links_code_key UNIQUE,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX contact_links_user_idx ON contact_links (user_id);
CREATE INDEX contact_links_expires_idx ON contact_links (expires_at);

-- Wrong codes by whoever sends them: after a few none of theirs is looked at for a while.
CREATE TABLE contact_guesses (
    -- personal: keyed digest of channel, organisation and address.
    sender bytea PRIMARY KEY,
    wrong smallint NOT NULL,
    since timestamptz NOT NULL
);

-- A code that is sent to a phone and typed in here.
CREATE TABLE contact_codes (
    method_id uuid PRIMARY KEY REFERENCES contact_methods ON DELETE CASCADE,
    -- personal: keyed hash of the code sent last.
    code_hash bytea NOT NULL,
    tries smallint NOT NULL,
    expires_at timestamptz NOT NULL
);

-- When codes were sent to phones, and by whom asked for: nobody's phone is rung without end.
CREATE TABLE contact_codes_sent (
    id uuid PRIMARY KEY,
    -- personal: who asked for it.
    user_id uuid NOT NULL REFERENCES people ON DELETE CASCADE,
    -- personal: keyed digest of the number.
    digest bytea NOT NULL,
    sent_at timestamptz NOT NULL
);
CREATE INDEX contact_codes_sent_user_idx ON contact_codes_sent (user_id, sent_at);
CREATE INDEX contact_codes_sent_digest_idx ON contact_codes_sent (digest, sent_at);

-- The key by which push services know us (RFC 8292). Browsers keep its public half, so it is made once.
CREATE TABLE vapid_keys (
    id uuid PRIMARY KEY,
    one boolean NOT NULL DEFAULT true UNIQUE CHECK (one),
    -- The private half, sealed (`vapid key`).
    sealed bytea NOT NULL,
    created_at timestamptz NOT NULL
);

CREATE INDEX deliveries_contact_method_idx ON deliveries (contact_method_id) WHERE contact_method_id IS NOT NULL;
