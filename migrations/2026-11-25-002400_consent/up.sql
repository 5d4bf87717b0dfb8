-- What a repeated request is answered repeats what the buyer sent, and secrets: it is sealed from now on.
-- Answers live for days only; those there are would stay in clear, so they go.
DELETE FROM idempotency_keys;
ALTER TABLE idempotency_keys
    DROP COLUMN answer,
    -- personal: sealed (`idempotent answer`)
    ADD COLUMN answer bytea NOT NULL,
    -- What the answer is about, where it has an id: by it the answer of somebody forgotten is found.
    ADD COLUMN about uuid;

-- A version that people must agree to before they go on; otherwise they are asked and may go on.
ALTER TABLE policies ADD COLUMN required boolean NOT NULL DEFAULT false;

-- A guest has no account: what they agreed to hangs on their order.
ALTER TABLE consents
    ALTER COLUMN user_id DROP NOT NULL,
    -- personal: the order a guest said it with
    ADD COLUMN order_id uuid,
    ADD CONSTRAINT consents_whose CHECK (user_id IS NOT NULL OR order_id IS NOT NULL);
CREATE INDEX consents_order_idx ON consents (order_id) WHERE order_id IS NOT NULL;
