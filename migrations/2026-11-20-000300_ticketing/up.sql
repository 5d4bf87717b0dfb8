-- Venues, events, and the sale from seat to scan. PostgreSQL decides every race: the rows and
-- constraints here make it impossible to sell a seat twice, whatever the program does.

CREATE TABLE venues (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organisations,
    name text NOT NULL,
    address text NOT NULL,
    time_zone text NOT NULL,
    open_to_promoters boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX venues_org_idx ON venues (org_id);

CREATE TABLE gates (
    id uuid PRIMARY KEY,
    venue_id uuid NOT NULL REFERENCES venues,
    name text NOT NULL,
    zones text[] NOT NULL DEFAULT '{}',
    CONSTRAINT gates_name_key UNIQUE (venue_id, name)
);

-- A map never changes once imported: `map` is the whole of domain's SeatMap, kept to the letter because
-- it is sent as it is; `zones` is the contract's ZoneSummary of each zone, for lists.
CREATE TABLE seat_maps (
    id uuid PRIMARY KEY,
    venue_id uuid NOT NULL REFERENCES venues,
    name text NOT NULL,
    map json NOT NULL,
    zones jsonb NOT NULL DEFAULT '[]',
    seats integer NOT NULL CHECK (seats >= 0),
    standing integer NOT NULL CHECK (standing >= 0),
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX seat_maps_venue_idx ON seat_maps (venue_id, created_at);

CREATE TABLE events (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organisations,
    venue_id uuid NOT NULL REFERENCES venues,
    seat_map_id uuid NOT NULL REFERENCES seat_maps,
    slug text NOT NULL CONSTRAINT events_slug_key UNIQUE,
    state text NOT NULL DEFAULT 'draft'
        CHECK (state IN ('draft', 'published', 'on_sale', 'closed', 'cancelled')),
    -- {"en": {"title": …, "description": …}}
    texts jsonb NOT NULL,
    -- [{"red": …, "blue": …, "class": …, "rounds": …}]
    bouts jsonb NOT NULL DEFAULT '[]',
    doors_at timestamptz NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    capacity integer NOT NULL DEFAULT 0,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT events_times_check CHECK (doors_at <= starts_at AND starts_at < ends_at)
);
CREATE INDEX events_org_idx ON events (org_id, starts_at DESC);
CREATE INDEX events_public_idx ON events (starts_at) WHERE state <> 'draft';

-- One price for each zone of an event.
CREATE TABLE event_zones (
    event_id uuid NOT NULL REFERENCES events ON DELETE CASCADE,
    zone text NOT NULL,
    position integer NOT NULL,
    name text NOT NULL,
    standing boolean NOT NULL,
    places integer NOT NULL CHECK (places > 0),
    tier text,
    tier_position integer NOT NULL DEFAULT 0,
    price bigint CHECK (price >= 0),
    currency text NOT NULL DEFAULT 'THB',
    PRIMARY KEY (event_id, zone)
);

CREATE TABLE holds (
    id uuid PRIMARY KEY,
    event_id uuid NOT NULL REFERENCES events,
    -- SHA-256 of the secret.
    secret_hash bytea NOT NULL,
    -- The seats it claims, in order; kept here so that event_seats needs no index that changes.
    seats text[] NOT NULL,
    -- How many places in all, seated and standing.
    places integer NOT NULL CHECK (places > 0),
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX holds_expiry_idx ON holds (expires_at);

CREATE TABLE orders (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organisations,
    event_id uuid NOT NULL REFERENCES events,
    reference text NOT NULL,
    state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'paid', 'expired', 'cancelled')),
    -- The member who bought; a guest has none.
    user_id uuid REFERENCES people,
    -- SHA-256 of the secret a guest reads the order with.
    access_hash bytea NOT NULL,
    buyer_email text NOT NULL,
    buyer_name text NOT NULL,
    buyer_phone text,
    locale text NOT NULL,
    total bigint NOT NULL CHECK (total >= 0),
    currency text NOT NULL,
    placed_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    paid_at timestamptz,
    CONSTRAINT orders_reference_key UNIQUE (org_id, reference),
    CONSTRAINT orders_paid_check CHECK ((state = 'paid') <= (paid_at IS NOT NULL))
);
CREATE INDEX orders_event_idx ON orders (event_id, placed_at DESC);
CREATE INDEX orders_org_idx ON orders (org_id, placed_at DESC);
CREATE INDEX orders_user_idx ON orders (user_id, placed_at DESC) WHERE user_id IS NOT NULL;
CREATE INDEX orders_pending_idx ON orders (expires_at) WHERE state = 'pending';

-- What an order buys: one row a place, counted from 1. The price is the one that was shown.
CREATE TABLE order_items (
    order_id uuid NOT NULL REFERENCES orders,
    position smallint NOT NULL,
    zone text NOT NULL,
    seat text,
    tier text NOT NULL,
    price bigint NOT NULL CHECK (price >= 0),
    PRIMARY KEY (order_id, position)
);

-- One row for each seat of an event, made when its sale opens. A claim is a conditional UPDATE of
-- this row. `held` belongs to a hold or to an order that waits for payment, and is as good as free
-- once `held_until` has passed. No index but the key: an UPDATE then touches the heap only (HOT).
CREATE TABLE event_seats (
    event_id uuid NOT NULL REFERENCES events ON DELETE CASCADE,
    seat text NOT NULL,
    zone text NOT NULL,
    -- Its place in the order of the seat map: zones, rows, seats.
    position integer NOT NULL,
    state text NOT NULL DEFAULT 'free' CHECK (state IN ('free', 'held', 'sold', 'blocked')),
    hold_id uuid,
    order_id uuid,
    held_until timestamptz,
    CONSTRAINT event_seats_pkey PRIMARY KEY (event_id, seat),
    CONSTRAINT event_seats_owner_check CHECK (
        CASE state
            WHEN 'held' THEN (hold_id IS NOT NULL) <> (order_id IS NOT NULL) AND held_until IS NOT NULL
            WHEN 'sold' THEN order_id IS NOT NULL AND hold_id IS NULL
            ELSE hold_id IS NULL AND order_id IS NULL
        END
    )
) WITH (fillfactor = 70);

-- Free standing places, spread over buckets so that buyers of one hot zone do not wait in line.
CREATE TABLE standing_buckets (
    event_id uuid NOT NULL REFERENCES events ON DELETE CASCADE,
    zone text NOT NULL,
    bucket smallint NOT NULL,
    free integer NOT NULL CONSTRAINT standing_buckets_free_check CHECK (free >= 0),
    PRIMARY KEY (event_id, zone, bucket)
) WITH (fillfactor = 70);

-- Which standing places a hold or an unpaid order claims, so that they can go back to their bucket.
CREATE TABLE standing_claims (
    id uuid PRIMARY KEY,
    event_id uuid NOT NULL REFERENCES events ON DELETE CASCADE,
    zone text NOT NULL,
    bucket smallint NOT NULL,
    quantity integer NOT NULL CHECK (quantity > 0),
    hold_id uuid,
    order_id uuid,
    -- When it lapses: its places are as good as free from then on.
    held_until timestamptz NOT NULL,
    CONSTRAINT standing_claims_owner_check CHECK ((hold_id IS NOT NULL) <> (order_id IS NOT NULL))
);
CREATE INDEX standing_claims_zone_idx ON standing_claims (event_id, zone, held_until);
CREATE INDEX standing_claims_hold_idx ON standing_claims (hold_id) WHERE hold_id IS NOT NULL;
CREATE INDEX standing_claims_order_idx ON standing_claims (order_id) WHERE order_id IS NOT NULL;

CREATE TABLE payments (
    id uuid PRIMARY KEY,
    order_id uuid NOT NULL REFERENCES orders,
    method text NOT NULL CHECK (method IN ('promptpay')),
    state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'succeeded', 'failed', 'to_refund')),
    amount bigint NOT NULL CHECK (amount >= 0),
    currency text NOT NULL,
    promptpay text,
    reference text,
    -- The staff member who confirmed it; none when the provider told us.
    confirmed_by uuid REFERENCES people,
    created_at timestamptz NOT NULL DEFAULT now(),
    paid_at timestamptz
);
CREATE INDEX payments_order_idx ON payments (order_id, created_at DESC);
-- An order is paid once.
CREATE UNIQUE INDEX payments_succeeded_key ON payments (order_id) WHERE state = 'succeeded';

