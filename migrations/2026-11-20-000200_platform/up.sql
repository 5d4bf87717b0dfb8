-- What every area stands on: facts, jobs, timers and answers already given.

-- Facts, written in the transaction that made them true; handed on once, kept a while for reading.
CREATE TABLE outbox (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    org_id        uuid NOT NULL,
    fact          jsonb NOT NULL,
    created_at    timestamptz NOT NULL,
    dispatched_at timestamptz
);
CREATE INDEX outbox_waiting ON outbox (id) WHERE dispatched_at IS NULL;

-- Work to be done. A finished job is deleted; one that keeps failing is dead and waits for a person.
CREATE TABLE jobs (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind         text NOT NULL,
    payload      jsonb NOT NULL,
    state        text NOT NULL DEFAULT 'ready' CONSTRAINT jobs_state_known CHECK (state IN ('ready', 'running', 'dead')),
    run_at       timestamptz NOT NULL,
    attempts     smallint NOT NULL DEFAULT 0,
    max_attempts smallint NOT NULL,
    last_error   text,
    locked_until timestamptz,
    created_at   timestamptz NOT NULL,
    CONSTRAINT jobs_running_is_locked CHECK ((state = 'running') = (locked_until IS NOT NULL))
);
CREATE INDEX jobs_due ON jobs (run_at, id) WHERE state = 'ready';
CREATE INDEX jobs_taken ON jobs (locked_until) WHERE state = 'running';
CREATE INDEX jobs_dead ON jobs (kind, id) WHERE state = 'dead';

-- When each reconciler runs next: whoever moves the time on runs it, so one of many instances does.
CREATE TABLE timers (
    name        text PRIMARY KEY,
    next_run_at timestamptz NOT NULL
);

-- The answer once given to a request that carried an Idempotency-Key; stored with what it did.
CREATE TABLE idempotency_keys (
    actor_key   text NOT NULL,
    key         text NOT NULL,
    fingerprint bytea NOT NULL,
    status      smallint NOT NULL,
    answer      json NOT NULL,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (actor_key, key)
);
CREATE INDEX idempotency_keys_old ON idempotency_keys (created_at);
