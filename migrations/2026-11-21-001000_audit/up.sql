-- The audit log complete: in an order, append-only, and sealed into a chain of hashes.

ALTER TABLE audit_log
    -- The order of writing. A transaction that ends late leaves a gap that is filled when it commits.
    ADD COLUMN position bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT audit_log_position_key UNIQUE,
    -- The session of a person signed in.
    ADD COLUMN session_id uuid;
-- personal: ip (where somebody was; forgotten by its rule), actor_id and subject_id (whose account).
DROP INDEX audit_log_org_idx;
CREATE INDEX audit_log_org_idx ON audit_log (org_id, position DESC);
CREATE INDEX audit_log_actor_idx ON audit_log (actor_id, position DESC) WHERE actor_id IS NOT NULL;
CREATE INDEX audit_log_subject_idx ON audit_log (subject_id, position DESC) WHERE subject_id IS NOT NULL;
CREATE INDEX audit_log_ip_idx ON audit_log (created_at) WHERE ip IS NOT NULL;

-- One seal for each row, in the order of the rows' positions. Altering, losing or slipping in a row
-- breaks the chain from there on.
CREATE TABLE audit_seals (
    -- 1, 2, 3, … without a gap.
    position bigint PRIMARY KEY CHECK (position > 0),
    audit_id uuid NOT NULL CONSTRAINT audit_seals_audit_id_key UNIQUE,
    audit_position bigint NOT NULL CONSTRAINT audit_seals_audit_position_key UNIQUE,
    -- SHA-256 of the row, its address taken out.
    row_hash bytea NOT NULL CHECK (length(row_hash) = 32),
    -- HMAC-SHA256 of the row's address, by a key of ours: the address itself may be forgotten.
    ip_mark bytea CHECK (length(ip_mark) = 32),
    previous bytea NOT NULL CHECK (length(previous) = 32),
    -- SHA-256 of previous, row_hash and ip_mark.
    hash bytea NOT NULL CHECK (length(hash) = 32),
    sealed_at timestamptz NOT NULL
);

-- What the last walk along the whole chain found: one row.
CREATE TABLE audit_checks (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    checked_at timestamptz NOT NULL,
    -- Seals that hold, from the first.
    verified_to bigint NOT NULL,
    fault_kind text CHECK (fault_kind IN ('altered', 'missing', 'inserted', 'broken_seal')),
    fault_position bigint,
    fault_id uuid
);

-- For everybody, the owner of the tables, too: rows are added and never changed. The one exception is
-- the address of an old row, which may be forgotten.
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'audit_log' THEN
        OLD.ip := NULL;
        IF NEW IS NOT DISTINCT FROM OLD THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_log_rows BEFORE UPDATE OR DELETE ON audit_log
    FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_log_whole BEFORE TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_seals_rows BEFORE UPDATE OR DELETE ON audit_seals
    FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_seals_whole BEFORE TRUNCATE ON audit_seals
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();

-- Forgets the addresses of rows written before an instant; how many. The role that serves has no right
-- to change these rows otherwise.
CREATE FUNCTION forget_audit_addresses(before timestamptz) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH forgotten AS (
        UPDATE audit_log SET ip = NULL WHERE ip IS NOT NULL AND created_at < $1 RETURNING 1
    )
    SELECT count(*) FROM forgotten
$$;
