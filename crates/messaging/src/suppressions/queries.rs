//! Every statement about addresses that are written to no more.

use chrono::{DateTime, Utc};
use contract::mail::{Suppression, SuppressionReason};
use diesel::OptionalExtension as _;
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use platform::db::{Conn, sql};
use platform::error::{ApiError, ApiResult};
use uuid::Uuid;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    address: String,
    #[diesel(sql_type = Text)]
    reason: String,
    #[diesel(sql_type = Text)]
    detail: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    delivery_id: Option<Uuid>,
    #[diesel(sql_type = Bool)]
    delivery_kept: bool,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
}

impl TryFrom<Row> for Suppression {
    type Error = ApiError;

    fn try_from(row: Row) -> ApiResult<Self> {
        let reason = SuppressionReason::from_name(&row.reason)
            .ok_or_else(|| ApiError::internal(anyhow::anyhow!("suppression {}: unknown reason", row.id)))?;
        Ok(Self {
            id: row.id,
            address: row.address,
            reason,
            detail: row.detail,
            delivery_id: row.delivery_id,
            delivery_kept: row.delivery_kept,
            created_at: row.created_at,
        })
    }
}

/// Whose list is meant.
#[derive(Debug, Clone, Copy)]
pub(super) struct Whose {
    /// The organisation.
    pub org: Uuid,
    /// It runs Ringside: what concerns letters about accounts stands in its list, too.
    pub own: bool,
}

/// Which entries a list shows.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Filter<'a> {
    pub words: Option<&'a str>,
    pub reason: Option<SuppressionReason>,
    pub id: Option<Uuid>,
    /// Exactly this one.
    pub address: Option<&'a str>,
    pub after: Option<Uuid>,
}

const LIST: &str = "
SELECT s.id, s.address, s.reason, s.detail, s.delivery_id, d.id IS NOT NULL AS delivery_kept, s.created_at
FROM suppressions s LEFT JOIN deliveries d ON d.id = s.delivery_id AND d.org_id = $1
WHERE (s.org_id = $1 OR ($2 AND s.org_id IS NULL))
  AND ($3 IS NULL OR s.address LIKE $3) AND ($4 IS NULL OR s.reason = $4)
  AND ($5 IS NULL OR s.id = $5) AND ($6 IS NULL OR s.id < $6)
  AND ($7 IS NULL OR s.address = lower($7))
ORDER BY s.id DESC LIMIT $8";

/// At most `limit` entries, newest first.
pub(super) async fn list(
    conn: &mut Conn,
    whose: Whose,
    filter: Filter<'_>,
    limit: i64,
) -> ApiResult<Vec<Suppression>> {
    let escaped = |words: &str| words.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let pattern = filter.words.map(|words| format!("%{}%", escaped(&words.to_lowercase())));
    let rows: Vec<Row> = sql(LIST)
        .bind::<SqlUuid, _>(whose.org)
        .bind::<Bool, _>(whose.own)
        .bind::<Nullable<Text>, _>(pattern)
        .bind::<Nullable<Text>, _>(filter.reason.map(SuppressionReason::name))
        .bind::<Nullable<SqlUuid>, _>(filter.id)
        .bind::<Nullable<SqlUuid>, _>(filter.after)
        .bind::<Nullable<Text>, _>(filter.address)
        .bind::<BigInt, _>(limit)
        .load(conn)
        .await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// An address to be written to no more.
#[derive(Debug)]
pub(crate) struct New<'a> {
    pub id: Uuid,
    /// None: of letters about accounts.
    pub org: Option<Uuid>,
    pub address: &'a str,
    pub reason: SuppressionReason,
    pub detail: &'a str,
    pub delivery: Option<Uuid>,
}

/// Enters an address; tells whether that says something new. That somebody objects says more than that mail came
/// back.
pub(crate) async fn insert(conn: &mut Conn, new: &New<'_>, now: DateTime<Utc>) -> ApiResult<bool> {
    let inserted = sql("
INSERT INTO suppressions (id, org_id, address, reason, detail, delivery_id, created_at)
VALUES ($1, $2, lower($3), $4, $5, $6, $7)
ON CONFLICT (address, org_id) DO UPDATE
   SET reason = excluded.reason, detail = excluded.detail, delivery_id = excluded.delivery_id
 WHERE suppressions.reason = 'bounced' AND excluded.reason <> 'bounced'")
    .bind::<SqlUuid, _>(new.id)
    .bind::<Nullable<SqlUuid>, _>(new.org)
    .bind::<Text, _>(new.address)
    .bind::<Text, _>(new.reason.name())
    .bind::<Text, _>(new.detail)
    .bind::<Nullable<SqlUuid>, _>(new.delivery)
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .await?;
    Ok(inserted == 1)
}

/// Takes an entry off the list; tells whether it was there.
pub(super) async fn remove(conn: &mut Conn, whose: Whose, id: Uuid) -> ApiResult<bool> {
    let removed = sql("DELETE FROM suppressions WHERE id = $1 AND (org_id = $2 OR ($3 AND org_id IS NULL))")
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(whose.org)
        .bind::<Bool, _>(whose.own)
        .execute(conn)
        .await?;
    Ok(removed == 1)
}

/// Why an address is written to no more by an organisation (none: about accounts).
pub(super) async fn reason(
    conn: &mut Conn,
    org: Option<Uuid>,
    address: &str,
) -> ApiResult<Option<SuppressionReason>> {
    #[derive(QueryableByName)]
    struct Reason {
        #[diesel(sql_type = Text)]
        reason: String,
    }
    let query =
        sql("SELECT reason FROM suppressions WHERE org_id IS NOT DISTINCT FROM $1 AND address = lower($2)");
    let found: Option<Reason> =
        query.bind::<Nullable<SqlUuid>, _>(org).bind::<Text, _>(address).get_result(conn).await.optional()?;
    Ok(found.and_then(|row| SuppressionReason::from_name(&row.reason)))
}
