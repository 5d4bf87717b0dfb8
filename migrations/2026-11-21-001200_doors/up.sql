-- What keeps the doors: sealed telephone numbers, and who tried to get in by force.

-- personal: the buyer's telephone number, sealed by the application for the purpose `buyer phone`
-- (AES-256-GCM). `buyer_phone` holds what was written before; a job seals it and empties it.
ALTER TABLE orders ADD COLUMN buyer_phone_sealed bytea;
CREATE INDEX orders_open_phone_idx ON orders (id) WHERE buyer_phone IS NOT NULL;

-- Attempts to get in by force. One row goes on until somebody has looked at it.
CREATE TABLE threats (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('stuffing', 'distributed', 'enumeration', 'scanning', 'token_replay', 'code_guessing')),
    -- personal: an IPv4 address or an IPv6 /64; empty when it comes from many. Forgotten after 90 days.
    network text NOT NULL DEFAULT '',
    -- A digest of the account's address, keyed by the master key; empty when it is about none.
    subject text NOT NULL DEFAULT '',
    count bigint NOT NULL CHECK (count > 0),
    strikes integer NOT NULL DEFAULT 1 CHECK (strikes > 0),
    first_seen timestamptz NOT NULL,
    last_seen timestamptz NOT NULL,
    -- Until when the network has a quarter of its limits.
    tightened_until timestamptz,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'acknowledged'))
);
CREATE UNIQUE INDEX threats_open_key ON threats (kind, network, subject) WHERE state = 'open';
CREATE INDEX threats_tightened_idx ON threats (tightened_until) WHERE tightened_until IS NOT NULL;
