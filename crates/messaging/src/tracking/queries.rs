//! Every statement about what may be counted.

use chrono::{DateTime, Utc};
use diesel::OptionalExtension as _;
use diesel::QueryableByName;
use diesel::sql_types::{Bool, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use platform::db::{Conn, sql};
use platform::error::ApiResult;
use uuid::Uuid;

#[derive(QueryableByName)]
struct Allowed {
    #[diesel(sql_type = Bool)]
    allowed: bool,
}

/// Whether the owner of an address agreed that openings and clicks are counted.
pub(crate) async fn allowed(conn: &mut Conn, address: &str) -> ApiResult<bool> {
    let query = sql("SELECT allowed FROM mail_tracking WHERE address = lower($1)");
    let found: Option<Allowed> = query.bind::<Text, _>(address).get_result(conn).await.optional()?;
    Ok(found.is_some_and(|row| row.allowed))
}

/// Where somebody said it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum SaidAt {
    Account,
    MailPage,
}

/// Keeps what the owner of an address says.
pub(crate) async fn allow(
    conn: &mut Conn,
    address: &str,
    allowed: bool,
    said_at: SaidAt,
    now: DateTime<Utc>,
) -> ApiResult<()> {
    let said_at = match said_at {
        SaidAt::Account => "account",
        SaidAt::MailPage => "mail_page",
    };
    sql("INSERT INTO mail_tracking (address, allowed, changed_at, said_at) VALUES (lower($1), $2, $3, $4)
         ON CONFLICT (address) DO UPDATE SET allowed = excluded.allowed, changed_at = excluded.changed_at, said_at = excluded.said_at
         WHERE mail_tracking.allowed <> excluded.allowed")
    .bind::<Text, _>(address)
    .bind::<Bool, _>(allowed)
    .bind::<Timestamptz, _>(now)
    .bind::<Text, _>(said_at)
    .execute(conn)
    .await?;
    Ok(())
}

/// A letter that a token leads to.
#[derive(Debug, QueryableByName)]
pub(super) struct Letter {
    #[diesel(sql_type = Text)]
    pub html: String,
    /// Whether what its reader does is counted: they agreed when it left, and still do.
    #[diesel(sql_type = Bool)]
    pub counts: bool,
}

/// The letter of a delivery that left with its links counted.
pub(super) async fn letter(conn: &mut Conn, delivery: Uuid) -> ApiResult<Option<Letter>> {
    let query = sql("
SELECT d.html, d.sent_at IS NOT NULL AND d.tracked AND coalesce(t.allowed, false) AS counts
FROM deliveries d LEFT JOIN mail_tracking t ON t.address = lower(d.recipient)
WHERE d.id = $1 AND d.org_id IS NOT NULL AND d.channel = 'email'");
    Ok(query.bind::<SqlUuid, _>(delivery).get_result(conn).await.optional()?)
}
