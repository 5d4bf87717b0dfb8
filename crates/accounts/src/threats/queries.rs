//! Every statement about threats that were noticed.

use chrono::{DateTime, Utc};
use contract::threats::{Threat, ThreatKind, ThreatState};
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use platform::db::{Conn, sql};
use platform::error::{ApiError, ApiResult};
use uuid::Uuid;

#[derive(QueryableByName)]
pub(super) struct ThreatRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    network: String,
    #[diesel(sql_type = Text)]
    subject: String,
    #[diesel(sql_type = BigInt)]
    count: i64,
    #[diesel(sql_type = Integer)]
    strikes: i32,
    #[diesel(sql_type = Timestamptz)]
    first_seen: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    last_seen: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    tightened_until: Option<DateTime<Utc>>,
    #[diesel(sql_type = Text)]
    state: String,
}

impl ThreatRow {
    fn into_threat(self) -> ApiResult<Threat> {
        let unknown = || ApiError::internal(anyhow::anyhow!("a threat of a kind nobody knows"));
        Ok(Threat {
            id: self.id,
            kind: ThreatKind::from_name(&self.kind).ok_or_else(unknown)?,
            network: self.network,
            subject: self.subject,
            count: self.count,
            strikes: self.strikes,
            first_seen: self.first_seen,
            last_seen: self.last_seen,
            tightened_until: self.tightened_until,
            state: if self.state == "open" { ThreatState::Open } else { ThreatState::Acknowledged },
        })
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, kind, network, subject, count, strikes, first_seen, last_seen, tightened_until, state
               FROM threats ",
            $rest
        )
    };
}

/// Newest first, after a given one.
pub(super) async fn list(conn: &mut Conn, after: Option<Uuid>, limit: i64) -> ApiResult<Vec<Threat>> {
    let rows: Vec<ThreatRow> = sql(select!("WHERE $1 IS NULL OR id < $1 ORDER BY id DESC LIMIT $2"))
        .bind::<Nullable<SqlUuid>, _>(after)
        .bind::<BigInt, _>(limit)
        .load(conn)
        .await?;
    rows.into_iter().map(ThreatRow::into_threat).collect()
}

pub(super) async fn find(conn: &mut Conn, id: Uuid) -> ApiResult<Option<Threat>> {
    let rows: Vec<ThreatRow> = sql(select!("WHERE id = $1")).bind::<SqlUuid, _>(id).load(conn).await?;
    rows.into_iter().next().map(ThreatRow::into_threat).transpose()
}

/// Whether it was open.
pub(super) async fn acknowledge(conn: &mut Conn, id: Uuid) -> ApiResult<bool> {
    let query = "UPDATE threats SET state = 'acknowledged' WHERE id = $1 AND state = 'open'";
    Ok(sql(query).bind::<SqlUuid, _>(id).execute(conn).await? > 0)
}

/// Ends all tightening of the threat's network; whether there was any.
pub(super) async fn lift(conn: &mut Conn, network: &str, now: DateTime<Utc>) -> ApiResult<bool> {
    let query = "UPDATE threats SET tightened_until = $2 WHERE network = $1 AND tightened_until > $2";
    let lifted = sql(query).bind::<Text, _>(network).bind::<Timestamptz, _>(now).execute(conn).await?;
    Ok(lifted > 0)
}

pub(super) async fn forget(conn: &mut Conn, before: DateTime<Utc>) -> ApiResult<()> {
    sql("DELETE FROM threats WHERE last_seen < $1").bind::<Timestamptz, _>(before).execute(conn).await?;
    Ok(())
}
