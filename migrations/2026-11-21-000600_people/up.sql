-- Addresses that are proven, links that open something once, sessions as devices, tokens that are denied,
-- and guesses at passwords.

-- When the person proved that the address is theirs; until then nobody signs in. Who is here already
-- was let in by the old rule.
ALTER TABLE people ADD COLUMN verified_at timestamptz;
UPDATE people SET verified_at = created_at;

-- Letters about an account that were asked for by whoever typed its address: each carries a link that is
-- good once, and how many there were lately tells how long the next one waits.
CREATE TABLE account_links (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES people ON DELETE CASCADE,
    purpose text NOT NULL CHECK (purpose IN ('verify', 'reset', 'in_use')),
    -- SHA-256 of what the link carries; none once it was used or is good no more.
    token_hash bytea CONSTRAINT account_links_token_key UNIQUE,
    -- The password chosen by whoever asked for this link: it becomes the account's with the proof.
    password_hash text,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX account_links_user_idx ON account_links (user_id, purpose, created_at);

-- personal: where a session was last used from
ALTER TABLE sessions ADD COLUMN ip text;
-- personal: the network it began in (/24 or /48), and the kind of device, `Chrome on Windows`
ALTER TABLE sessions ADD COLUMN network text;
ALTER TABLE sessions ADD COLUMN device text NOT NULL DEFAULT '';
ALTER TABLE sessions DROP CONSTRAINT sessions_end_reason_check;
ALTER TABLE sessions ADD CONSTRAINT sessions_end_reason_check
    CHECK (end_reason IN ('signed_out', 'token_reused', 'revoked', 'password_changed'));

-- Access tokens that are good no more before their time, until that time.
CREATE TABLE denied_tokens (
    jti uuid PRIMARY KEY,
    expires_at timestamptz NOT NULL
);
CREATE INDEX denied_tokens_old ON denied_tokens (expires_at);

-- How often somebody failed to sign in, by a keyed hash of address and place, known address or not.
CREATE TABLE sign_in_attempts (
    key bytea PRIMARY KEY,
    failures integer NOT NULL,
    next_try_at timestamptz NOT NULL,
    last_tried_at timestamptz NOT NULL
);
CREATE INDEX sign_in_attempts_old ON sign_in_attempts (last_tried_at);
