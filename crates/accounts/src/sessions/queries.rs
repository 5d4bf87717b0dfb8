//! Every statement about sessions and their refresh tokens.

use chrono::{DateTime, Utc};
use contract::people::Device;
use db_schema::{refresh_tokens, sessions};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Timestamptz};
use diesel_async::RunQueryDsl;
use platform::db::Conn;
use platform::error::ApiResult;
use platform::places::Spot;
use uuid::Uuid;

use crate::tokens::AccessClaims;

#[derive(Insertable)]
#[diesel(table_name = sessions)]
pub(crate) struct NewSession<'a> {
    pub(crate) id: Uuid,
    pub(crate) user_id: Uuid,
    pub(crate) user_agent: &'a str,
    pub(crate) device: &'a str,
    pub(crate) ip: Option<&'a str>,
    pub(crate) country: Option<&'a str>,
    pub(crate) city: Option<&'a str>,
    pub(crate) latitude: Option<f64>,
    pub(crate) longitude: Option<f64>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) last_used_at: DateTime<Utc>,
    pub(crate) expires_at: DateTime<Utc>,
    pub(crate) confirmed_at: DateTime<Utc>,
}

/// By what somebody came who came by a provider.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ByProvider {
    pub(crate) provider: Uuid,
    /// The organisation that is content with the provider's second factor.
    pub(crate) trusting: Option<Uuid>,
}

/// Why a session ended before its time.
#[derive(Clone, Copy, Debug)]
pub(crate) enum EndReason {
    SignedOut,
    TokenReused,
    Revoked,
    PasswordChanged,
    ProviderGone,
    SignOnRequired,
}

impl EndReason {
    const fn name(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::TokenReused => "token_reused",
            Self::Revoked => "revoked",
            Self::PasswordChanged => "password_changed",
            Self::ProviderGone => "provider_gone",
            Self::SignOnRequired => "sign_on_required",
        }
    }
}

pub(crate) async fn insert(conn: &mut Conn, session: &NewSession<'_>) -> ApiResult<()> {
    diesel::insert_into(sessions::table).values(session).execute(conn).await?;
    Ok(())
}

/// Notes by which provider the session began, and which organisation is content with its second factor.
pub(crate) async fn came_by(conn: &mut Conn, session_id: Uuid, by: &ByProvider) -> ApiResult<()> {
    diesel::update(sessions::table.find(session_id))
        .set((sessions::provider_id.eq(by.provider), sessions::second_factor_org.eq(by.trusting)))
        .execute(conn)
        .await?;
    Ok(())
}

/// Ends all sessions that began by a provider; how many.
pub(crate) async fn end_of_provider(conn: &mut Conn, provider: Uuid, now: DateTime<Utc>) -> ApiResult<usize> {
    let going_on =
        sessions::table.filter(sessions::provider_id.eq(provider).and(sessions::ended_at.is_null()));
    let ended = diesel::update(going_on)
        .set((sessions::ended_at.eq(now), sessions::end_reason.eq(EndReason::ProviderGone.name())))
        .execute(conn)
        .await?;
    Ok(ended)
}

/// Ends the sessions, but one, of those who have to sign in by a provider of the organisation and did not;
/// how many. Whom that is about is said in `identity_providers::queries::is_required`, too.
pub(crate) async fn end_beside_providers(
    conn: &mut Conn,
    org: Uuid,
    but: Option<Uuid>,
    now: DateTime<Utc>,
) -> ApiResult<usize> {
    let ended = platform::db::sql(
        "
        UPDATE sessions AS s SET ended_at = $3, end_reason = $4
          FROM people AS person
          JOIN members AS m ON m.user_id = person.id AND m.org_id = $1 AND m.role <> 'owner'
          JOIN organisation_domains AS d ON d.org_id = $1 AND d.verified_at IS NOT NULL
           AND d.domain = lower(substring(person.email FROM '@([^@]*)$'))
         WHERE s.user_id = person.id AND s.ended_at IS NULL AND s.id IS DISTINCT FROM $2
           AND EXISTS (SELECT FROM identity_providers AS p WHERE p.org_id = $1 AND p.enabled AND p.required)
           AND NOT EXISTS (SELECT FROM identity_providers AS p WHERE p.id = s.provider_id AND p.org_id = $1)",
    )
    .bind::<diesel::sql_types::Uuid, _>(org)
    .bind::<Nullable<diesel::sql_types::Uuid>, _>(but)
    .bind::<Timestamptz, _>(now)
    .bind::<diesel::sql_types::Text, _>(EndReason::SignOnRequired.name())
    .execute(conn)
    .await?;
    Ok(ended)
}

