-- Second factors, the questions that ask for them, and what is known of the devices people sign in from.

-- A secret shared with an authenticator app (RFC 6238), one a person.
CREATE TABLE totp_secrets (
    user_id uuid PRIMARY KEY REFERENCES people ON DELETE CASCADE,
    -- Sealed with AES-256-GCM for this person.
    sealed bytea NOT NULL,
    created_at timestamptz NOT NULL,
    -- None until a first code proved that the app holds it; only then it counts.
    confirmed_at timestamptz,
    -- The step of the last code that was accepted: each is good once.
    last_step bigint NOT NULL DEFAULT 0
);

-- Codes for the day the phone is lost. Keyed hashes: the table alone tells nothing.
CREATE TABLE recovery_codes (
    user_id uuid NOT NULL REFERENCES people ON DELETE CASCADE,
    code_hash bytea NOT NULL,
    created_at timestamptz NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (user_id, code_hash)
);

-- Passkeys and security keys (WebAuthn).
CREATE TABLE passkeys (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES people ON DELETE CASCADE,
    -- personal: what the person calls it
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 60),
    credential_id bytea NOT NULL CONSTRAINT passkeys_credential_key UNIQUE,
    -- The public key and what else the library keeps of it.
    credential jsonb NOT NULL,
    -- How often the authenticator says it has signed; a copy of it falls behind.
    sign_count bigint NOT NULL CHECK (sign_count >= 0),
    created_at timestamptz NOT NULL,
    last_used_at timestamptz
);
CREATE INDEX passkeys_user_idx ON passkeys (user_id);

-- A question put to somebody: prove who you are. Short-lived, good for one right answer and few wrong ones.
CREATE TABLE factor_challenges (
    id uuid PRIMARY KEY,
    purpose text NOT NULL CHECK (purpose IN ('sign_in', 'passkey_sign_in', 'confirm', 'add_passkey')),
    -- Nobody yet, where a passkey will say who it is.
    user_id uuid REFERENCES people ON DELETE CASCADE,
    -- Whoever may answer: the holder of a secret (its SHA-256) or of a session. Questions are forgotten
    -- sooner than sessions, so there is nothing to cascade.
    secret_hash bytea,
    session_id uuid,
    -- personal: where it was asked from, as `chrome/windows` and `203.0.113.0/24`
    agent text NOT NULL,
    network text,
    -- What WebAuthn has to remember between question and answer.
    passkey jsonb,
    -- A keyed hash of the code that was mailed last.
    code_hash bytea,
    codes_sent smallint NOT NULL DEFAULT 0,
    tries smallint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    passed_at timestamptz,
    CONSTRAINT factor_challenges_holder_check CHECK ((secret_hash IS NULL) <> (session_id IS NULL)),
    CONSTRAINT factor_challenges_whose_check CHECK ((user_id IS NULL) = (purpose = 'passkey_sign_in'))
);
CREATE INDEX factor_challenges_user_idx ON factor_challenges (user_id, created_at);

-- Where a person has signed in from: a sign-in from elsewhere is looked at more closely.
CREATE TABLE known_devices (
    user_id uuid NOT NULL REFERENCES people ON DELETE CASCADE,
    -- personal: `chrome/windows`
    agent text NOT NULL,
    -- personal: `203.0.113.0/24`
    network text NOT NULL,
    last_seen_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, agent, network)
);

-- Wrong passwords of the last hour, by a keyed hash of the address that was typed, whether or not
-- somebody has it.
CREATE TABLE wrong_passwords (
    id uuid PRIMARY KEY,
    address_hash bytea NOT NULL,
    tried_at timestamptz NOT NULL
);
CREATE INDEX wrong_passwords_address_idx ON wrong_passwords (address_hash, tried_at);

-- Whether its members need a second factor.
ALTER TABLE organisations ADD COLUMN requires_second_factor boolean NOT NULL DEFAULT false;
