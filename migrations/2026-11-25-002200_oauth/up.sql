-- Ringside as authorisation server: applications of integrators, what people let them do, and their tokens.

CREATE TABLE oauth_clients (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organisations,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 60),
    -- Whether it can keep a secret.
    confidential boolean NOT NULL,
    redirect_uris text[] NOT NULL,
    grants text[] NOT NULL,
    scopes text[] NOT NULL,
    -- personal: who registered it.
    created_by uuid REFERENCES people,
    created_at timestamptz NOT NULL
);
CREATE INDEX oauth_clients_org_idx ON oauth_clients (org_id, id);

-- The secrets of an application: after a rotation two for a while.
CREATE TABLE oauth_client_secrets (
    -- SHA-256 of the secret; it is random, so no slow hash is needed.
    hash bytea PRIMARY KEY,
    client_id uuid NOT NULL REFERENCES oauth_clients ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    -- Set by a rotation.
    ends_at timestamptz
);
CREATE UNIQUE INDEX oauth_client_secrets_present_key ON oauth_client_secrets (client_id) WHERE ends_at IS NULL;

-- What a person lets an application do, until they take it back.
CREATE TABLE oauth_consents (
    id uuid PRIMARY KEY,
    -- personal: who let it.
    user_id uuid NOT NULL REFERENCES people,
    client_id uuid NOT NULL REFERENCES oauth_clients ON DELETE CASCADE,
    -- In which organisation; none when the application only learns who they are.
    org_id uuid REFERENCES organisations,
    scopes text[] NOT NULL,
    given_at timestamptz NOT NULL,
    CONSTRAINT oauth_consents_same_key UNIQUE (user_id, client_id)
);
CREATE INDEX oauth_consents_client_idx ON oauth_consents (client_id);

-- One time an application was let in: the code it was given, and the family of tokens that came of it.
CREATE TABLE oauth_authorisations (
    id uuid PRIMARY KEY,
    client_id uuid NOT NULL REFERENCES oauth_clients ON DELETE CASCADE,
    -- personal: for whom it acts; none for an application that acts for itself.
    user_id uuid REFERENCES people,
    org_id uuid REFERENCES organisations,
    scopes text[] NOT NULL,
    -- personal: the session it was given from. Without `offline_access` it ends with that.
    session_id uuid,
    -- personal: when they had last proved who they are.
    auth_time timestamptz,
    nonce text,
    redirect_uri text,
    challenge text,
    -- SHA-256 of the code.
    code_hash bytea CONSTRAINT oauth_authorisations_code_key UNIQUE,
    code_expires_at timestamptz,
    code_used_at timestamptz,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz
);
CREATE INDEX oauth_authorisations_client_idx ON oauth_authorisations (client_id);
CREATE INDEX oauth_authorisations_user_idx ON oauth_authorisations (user_id) WHERE user_id IS NOT NULL;

CREATE TABLE oauth_tokens (
    -- SHA-256 of the token; it is random, so no slow hash is needed.
    hash bytea PRIMARY KEY,
    authorisation_id uuid NOT NULL REFERENCES oauth_authorisations ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('access', 'refresh')),
    scopes text[] NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    -- A refresh token is exchanged once; a token given up is over.
    spent_at timestamptz
);
CREATE INDEX oauth_tokens_authorisation_idx ON oauth_tokens (authorisation_id);
CREATE INDEX oauth_tokens_expires_idx ON oauth_tokens (expires_at);

-- The key that signs ID tokens: there is one, made when it is first needed.
CREATE TABLE oauth_signing_keys (
    id uuid PRIMARY KEY,
    one boolean NOT NULL DEFAULT true CONSTRAINT oauth_signing_keys_one_key UNIQUE CHECK (one),
    -- RSA, PKCS #8, sealed by the application for the purpose `signing key of id tokens`.
    sealed bytea NOT NULL,
    created_at timestamptz NOT NULL
);
