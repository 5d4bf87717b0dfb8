-- Assertions of SAML providers that were taken: none is taken twice, and no request is answered twice.
CREATE TABLE saml_assertions (
    provider_id uuid NOT NULL REFERENCES identity_providers ON DELETE CASCADE,
    assertion_id text NOT NULL CHECK (char_length(assertion_id) BETWEEN 1 AND 255),
    -- SHA-256 of the state of the attempt it answers.
    state_hash bytea NOT NULL UNIQUE,
    -- Nobody would take it any more then.
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (provider_id, assertion_id)
);
CREATE INDEX saml_assertions_expires_idx ON saml_assertions (expires_at);