pub(crate) async fn insert_token(
    conn: &mut Conn,
    hash: &[u8],
    session_id: Uuid,
    now: DateTime<Utc>,
) -> ApiResult<()> {
    diesel::insert_into(refresh_tokens::table)
        .values((
            refresh_tokens::token_hash.eq(hash),
            refresh_tokens::session_id.eq(session_id),
            refresh_tokens::created_at.eq(now),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Spends a token whose session goes on and that is unspent, or was spent after `forgiven`; tells the
/// session. Of two who try to spend it first, one succeeds.
pub(crate) async fn spend(
    conn: &mut Conn,
    hash: &[u8],
    now: DateTime<Utc>,
    forgiven: DateTime<Utc>,
) -> ApiResult<Option<Uuid>> {
    let living = sessions::table
        .filter(sessions::id.eq(refresh_tokens::session_id))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(now));
    // The first time counts, so that forgiving does not prolong itself.
    let first_spent =
        sql::<Nullable<Timestamptz>>("coalesce(spent_at, ").bind::<Timestamptz, _>(now).sql(")");
    let session_id = diesel::update(refresh_tokens::table.find(hash))
        .filter(
            refresh_tokens::spent_at.is_null().or(refresh_tokens::spent_at.assume_not_null().gt(forgiven)),
        )
        .filter(diesel::dsl::exists(living))
        .set(refresh_tokens::spent_at.eq(first_spent))
        .returning(refresh_tokens::session_id)
        .get_result(conn)
        .await
        .optional()?;
    Ok(session_id)
}

/// Moves the end of a session that goes on, and tells whose it is.
pub(crate) async fn prolong(
    conn: &mut Conn,
    session_id: Uuid,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
    from: (Option<&str>, &Spot),
) -> ApiResult<Option<AccessClaims>> {
    let (ip, spot) = from;
    let user_id = diesel::update(sessions::table.find(session_id))
        .filter(sessions::ended_at.is_null())
        .set((
            sessions::last_used_at.eq(now),
            sessions::expires_at.eq(until),
            sessions::ip.eq(ip),
            sessions::country.eq(spot.country.as_deref()),
            sessions::city.eq(spot.city.as_deref()),
            sessions::latitude.eq(spot.point.map(|point| point.latitude)),
            sessions::longitude.eq(spot.point.map(|point| point.longitude)),
        ))
        .returning(sessions::user_id)
        .get_result(conn)
        .await
        .optional()?;
    Ok(user_id.map(|user_id| AccessClaims { user_id, session_id }))
}

/// The session a token belongs to, spent or not.
pub(crate) async fn of_token(conn: &mut Conn, hash: &[u8]) -> ApiResult<Option<Uuid>> {
    let session_id =
        refresh_tokens::table.find(hash).select(refresh_tokens::session_id).first(conn).await.optional()?;
    Ok(session_id)
}

/// The session of a token that was spent before. One that was never spent came too late: its session ran out.
pub(crate) async fn of_spent_token(conn: &mut Conn, hash: &[u8]) -> ApiResult<Option<Uuid>> {
    let spent = refresh_tokens::table.find(hash).filter(refresh_tokens::spent_at.is_not_null());
    Ok(spent.select(refresh_tokens::session_id).first(conn).await.optional()?)
}

/// Ends a session, unless it has ended; tells whose it was when it ended now.
pub(crate) async fn end(
    conn: &mut Conn,
    session_id: Uuid,
    reason: EndReason,
    now: DateTime<Utc>,
) -> ApiResult<Option<(Uuid, String)>> {
    let ended = diesel::update(sessions::table.find(session_id))
        .filter(sessions::ended_at.is_null())
        .set((sessions::ended_at.eq(now), sessions::end_reason.eq(reason.name())))
        .returning((sessions::user_id, sessions::device))
        .get_result(conn)
        .await
        .optional()?;
    Ok(ended)
}

/// Ends all sessions of a person but one; how many.
pub(crate) async fn end_all(
    conn: &mut Conn,
    user_id: Uuid,
    but: Option<Uuid>,
    reason: EndReason,
    now: DateTime<Utc>,
) -> ApiResult<usize> {
    let going_on = sessions::table
        .filter(sessions::user_id.eq(user_id).and(sessions::ended_at.is_null()))
        .filter(sessions::id.ne(but.unwrap_or(Uuid::nil())));
    let ended = diesel::update(going_on)
        .set((sessions::ended_at.eq(now), sessions::end_reason.eq(reason.name())))
        .execute(conn)
        .await?;
    Ok(ended)
}

/// Whether the session is one of the person's that goes on.
pub(crate) async fn is_own(
    conn: &mut Conn,
    user_id: Uuid,
    session_id: Uuid,
    now: DateTime<Utc>,
) -> ApiResult<bool> {
    let own = sessions::table
        .find(session_id)
        .filter(sessions::user_id.eq(user_id).and(sessions::ended_at.is_null()))
        .filter(sessions::expires_at.gt(now));
    Ok(diesel::select(diesel::dsl::exists(own)).get_result(conn).await?)
}

/// Notes that the session has just proved who it is.
pub(crate) async fn confirm(conn: &mut Conn, session_id: Uuid, now: DateTime<Utc>) -> ApiResult<()> {
    let session = diesel::update(sessions::table.find(session_id));
    session.set(sessions::confirmed_at.eq(now)).execute(conn).await?;
    Ok(())
}

/// At most 200 sessions of a person that go on, last used first; `current` is the one that asks.
pub(crate) async fn list(
    conn: &mut Conn,
    (user_id, current): (Uuid, Uuid),
    now: DateTime<Utc>,
) -> ApiResult<Vec<Device>> {
    type Where = (Option<String>, Option<String>, Option<String>);
    type Row = (Uuid, String, Where, DateTime<Utc>, DateTime<Utc>);
    let rows: Vec<Row> = sessions::table
        .filter(sessions::user_id.eq(user_id).and(sessions::ended_at.is_null()))
        .filter(sessions::expires_at.gt(now))
        .order((sessions::last_used_at.desc(), sessions::id.desc()))
        .limit(200)
        .select((
            sessions::id,
            sessions::device,
            (sessions::ip, sessions::country, sessions::city),
            sessions::created_at,
            sessions::last_used_at,
        ))
        .load(conn)
        .await?;
    let device = |(id, device, (ip, country, city), created_at, last_used_at)| Device {
        id,
        device,
        ip,
        country,
        city,
        created_at,
        last_used_at,
        current: id == current,
    };
    Ok(rows.into_iter().map(device).collect())
}

/// Forgets sessions that ended or ran out before `before`, and their tokens; how many.
pub(crate) async fn forget(conn: &mut Conn, before: DateTime<Utc>) -> ApiResult<usize> {
    let over = sessions::expires_at.lt(before).or(sessions::ended_at.assume_not_null().lt(before));
    let gone = sessions::table.filter(over).select(sessions::id);
    diesel::delete(refresh_tokens::table.filter(refresh_tokens::session_id.eq_any(gone)))
        .execute(conn)
        .await?;
    Ok(diesel::delete(sessions::table.filter(over)).execute(conn).await?)
}
