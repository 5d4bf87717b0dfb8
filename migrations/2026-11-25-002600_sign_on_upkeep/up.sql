-- What single sign-on rests on may go: the record of a domain, a provider, the freedom to use a password.

-- Since when the record of a proven domain is looked for in vain; of one proven no longer, since when it was.
ALTER TABLE organisation_domains ADD COLUMN missing_since timestamptz;

-- By which provider the session began: it ends with it.
ALTER TABLE sessions ADD COLUMN provider_id uuid REFERENCES identity_providers ON DELETE SET NULL;
CREATE INDEX sessions_provider_idx ON sessions (provider_id) WHERE provider_id IS NOT NULL;
ALTER TABLE sessions DROP CONSTRAINT sessions_end_reason_check;
ALTER TABLE sessions ADD CONSTRAINT sessions_end_reason_check CHECK (end_reason IN
    ('signed_out', 'token_reused', 'revoked', 'password_changed', 'provider_gone', 'sign_on_required'));

-- By which provider somebody came who is asked for a second factor now.
ALTER TABLE factor_challenges ADD COLUMN provider_id uuid REFERENCES identity_providers ON DELETE CASCADE;
