//! Every statement about questions.

use chrono::{DateTime, Utc};
use db_schema::factor_challenges as challenges;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use platform::db::{Conn, sql};
use platform::error::ApiResult;
use serde_json::Value;
use uuid::Uuid;

/// How many answers a question takes.
pub(super) const TRIES: i16 = 5;
/// How many codes are mailed for one question.
const CODES: i16 = 3;

#[derive(Insertable)]
#[diesel(table_name = challenges)]
pub(in crate::factors) struct NewChallenge<'a> {
    pub(in crate::factors) id: Uuid,
    pub(in crate::factors) purpose: &'a str,
    pub(in crate::factors) user_id: Option<Uuid>,
    pub(in crate::factors) secret_hash: Option<Vec<u8>>,
    pub(in crate::factors) session_id: Option<Uuid>,
    pub(in crate::factors) agent: &'a str,
    pub(in crate::factors) network: Option<&'a str>,
    pub(in crate::factors) passkey: Option<Value>,
    pub(in crate::factors) created_at: DateTime<Utc>,
    pub(in crate::factors) expires_at: DateTime<Utc>,
}

/// Who may answer: the holder of a secret (by its hash), or of a session.
#[derive(Debug, Clone)]
pub(in crate::factors) struct Holder {
    pub(in crate::factors) secret_hash: Option<Vec<u8>>,
    pub(in crate::factors) session_id: Option<Uuid>,
}

/// A question that can still be answered.
#[derive(Debug, Clone, QueryableByName)]
pub(in crate::factors) struct Question {
    #[diesel(sql_type = SqlUuid)]
    pub(in crate::factors) id: Uuid,
    #[diesel(sql_type = Text)]
    pub(in crate::factors) purpose: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub(in crate::factors) user_id: Option<Uuid>,
    #[diesel(sql_type = Text)]
    pub(in crate::factors) agent: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub(in crate::factors) network: Option<String>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    pub(in crate::factors) passkey: Option<Value>,
    #[diesel(sql_type = Nullable<Binary>)]
    pub(in crate::factors) code_hash: Option<Vec<u8>>,
}

pub(in crate::factors) async fn insert(conn: &mut Conn, row: &NewChallenge<'_>) -> ApiResult<()> {
    diesel::insert_into(challenges::table).values(row).execute(conn).await?;
    Ok(())
}

/// Takes one of the tries of a question; none when it is over, or never was this holder's.
pub(super) async fn take_try(
    conn: &mut Conn,
    id: Uuid,
    holder: &Holder,
    now: DateTime<Utc>,
) -> ApiResult<Option<Question>> {
    let rows: Vec<Question> = sql("
        UPDATE factor_challenges SET tries = tries + 1
        WHERE id = $1 AND (secret_hash = $2 OR session_id = $3)
          AND purpose <> 'add_passkey' AND passed_at IS NULL AND expires_at > $4 AND tries < $5
        RETURNING id, purpose, user_id, agent, network, passkey, code_hash")
    .bind::<SqlUuid, _>(id)
    .bind::<Nullable<Binary>, _>(&holder.secret_hash)
    .bind::<Nullable<SqlUuid>, _>(holder.session_id)
    .bind::<Timestamptz, _>(now)
    .bind::<diesel::sql_types::SmallInt, _>(TRIES)
    .get_results(conn)
    .await?;
    Ok(rows.into_iter().next())
}

/// A question that can still be answered, locked until the transaction ends.
pub(in crate::factors) async fn lock(
    conn: &mut Conn,
    id: Uuid,
    holder: &Holder,
    now: DateTime<Utc>,
) -> ApiResult<Option<Question>> {
    let rows: Vec<Question> = sql("
        SELECT id, purpose, user_id, agent, network, passkey, code_hash FROM factor_challenges
        WHERE id = $1 AND (secret_hash = $2 OR session_id = $3)
          AND passed_at IS NULL AND expires_at > $4 AND tries < $5
        FOR UPDATE")
    .bind::<SqlUuid, _>(id)
    .bind::<Nullable<Binary>, _>(&holder.secret_hash)
    .bind::<Nullable<SqlUuid>, _>(holder.session_id)
    .bind::<Timestamptz, _>(now)
    .bind::<diesel::sql_types::SmallInt, _>(TRIES)
    .get_results(conn)
    .await?;
    Ok(rows.into_iter().next())
}

/// Remembers what WebAuthn asked last.
pub(in crate::factors) async fn set_passkey(conn: &mut Conn, id: Uuid, state: &Value) -> ApiResult<()> {
    diesel::update(challenges::table.find(id)).set(challenges::passkey.eq(state)).execute(conn).await?;
    Ok(())
}

/// Remembers the code mailed last, good until `until`; `false` when enough were mailed.
pub(super) async fn set_code(
    conn: &mut Conn,
    id: Uuid,
    hash: &[u8],
    until: DateTime<Utc>,
) -> ApiResult<bool> {
    let few = challenges::table.find(id).filter(challenges::codes_sent.lt(CODES));
    let set = diesel::update(few)
        .set((
            challenges::code_hash.eq(hash),
            challenges::codes_sent.eq(challenges::codes_sent + 1_i16),
            challenges::expires_at.eq(until),
        ))
        .execute(conn)
        .await?;
    Ok(set == 1)
}

/// The question was answered rightly; `false` when it was before.
pub(in crate::factors) async fn pass(conn: &mut Conn, id: Uuid, now: DateTime<Utc>) -> ApiResult<bool> {
    let unanswered = challenges::table.find(id).filter(challenges::passed_at.is_null());
    Ok(diesel::update(unanswered).set(challenges::passed_at.eq(now)).execute(conn).await? == 1)
}

/// Notes by which provider the person came who is asked.
pub(super) async fn came_by(conn: &mut Conn, id: Uuid, provider: Uuid) -> ApiResult<()> {
    diesel::update(challenges::table.find(id))
        .set(challenges::provider_id.eq(provider))
        .execute(conn)
        .await?;
    Ok(())
}

/// By which provider the person came who was asked.
pub(super) async fn provider_of(conn: &mut Conn, id: Uuid) -> ApiResult<Option<Uuid>> {
    Ok(challenges::table.find(id).select(challenges::provider_id).first(conn).await?)
}

/// What was done with the questions put to a person.
#[derive(QueryableByName)]
pub(super) struct Used {
    /// Answers that were tried, right ones among them.
    #[diesel(sql_type = BigInt)]
    pub(super) tries: i64,
    /// Codes that were mailed.
    #[diesel(sql_type = BigInt)]
    pub(super) codes: i64,
}

/// How the questions put to a person since `since` were used.
pub(super) async fn used_since(conn: &mut Conn, user_id: Uuid, since: DateTime<Utc>) -> ApiResult<Used> {
    let used = sql("
        SELECT coalesce(sum(tries), 0)::bigint AS tries, coalesce(sum(codes_sent), 0)::bigint AS codes
        FROM factor_challenges
        WHERE user_id = $1 AND created_at > $2")
    .bind::<SqlUuid, _>(user_id)
    .bind::<Timestamptz, _>(since)
    .get_result(conn)
    .await?;
    Ok(used)
}

/// Forgets questions put before `before`.
pub(super) async fn forget(conn: &mut Conn, before: DateTime<Utc>) -> ApiResult<()> {
    diesel::delete(challenges::table.filter(challenges::created_at.lt(before))).execute(conn).await?;
    Ok(())
}
