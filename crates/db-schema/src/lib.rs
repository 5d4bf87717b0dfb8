//! Diesel's picture of the tables, generated from the migrations. Nothing else lives here, and nothing is
//! edited by hand: a test compares it with the migrated database.

diesel::table! {
    account_links (id) {
        id -> Uuid,
        user_id -> Uuid,
        purpose -> Text,
        token_hash -> Nullable<Bytea>,
        password_hash -> Nullable<Text>,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    admission_counts (event_id, slot) {
        event_id -> Uuid,
        slot -> Int2,
        admitted -> Int4,
    }
}

diesel::table! {
    api_key_secrets (hash) {
        hash -> Bytea,
        key_id -> Uuid,
        created_at -> Timestamptz,
        ends_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    api_key_uses (key_id, day) {
        key_id -> Uuid,
        day -> Date,
        requests -> Int8,
    }
}

diesel::table! {
    api_keys (id) {
        id -> Uuid,
        org_id -> Uuid,
        name -> Text,
        permissions -> Array<Text>,
        networks -> Array<Text>,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        expires_at -> Nullable<Timestamptz>,
        revoked_at -> Nullable<Timestamptz>,
        last_used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    audit_log (id) {
        id -> Uuid,
        org_id -> Nullable<Uuid>,
        actor_kind -> Text,
        actor_id -> Nullable<Uuid>,
        ip -> Nullable<Text>,
        request_id -> Text,
        action -> Text,
        subject_id -> Nullable<Uuid>,
        before -> Nullable<Jsonb>,
        after -> Nullable<Jsonb>,
        created_at -> Timestamptz,
        position -> Int8,
        session_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    audit_seals (position) {
        position -> Int8,
        audit_id -> Uuid,
        audit_position -> Int8,
        row_hash -> Bytea,
        ip_mark -> Nullable<Bytea>,
        previous -> Bytea,
        hash -> Bytea,
        sealed_at -> Timestamptz,
    }
}

diesel::table! {
    audit_checks (one) {
        one -> Bool,
        checked_at -> Timestamptz,
        verified_to -> Int8,
        fault_kind -> Nullable<Text>,
        fault_position -> Nullable<Int8>,
        fault_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    data_exports (id) {
        id -> Uuid,
        user_id -> Uuid,
        requested_at -> Timestamptz,
        ready_at -> Nullable<Timestamptz>,
        expires_at -> Nullable<Timestamptz>,
        json -> Nullable<Bytea>,
        pdf -> Nullable<Bytea>,
    }
}

diesel::table! {
    erasures (id) {
        id -> Uuid,
        user_id -> Uuid,
        requested_at -> Timestamptz,
        due_at -> Timestamptz,
        cancelled_at -> Nullable<Timestamptz>,
        done_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    policies (id) {
        id -> Uuid,
        kind -> Text,
        version -> Int4,
        texts -> Jsonb,
        published_at -> Timestamptz,
        required -> Bool,
    }
}

diesel::table! {
    consents (id) {
        id -> Uuid,
        user_id -> Nullable<Uuid>,
        policy_id -> Uuid,
        given -> Bool,
        at -> Timestamptz,
        ip -> Nullable<Text>,
        how -> Text,
        order_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    retention_rules (name) {
        name -> Text,
        days -> Int4,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    deliveries (id) {
        id -> Uuid,
        org_id -> Nullable<Uuid>,
        recipient -> Text,
        recipient_name -> Text,
        template -> Text,
        locale -> Text,
        subject -> Text,
        html -> Text,
        plain -> Text,
        state -> Text,
        attempts -> Int4,
        last_error -> Nullable<Text>,
        cause -> Text,
        created_at -> Timestamptz,
        sent_at -> Nullable<Timestamptz>,
        template_version_id -> Nullable<Uuid>,
        channel -> Text,
        topic -> Text,
        user_id -> Nullable<Uuid>,
        contact_method_id -> Nullable<Uuid>,
        destination_id -> Nullable<Uuid>,
        link -> Nullable<Text>,
        provider_id -> Nullable<Text>,
        due_at -> Nullable<Timestamptz>,
        typed_address -> Nullable<Bytea>,
        tracked -> Bool,
    }
}

diesel::table! {
    delivery_attachments (id) {
        id -> Uuid,
        delivery_id -> Uuid,
        position -> Int4,
        name -> Text,
        media_type -> Text,
        content_id -> Nullable<Text>,
        bytes -> Bytea,
    }
}

diesel::table! {
    delivery_events (delivery_id, kind) {
        delivery_id -> Uuid,
        kind -> Text,
        happened_at -> Timestamptz,
    }
}

diesel::table! {
    denied_tokens (jti) {
        jti -> Uuid,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    event_seats (event_id, seat) {
        event_id -> Uuid,
        seat -> Text,
        zone -> Text,
        position -> Int4,
        state -> Text,
        hold_id -> Nullable<Uuid>,
        order_id -> Nullable<Uuid>,
        held_until -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    event_zones (event_id, zone) {
        event_id -> Uuid,
        zone -> Text,
        position -> Int4,
        name -> Text,
        standing -> Bool,
        places -> Int4,
        tier -> Nullable<Text>,
        tier_position -> Int4,
        price -> Nullable<Int8>,
        currency -> Text,
        name_th -> Nullable<Text>,
    }
}

diesel::table! {
    events (id) {
        id -> Uuid,
        org_id -> Uuid,
        venue_id -> Uuid,
        seat_map_id -> Uuid,
        slug -> Text,
        state -> Text,
        texts -> Jsonb,
        bouts -> Jsonb,
        doors_at -> Timestamptz,
        starts_at -> Timestamptz,
        ends_at -> Timestamptz,
        capacity -> Int4,
        version -> Int4,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    factor_challenges (id) {
        id -> Uuid,
        purpose -> Text,
        user_id -> Nullable<Uuid>,
        secret_hash -> Nullable<Bytea>,
        session_id -> Nullable<Uuid>,
        agent -> Text,
        network -> Nullable<Text>,
        passkey -> Nullable<Jsonb>,
        code_hash -> Nullable<Bytea>,
        codes_sent -> Int2,
        tries -> Int2,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        passed_at -> Nullable<Timestamptz>,
        provider_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    gates (id) {
        id -> Uuid,
        venue_id -> Uuid,
        name -> Text,
        zones -> Array<Text>,
    }
}

diesel::table! {
    grants (id) {
        id -> Uuid,
        org_id -> Uuid,
        user_id -> Nullable<Uuid>,
        team_id -> Nullable<Uuid>,
        role -> Text,
        custom_role_id -> Nullable<Uuid>,
        scope_kind -> Text,
        scope_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    holds (id) {
        id -> Uuid,
        event_id -> Uuid,
        secret_hash -> Bytea,
        seats -> Array<Text>,
        places -> Int4,
        expires_at -> Timestamptz,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    idempotency_keys (actor_key, key) {
        actor_key -> Text,
        key -> Text,
        fingerprint -> Bytea,
        status -> Int2,
        created_at -> Timestamptz,
        answer -> Bytea,
        about -> Nullable<Uuid>,
    }
}

diesel::table! {
    identities (id) {
        id -> Uuid,
        provider_id -> Uuid,
        subject -> Text,
        user_id -> Uuid,
        email -> Text,
        created_at -> Timestamptz,
        last_used_at -> Timestamptz,
    }
}

diesel::table! {
    identity_providers (id) {
        id -> Uuid,
        org_id -> Uuid,
        kind -> Text,
        name -> Text,
        enabled -> Bool,
        jit -> Bool,
        required -> Bool,
        trusts_second_factor -> Bool,
        roles -> Jsonb,
        settings -> Jsonb,
        secret_sealed -> Nullable<Bytea>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    invitations (id) {
        id -> Uuid,
        org_id -> Uuid,
        email -> Text,
        role -> Text,
        custom_role_id -> Nullable<Uuid>,
        team_ids -> Array<Uuid>,
        token_hash -> Bytea,
        invited_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        accepted_at -> Nullable<Timestamptz>,
        withdrawn_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    jobs (id) {
        id -> Int8,
        kind -> Text,
        payload -> Jsonb,
        state -> Text,
        run_at -> Timestamptz,
        attempts -> Int2,
        max_attempts -> Int2,
        last_error -> Nullable<Text>,
        locked_until -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        org_id -> Uuid,
        priority -> Int2,
    }
}

diesel::table! {
    known_devices (user_id, agent, network) {
        user_id -> Uuid,
        agent -> Text,
        network -> Text,
        last_seen_at -> Timestamptz,
    }
}

diesel::table! {
    members (org_id, user_id) {
        org_id -> Uuid,
        user_id -> Uuid,
        role -> Text,
        created_at -> Timestamptz,
        custom_role_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    message_templates (id) {
        id -> Uuid,
        org_id -> Uuid,
        kind -> Text,
        name -> Text,
        default_locale -> Text,
        published_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    oauth_authorisations (id) {
        id -> Uuid,
        client_id -> Uuid,
        user_id -> Nullable<Uuid>,
        org_id -> Nullable<Uuid>,
        scopes -> Array<Text>,
        session_id -> Nullable<Uuid>,
        auth_time -> Nullable<Timestamptz>,
        nonce -> Nullable<Text>,
        redirect_uri -> Nullable<Text>,
        challenge -> Nullable<Text>,
        code_hash -> Nullable<Bytea>,
        code_expires_at -> Nullable<Timestamptz>,
        code_used_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        revoked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    oauth_client_secrets (hash) {
        hash -> Bytea,
        client_id -> Uuid,
        created_at -> Timestamptz,
        ends_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    oauth_clients (id) {
        id -> Uuid,
        org_id -> Uuid,
        name -> Text,
        confidential -> Bool,
        redirect_uris -> Array<Text>,
        grants -> Array<Text>,
        scopes -> Array<Text>,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    oauth_consents (id) {
        id -> Uuid,
        user_id -> Uuid,
        client_id -> Uuid,
        org_id -> Nullable<Uuid>,
        scopes -> Array<Text>,
        given_at -> Timestamptz,
    }
}

diesel::table! {
    oauth_signing_keys (id) {
        id -> Uuid,
        sealed -> Bytea,
        created_at -> Timestamptz,
        succeeds -> Nullable<Uuid>,
    }
}

diesel::table! {
    oauth_tokens (hash) {
        hash -> Bytea,
        authorisation_id -> Uuid,
        kind -> Text,
        scopes -> Array<Text>,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        spent_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    order_items (order_id, position) {
        order_id -> Uuid,
        position -> Int2,
        zone -> Text,
        seat -> Nullable<Text>,
        tier -> Text,
        price -> Int8,
    }
}

diesel::table! {
    orders (id) {
        id -> Uuid,
        org_id -> Uuid,
        event_id -> Uuid,
        reference -> Text,
        state -> Text,
        user_id -> Nullable<Uuid>,
        access_hash -> Bytea,
        buyer_email -> Text,
        buyer_name -> Text,
        buyer_phone -> Nullable<Text>,
        locale -> Text,
        total -> Int8,
        currency -> Text,
        placed_at -> Timestamptz,
        expires_at -> Timestamptz,
        paid_at -> Nullable<Timestamptz>,
        buyer_phone_sealed -> Nullable<Bytea>,
    }
}

diesel::table! {
    organisation_domains (id) {
        id -> Uuid,
        org_id -> Uuid,
        domain -> Text,
        token -> Text,
        created_at -> Timestamptz,
        checked_at -> Nullable<Timestamptz>,
        verified_at -> Nullable<Timestamptz>,
        missing_since -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    organisations (id) {
        id -> Uuid,
        name -> Text,
        slug -> Text,
        kind -> Text,
        created_at -> Timestamptz,
        requires_second_factor -> Bool,
        allowed_networks -> Array<Text>,
    }
}

diesel::table! {
    outbox (id) {
        id -> Int8,
        org_id -> Uuid,
        fact -> Jsonb,
        created_at -> Timestamptz,
        dispatched_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    passkeys (id) {
        id -> Uuid,
        user_id -> Uuid,
        name -> Text,
        credential_id -> Bytea,
        credential -> Jsonb,
        sign_count -> Int8,
        created_at -> Timestamptz,
        last_used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    payment_callbacks (provider, callback_id) {
        provider -> Text,
        callback_id -> Text,
        payment_id -> Uuid,
        received_at -> Timestamptz,
    }
}

diesel::table! {
    payments (id) {
        id -> Uuid,
        order_id -> Uuid,
        method -> Text,
        state -> Text,
        amount -> Int8,
        currency -> Text,
        promptpay -> Nullable<Text>,
        reference -> Nullable<Text>,
        confirmed_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        paid_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    people (id) {
        id -> Uuid,
        email -> Text,
        name -> Text,
        locale -> Text,
        password_hash -> Text,
        created_at -> Timestamptz,
        verified_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    recovery_codes (user_id, code_hash) {
        user_id -> Uuid,
        code_hash -> Bytea,
        created_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    refresh_tokens (token_hash) {
        token_hash -> Bytea,
        session_id -> Uuid,
        created_at -> Timestamptz,
        spent_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    roles (id) {
        id -> Uuid,
        org_id -> Uuid,
        name -> Text,
        permissions -> Array<Text>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    saml_assertions (provider_id, assertion_id) {
        provider_id -> Uuid,
        assertion_id -> Text,
        state_hash -> Bytea,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    scans (id) {
        id -> Uuid,
        org_id -> Uuid,
        event_id -> Uuid,
        gate_id -> Uuid,
        ticket_id -> Nullable<Uuid>,
        outcome -> Text,
        scanned_by -> Nullable<Uuid>,
        scanned_at -> Timestamptz,
    }
}

diesel::table! {
    seat_maps (id) {
        id -> Uuid,
        venue_id -> Uuid,
        name -> Text,
        map -> Json,
        zones -> Jsonb,
        seats -> Int4,
        standing -> Int4,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    sessions (id) {
        id -> Uuid,
        user_id -> Uuid,
        created_at -> Timestamptz,
        last_used_at -> Timestamptz,
        expires_at -> Timestamptz,
        user_agent -> Text,
        ended_at -> Nullable<Timestamptz>,
        end_reason -> Nullable<Text>,
        confirmed_at -> Timestamptz,
        ip -> Nullable<Text>,
        device -> Text,
        second_factor_org -> Nullable<Uuid>,
        provider_id -> Nullable<Uuid>,
        country -> Nullable<Text>,
        city -> Nullable<Text>,
        latitude -> Nullable<Float8>,
        longitude -> Nullable<Float8>,
    }
}

diesel::table! {
    sign_in_attempts (key) {
        key -> Bytea,
        failures -> Int4,
        next_try_at -> Timestamptz,
        last_tried_at -> Timestamptz,
        wrong -> Int4,
    }
}

diesel::table! {
    sign_on_attempts (state_hash) {
        state_hash -> Bytea,
        browser_hash -> Bytea,
        provider_id -> Uuid,
        linking -> Nullable<Uuid>,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        returned_at -> Nullable<Timestamptz>,
        arrived -> Nullable<Uuid>,
        arrived_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    standing_buckets (event_id, zone, bucket) {
        event_id -> Uuid,
        zone -> Text,
        bucket -> Int2,
        free -> Int4,
    }
}

diesel::table! {
    standing_claims (id) {
        id -> Uuid,
        event_id -> Uuid,
        zone -> Text,
        bucket -> Int2,
        quantity -> Int4,
        hold_id -> Nullable<Uuid>,
        order_id -> Nullable<Uuid>,
        held_until -> Timestamptz,
    }
}

diesel::table! {
    team_members (team_id, user_id) {
        org_id -> Uuid,
        team_id -> Uuid,
        user_id -> Uuid,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    teams (id) {
        id -> Uuid,
        org_id -> Uuid,
        name -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    template_experiments (id) {
        id -> Uuid,
        template_id -> Uuid,
        first_id -> Uuid,
        second_id -> Uuid,
        share -> Int2,
        measure -> Text,
        enough -> Int4,
        state -> Text,
        winner_id -> Nullable<Uuid>,
        started_at -> Timestamptz,
        ends_at -> Timestamptz,
        looked_at -> Nullable<Timestamptz>,
        ended_at -> Nullable<Timestamptz>,
        figures -> Nullable<Jsonb>,
    }
}

diesel::table! {
    template_versions (id) {
        id -> Uuid,
        template_id -> Uuid,
        number -> Int4,
        state -> Text,
        revision -> Int4,
        content -> Jsonb,
        compiled -> Jsonb,
        author_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
        changed_at -> Timestamptz,
        published_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    threats (id) {
        id -> Uuid,
        kind -> Text,
        network -> Text,
        subject -> Text,
        count -> Int8,
        strikes -> Int4,
        first_seen -> Timestamptz,
        last_seen -> Timestamptz,
        tightened_until -> Nullable<Timestamptz>,
        state -> Text,
    }
}

diesel::table! {
    tickets (id) {
        id -> Uuid,
        org_id -> Uuid,
        event_id -> Uuid,
        order_id -> Uuid,
        zone -> Text,
        seat -> Nullable<Text>,
        tier -> Text,
        price -> Int8,
        currency -> Text,
        state -> Text,
        generation -> Int4,
        admitted_at -> Nullable<Timestamptz>,
        admitted_gate_id -> Nullable<Uuid>,
        revoked_at -> Nullable<Timestamptz>,
        revoke_reason -> Nullable<Text>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    timers (name) {
        name -> Text,
        next_run_at -> Timestamptz,
    }
}

diesel::table! {
    totp_secrets (user_id) {
        user_id -> Uuid,
        sealed -> Bytea,
        created_at -> Timestamptz,
        confirmed_at -> Nullable<Timestamptz>,
        last_step -> Int8,
    }
}

diesel::table! {
    venues (id) {
        id -> Uuid,
        org_id -> Uuid,
        name -> Text,
        address -> Text,
        time_zone -> Text,
        open_to_promoters -> Bool,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    inbound_events (id) {
        id -> Uuid,
        org_id -> Uuid,
        source_id -> Uuid,
        received_at -> Timestamptz,
        refused -> Nullable<Text>,
        idempotency_key -> Nullable<Text>,
        event_type -> Nullable<Text>,
        subject -> Nullable<Text>,
        body -> Text,
        body_sha256 -> Text,
        replays -> Int4,
    }
}

diesel::table! {
    inbound_sources (id) {
        id -> Uuid,
        org_id -> Uuid,
        name -> Text,
        signature -> Jsonb,
        mapping -> Jsonb,
        secret_sealed -> Bytea,
        enabled -> Bool,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    webhook_attempts (id) {
        id -> Uuid,
        delivery_id -> Uuid,
        started_at -> Timestamptz,
        duration_ms -> Int4,
        request_headers -> Jsonb,
        body_sha256 -> Text,
        status -> Nullable<Int4>,
        response_headers -> Jsonb,
        response_body -> Text,
        fault -> Nullable<Text>,
    }
}

diesel::table! {
    webhook_deliveries (id) {
        id -> Uuid,
        org_id -> Uuid,
        endpoint_id -> Uuid,
        event_type -> Text,
        payload -> Text,
        state -> Text,
        attempts -> Int4,
        turn -> Int4,
        tried -> Int4,
        last_status -> Nullable<Int4>,
        last_fault -> Nullable<Text>,
        created_at -> Timestamptz,
        next_attempt_at -> Nullable<Timestamptz>,
        delivered_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    sending_domains (org_id) {
        org_id -> Uuid,
        address -> Text,
        sender_name -> Text,
        created_at -> Timestamptz,
        checked_at -> Nullable<Timestamptz>,
        findings -> Nullable<Jsonb>,
    }
}

diesel::table! {
    dkim_keys (id) {
        id -> Uuid,
        org_id -> Uuid,
        selector -> Text,
        sealed -> Bytea,
        public_key -> Text,
        created_at -> Timestamptz,
        proven -> Bool,
    }
}

diesel::table! {
    channel_accounts (id) {
        id -> Uuid,
        org_id -> Uuid,
        channel -> Text,
        sealed -> Bytea,
        shown -> Jsonb,
        per_minute -> Int4,
        enabled -> Bool,
        fault -> Nullable<Text>,
        created_at -> Timestamptz,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    destinations (id) {
        id -> Uuid,
        org_id -> Uuid,
        channel -> Text,
        name -> Text,
        topics -> Array<Text>,
        sealed -> Bytea,
        shown -> Text,
        enabled -> Bool,
        fault -> Nullable<Text>,
        created_at -> Timestamptz,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    contact_methods (id) {
        id -> Uuid,
        user_id -> Uuid,
        org_id -> Nullable<Uuid>,
        channel -> Text,
        sealed -> Bytea,
        digest -> Bytea,
        shown -> Text,
        verified_at -> Nullable<Timestamptz>,
        gone_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    contact_links (id) {
        id -> Uuid,
        user_id -> Uuid,
        org_id -> Uuid,
        channel -> Text,
        code_hash -> Bytea,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    contact_guesses (sender) {
        sender -> Bytea,
        wrong -> Int2,
        since -> Timestamptz,
    }
}

diesel::table! {
    contact_codes (method_id) {
        method_id -> Uuid,
        code_hash -> Bytea,
        tries -> Int2,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    contact_codes_sent (id) {
        id -> Uuid,
        user_id -> Uuid,
        digest -> Bytea,
        sent_at -> Timestamptz,
    }
}

diesel::table! {
    inbound_seen (source_id, digest) {
        source_id -> Uuid,
        digest -> Bytea,
        event_id -> Uuid,
    }
}

diesel::table! {
    vapid_keys (id) {
        id -> Uuid,
        one -> Bool,
        sealed -> Bytea,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    notices (id) {
        id -> Uuid,
        org_id -> Uuid,
        user_id -> Uuid,
        topic -> Text,
        content -> Jsonb,
        link -> Nullable<Text>,
        cause -> Text,
        created_at -> Timestamptz,
        read_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    announcements (id) {
        id -> Uuid,
        org_id -> Uuid,
        author_id -> Nullable<Uuid>,
        title -> Text,
        body -> Text,
        roles -> Array<Text>,
        total -> Nullable<Int4>,
        told -> Int4,
        created_at -> Timestamptz,
        done_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    notification_preferences (user_id, topic, channel) {
        user_id -> Uuid,
        topic -> Text,
        channel -> Text,
        wanted -> Bool,
    }
}

diesel::table! {
    quiet_hours (user_id) {
        user_id -> Uuid,
        time_zone -> Text,
        begins -> Int2,
        ends -> Int2,
    }
}

diesel::table! {
    sending_paces (name) {
        name -> Text,
        next_at -> Timestamptz,
        paused_until -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    suppressions (id) {
        address -> Text,
        reason -> Text,
        detail -> Text,
        delivery_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
        id -> Uuid,
        org_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    mail_refusals (address, topic) {
        address -> Text,
        topic -> Text,
        refused_at -> Timestamptz,
    }
}

diesel::table! {
    mail_tracking (address) {
        address -> Text,
        allowed -> Bool,
        changed_at -> Timestamptz,
        said_at -> Text,
    }
}

diesel::table! {
    webhook_endpoints (id) {
        id -> Uuid,
        org_id -> Uuid,
        url -> Text,
        description -> Text,
        event_types -> Array<Text>,
        disabled_reason -> Nullable<Text>,
        disabled_at -> Nullable<Timestamptz>,
        failing_since -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    webhook_secrets (id) {
        id -> Uuid,
        endpoint_id -> Uuid,
        sealed -> Bytea,
        created_at -> Timestamptz,
        ends_at -> Nullable<Timestamptz>,
    }
}

diesel::joinable!(account_links -> people (user_id));
diesel::joinable!(admission_counts -> events (event_id));
diesel::joinable!(deliveries -> organisations (org_id));
diesel::joinable!(delivery_attachments -> deliveries (delivery_id));
diesel::joinable!(event_seats -> events (event_id));
diesel::joinable!(api_key_secrets -> api_keys (key_id));
diesel::joinable!(api_key_uses -> api_keys (key_id));
diesel::joinable!(event_zones -> events (event_id));
diesel::joinable!(events -> organisations (org_id));
diesel::joinable!(events -> seat_maps (seat_map_id));
diesel::joinable!(events -> venues (venue_id));
diesel::joinable!(factor_challenges -> people (user_id));
diesel::joinable!(gates -> venues (venue_id));
diesel::joinable!(holds -> events (event_id));
diesel::joinable!(known_devices -> people (user_id));
diesel::joinable!(members -> organisations (org_id));
diesel::joinable!(members -> people (user_id));
diesel::joinable!(oauth_authorisations -> oauth_clients (client_id));
diesel::joinable!(oauth_authorisations -> people (user_id));
diesel::joinable!(oauth_client_secrets -> oauth_clients (client_id));
diesel::joinable!(oauth_clients -> organisations (org_id));
diesel::joinable!(oauth_consents -> oauth_clients (client_id));
diesel::joinable!(oauth_consents -> people (user_id));
diesel::joinable!(oauth_tokens -> oauth_authorisations (authorisation_id));
diesel::joinable!(order_items -> orders (order_id));
diesel::joinable!(orders -> events (event_id));
diesel::joinable!(orders -> organisations (org_id));
diesel::joinable!(orders -> people (user_id));
diesel::joinable!(passkeys -> people (user_id));
diesel::joinable!(payment_callbacks -> payments (payment_id));
diesel::joinable!(payments -> orders (order_id));
diesel::joinable!(payments -> people (confirmed_by));
diesel::joinable!(recovery_codes -> people (user_id));
diesel::joinable!(refresh_tokens -> sessions (session_id));
diesel::joinable!(scans -> events (event_id));
diesel::joinable!(scans -> gates (gate_id));
diesel::joinable!(scans -> organisations (org_id));
diesel::joinable!(scans -> people (scanned_by));
diesel::joinable!(scans -> tickets (ticket_id));
diesel::joinable!(seat_maps -> venues (venue_id));
diesel::joinable!(sessions -> people (user_id));
diesel::joinable!(standing_buckets -> events (event_id));
diesel::joinable!(standing_claims -> events (event_id));
diesel::joinable!(tickets -> events (event_id));
diesel::joinable!(tickets -> gates (admitted_gate_id));
diesel::joinable!(tickets -> orders (order_id));
diesel::joinable!(tickets -> organisations (org_id));
diesel::joinable!(totp_secrets -> people (user_id));
diesel::joinable!(venues -> organisations (org_id));

diesel::allow_tables_to_appear_in_same_query!(
    account_links,
    admission_counts,
    api_key_secrets,
    api_key_uses,
    api_keys,
    deliveries,
    delivery_attachments,
    event_seats,
    event_zones,
    events,
    factor_challenges,
    gates,
    grants,
    holds,
    idempotency_keys,
    invitations,
    jobs,
    known_devices,
    members,
    oauth_authorisations,
    oauth_client_secrets,
    oauth_clients,
    oauth_consents,
    oauth_signing_keys,
    oauth_tokens,
    order_items,
    orders,
    organisations,
    outbox,
    passkeys,
    payment_callbacks,
    payments,
    people,
    recovery_codes,
    refresh_tokens,
    roles,
    scans,
    seat_maps,
    sessions,
    standing_buckets,
    standing_claims,
    team_members,
    teams,
    threats,
    tickets,
    timers,
    totp_secrets,
    venues,
);
