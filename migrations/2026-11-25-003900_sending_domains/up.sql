-- From whose address an organisation's mail comes, and the keys that sign it (DKIM, RFC 6376). A new key waits
-- until its record is found in DNS; only then it signs, and the one before it ends.

CREATE TABLE sending_domains (
    org_id uuid PRIMARY KEY REFERENCES organisations,
    -- `tickets@demo.example`: its domain is what is signed for.
    address text NOT NULL CHECK (char_length(address) BETWEEN 3 AND 254),
    sender_name text NOT NULL CHECK (char_length(sender_name) BETWEEN 1 AND 100),
    created_at timestamptz NOT NULL,
    -- When DNS was last asked, and what it said.
    checked_at timestamptz,
    findings jsonb,
    CONSTRAINT sending_domains_checked_check CHECK ((checked_at IS NULL) = (findings IS NULL))
);

CREATE TABLE dkim_keys (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES sending_domains ON DELETE CASCADE,
    -- The record stands at `<selector>._domainkey.<domain>`.
    selector text NOT NULL,
    sealed bytea NOT NULL,
    -- As it stands in the record: base64 of the SubjectPublicKeyInfo.
    public_key text NOT NULL,
    created_at timestamptz NOT NULL,
    -- Whether its record was there when DNS was last asked: it may sign.
    proven boolean NOT NULL DEFAULT false,
    CONSTRAINT dkim_keys_selector_key UNIQUE (org_id, selector)
);