-- Every callback is accepted once.
CREATE TABLE payment_callbacks (
    provider text NOT NULL,
    callback_id text NOT NULL,
    payment_id uuid NOT NULL REFERENCES payments,
    received_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT payment_callbacks_pkey PRIMARY KEY (provider, callback_id)
);

CREATE TABLE tickets (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organisations,
    event_id uuid NOT NULL REFERENCES events,
    order_id uuid NOT NULL REFERENCES orders,
    zone text NOT NULL,
    seat text,
    tier text NOT NULL,
    price bigint NOT NULL,
    currency text NOT NULL,
    state text NOT NULL DEFAULT 'valid' CHECK (state IN ('valid', 'admitted', 'revoked')),
    generation integer NOT NULL DEFAULT 1,
    admitted_at timestamptz,
    admitted_gate_id uuid REFERENCES gates,
    revoked_at timestamptz,
    revoke_reason text,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX tickets_order_idx ON tickets (order_id);
CREATE INDEX tickets_event_idx ON tickets (event_id);
-- A seat has at most one live ticket, whatever the program does.
CREATE UNIQUE INDEX tickets_live_seat_key ON tickets (event_id, seat)
    WHERE seat IS NOT NULL AND state <> 'revoked';

-- Every reading at a gate, also those that were refused.
CREATE TABLE scans (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organisations,
    event_id uuid NOT NULL REFERENCES events,
    gate_id uuid NOT NULL REFERENCES gates,
    ticket_id uuid REFERENCES tickets,
    outcome text NOT NULL CHECK (outcome IN
        ('admitted', 'already_admitted', 'revoked', 'other_event', 'altered', 'outside_hours')),
    scanned_by uuid NOT NULL REFERENCES people,
    scanned_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX scans_event_idx ON scans (event_id, scanned_at DESC);
-- A ticket admits once.
CREATE UNIQUE INDEX scans_admitted_key ON scans (ticket_id) WHERE outcome = 'admitted';

-- Guests inside, counted in slots so that busy gates do not wait for each other.
CREATE TABLE admission_counts (
    event_id uuid NOT NULL REFERENCES events ON DELETE CASCADE,
    slot smallint NOT NULL,
    admitted integer NOT NULL,
    PRIMARY KEY (event_id, slot)
) WITH (fillfactor = 70);

-- An event's title in a language, else in English, else in any.
CREATE FUNCTION event_title(texts jsonb, locale text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN COALESCE(
        texts -> locale ->> 'title',
        texts -> 'en' ->> 'title',
        (SELECT text ->> 'title' FROM jsonb_each(texts) AS each (language, text) ORDER BY language LIMIT 1),
        '');
