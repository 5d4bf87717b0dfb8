-- What the rest of accounts stands on: who did what, when somebody last proved who they are, and
-- messages in nobody's name but Ringside's own.

-- When the person last proved who they are: sensitive acts ask for a recent proof.
ALTER TABLE sessions ADD COLUMN confirmed_at timestamptz NOT NULL DEFAULT now();

-- Every write, by whom and from where. Personal values are not among what changed: they are masked.
CREATE TABLE audit_log (
    -- UUIDv7: the order of writing, nearly.
    id uuid PRIMARY KEY,
    -- No references: what was done outlives what it was done to.
    org_id uuid,
    actor_kind text NOT NULL CHECK (actor_kind IN ('anonymous', 'person', 'key', 'client', 'system')),
    actor_id uuid,
    ip text,
    request_id text NOT NULL,
    -- `member.role_changed`
    action text NOT NULL,
    subject_id uuid,
    before jsonb,
    after jsonb,
    created_at timestamptz NOT NULL
);
CREATE INDEX audit_log_org_idx ON audit_log (org_id, id DESC);

-- Letters about an account belong to no organisation, so no staff reads them.
ALTER TABLE deliveries ALTER COLUMN org_id DROP NOT NULL;
CREATE UNIQUE INDEX deliveries_own_cause_key ON deliveries (cause) WHERE org_id IS NULL;
