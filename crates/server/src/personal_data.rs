//! Every column of the database, and which of them hold data of people. A test walks all tables: a column
//! that stands in neither list fails it, and so does a name of a column that is not there.

/// A column with data of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Personal {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// Where it stands in a person's copy of their data, or why it does not.
    pub exported: &'static str,
    /// What becomes of it when the person is forgotten, and which rule lets it go before.
    pub erased: &'static str,
}

const fn personal(
    table: &'static str,
    column: &'static str,
    exported: &'static str,
    erased: &'static str,
) -> Personal {
    Personal { table, column, exported, erased }
}

/// The register of personal data.
pub const REGISTER: &[Personal] = &[
    personal("audit_log", "actor_id", "account.activity", "stays: a number without a face"),
    personal("audit_log", "ip", "account.activity", "rule audit_addresses"),
    personal("audit_log", "subject_id", "account.activity", "stays: a number without a face"),
    personal("audit_log", "session_id", "account.activity", "stays: a number without a face"),
    personal("consents", "user_id", "account.consents", "stays: proof of what was agreed to"),
    personal("consents", "ip", "account.consents", "emptied; rule audit_addresses"),
    personal("data_exports", "user_id", "account.exports", "row deleted"),
    personal("data_exports", "json", "is the export", "row deleted; rule data_exports"),
    personal("data_exports", "pdf", "is the export", "row deleted; rule data_exports"),
    personal("deliveries", "recipient", "letters", "row deleted; rule letters"),
    personal("deliveries", "recipient_name", "letters", "row deleted; rule letters"),
    personal("deliveries", "subject", "letters", "row deleted; rule letters"),
    personal("deliveries", "html", "letters", "row deleted; rule letters"),
    personal("deliveries", "plain", "letters", "row deleted; rule letters"),
    personal("deliveries", "cause", "letters", "row deleted; rule letters"),
    personal("delivery_attachments", "bytes", "orders, as tickets", "row deleted with its letter"),
    personal("erasures", "user_id", "get_erasure", "stays: proof that it was done"),
    personal("events", "bouts", "not: fighters, made public by themselves", "stays: public"),
    personal("idempotency_keys", "actor_key", "answers", "row deleted; rule answers"),
    personal("idempotency_keys", "answer", "answers", "row deleted; rule answers"),
    personal("jobs", "payload", "not: gone when done; letters in it are sealed", "row deleted when done"),
    personal("members", "user_id", "account.memberships", "row deleted"),
    personal("orders", "user_id", "orders", "emptied"),
    personal("orders", "access_hash", "not: a secret", "stays: opens an order without a name"),
    personal("orders", "buyer_email", "orders", "replaced"),
    personal("orders", "buyer_name", "orders", "replaced"),
    personal("orders", "buyer_phone", "orders", "emptied"),
    personal("payments", "reference", "not: the bank’s number, for staff", "stays: asked for by law"),
    personal("payments", "confirmed_by", "account.activity", "stays: a number without a face"),
    personal("people", "id", "account.person", "stays: a number without a face"),
    personal("people", "email", "account.person", "replaced"),
    personal("people", "name", "account.person", "replaced"),
    personal("people", "locale", "account.person", "replaced"),
    personal("people", "password_hash", "not: a secret", "replaced"),
    personal("refresh_tokens", "token_hash", "not: a secret", "row deleted"),
    personal("scans", "scanned_by", "account.activity", "stays: a number without a face"),
    personal("sessions", "user_id", "account.sessions", "row deleted"),
    personal("sessions", "user_agent", "account.sessions", "row deleted; rule session_places"),
    personal("tickets", "revoke_reason", "orders, as tickets", "stays: why a right was taken"),
];

/// Columns known to be free of data of people: tables, with their columns parted by blanks.
pub const FREE: &[(&str, &str)] = &[
    ("admission_counts", "event_id slot admitted"),
    ("audit_checks", "one checked_at verified_to fault_kind fault_position fault_id"),
    ("audit_log", "id org_id actor_kind request_id action before after created_at position"),
    ("audit_seals", "position audit_id audit_position row_hash ip_mark previous hash sealed_at"),
    ("consents", "id policy_id given at how"),
    ("data_exports", "id requested_at ready_at expires_at"),
    ("deliveries", "id org_id template locale state attempts last_error created_at sent_at"),
    ("delivery_attachments", "id delivery_id position name media_type content_id"),
    ("erasures", "id requested_at due_at cancelled_at done_at"),
    ("event_seats", "event_id seat zone position state hold_id order_id held_until"),
    ("event_zones", "event_id zone position name standing places tier tier_position price currency name_th"),
    (
        "events",
        "id org_id venue_id seat_map_id slug state texts doors_at starts_at ends_at capacity version created_at",
    ),
    ("gates", "id venue_id name zones"),
    ("holds", "id event_id secret_hash seats places expires_at created_at"),
    ("idempotency_keys", "key fingerprint status created_at"),
    ("jobs", "id kind state run_at attempts max_attempts last_error locked_until created_at"),
    ("members", "org_id role created_at"),
    ("order_items", "order_id position zone seat tier price"),
    ("orders", "id org_id event_id reference state locale total currency placed_at expires_at paid_at"),
    ("organisations", "id name slug kind created_at"),
    ("outbox", "id org_id fact created_at dispatched_at"),
    ("payment_callbacks", "provider callback_id payment_id received_at"),
    ("payments", "id order_id method state amount currency promptpay created_at paid_at"),
    ("people", "created_at"),
    ("policies", "id kind version texts published_at"),
    ("refresh_tokens", "session_id created_at spent_at"),
    ("retention_rules", "name days changed_at"),
    ("scans", "id org_id event_id gate_id ticket_id outcome scanned_at"),
    ("seat_maps", "id venue_id name map zones seats standing created_at"),
    ("sessions", "id created_at last_used_at expires_at ended_at end_reason confirmed_at"),
    ("standing_buckets", "event_id zone bucket free"),
    ("standing_claims", "id event_id zone bucket quantity hold_id order_id held_until"),
    (
        "tickets",
        "id org_id event_id order_id zone seat tier price currency state generation admitted_at admitted_gate_id revoked_at created_at",
    ),
    ("timers", "name next_run_at"),
    ("venues", "id org_id name address time_zone open_to_promoters created_at"),
];
