-- Signing in by the provider of an organisation: the mail domains it owns, its providers, and who came
-- by them.

CREATE TABLE organisation_domains (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organisations,
    -- In lower case, as in DNS.
    domain text NOT NULL CHECK (domain = lower(domain) AND char_length(domain) BETWEEN 3 AND 253),
    -- What the TXT record at `_ringside.<domain>` has to say; no secret, it is published.
    token text NOT NULL,
    created_at timestamptz NOT NULL,
    checked_at timestamptz,
    verified_at timestamptz,
    CONSTRAINT organisation_domains_key UNIQUE (org_id, domain)
);
-- Many may claim a domain; one has it.
CREATE UNIQUE INDEX organisation_domains_verified_key ON organisation_domains (domain) WHERE verified_at IS NOT NULL;

CREATE TABLE identity_providers (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organisations,
    kind text NOT NULL CHECK (kind IN ('oidc', 'saml')),
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 60),
    enabled boolean NOT NULL DEFAULT false,
    -- Whoever comes for the first time becomes a member.
    jit boolean NOT NULL DEFAULT false,
    -- Members with an address of the organisation's domains sign in by it and not by a password.
    required boolean NOT NULL DEFAULT false,
    trusts_second_factor boolean NOT NULL DEFAULT false,
    -- Which role its people have: `{default, claim, rules}`.
    roles jsonb NOT NULL,
    -- What its kind needs to know; of `oidc` the issuer, the client's id and the scopes.
    settings jsonb NOT NULL,
    -- The client's secret, sealed by the application for the purpose `identity provider {id}`.
    secret_sealed bytea,
    created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX identity_providers_name_key ON identity_providers (org_id, lower(name));

-- Who somebody is to a provider.
CREATE TABLE identities (
    id uuid PRIMARY KEY,
    provider_id uuid NOT NULL REFERENCES identity_providers ON DELETE CASCADE,
    -- personal: the provider's name for the person.
    subject text NOT NULL CHECK (char_length(subject) BETWEEN 1 AND 255),
    -- personal: whose it is.
    user_id uuid NOT NULL REFERENCES people,
    -- personal: the address the provider told last; nothing is decided by it.
    email text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    CONSTRAINT identities_subject_key UNIQUE (provider_id, subject)
);
CREATE INDEX identities_user_idx ON identities (user_id);

-- One way to a provider and back. Kept for minutes.
CREATE TABLE sign_on_attempts (
    -- SHA-256 of what travels as `state`, and of what the browser keeps in a cookie.
    state_hash bytea PRIMARY KEY,
    browser_hash bytea NOT NULL,
    provider_id uuid NOT NULL REFERENCES identity_providers ON DELETE CASCADE,
    -- personal: who wants the identity added to their account; none: somebody signs in.
    linking uuid REFERENCES people,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    -- Set once: it cannot come back twice.
    returned_at timestamptz,
    -- personal: who came; the browser's cookie then begins their session.
    arrived uuid REFERENCES people,
    arrived_at timestamptz
);
CREATE INDEX sign_on_attempts_browser_idx ON sign_on_attempts (browser_hash);
CREATE INDEX sign_on_attempts_expires_idx ON sign_on_attempts (expires_at);

-- The organisation whose provider asked this session for a second factor already.
ALTER TABLE sessions ADD COLUMN second_factor_org uuid REFERENCES organisations;
