//! Every statement about contact methods and their proofs.

use chrono::{DateTime, Utc};
use contract::channels::Channel;
use contract::contact_methods::{ContactMethod, ContactOffer};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Binary, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::ids;
use platform::db::{Conn, sql};
use platform::error::{ApiError, ApiResult};
use platform::keys::MasterKey;
use uuid::Uuid;

use crate::channels::queries::method_purpose;

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// One at a time changes the ways to a person.
pub(super) async fn lock_person(conn: &mut Conn, user: Uuid) -> ApiResult<()> {
    let query = sql("SELECT id FROM people WHERE id = $1 FOR NO KEY UPDATE");
    query.bind::<SqlUuid, _>(user).get_result::<Id>(conn).await?;
    Ok(())
}

/// How many methods a person has.
pub(super) async fn count(conn: &mut Conn, user: Uuid) -> ApiResult<i64> {
    let query = sql("SELECT count(*) AS count FROM contact_methods WHERE user_id = $1");
    Ok(query.bind::<SqlUuid, _>(user).get_result::<Count>(conn).await?.count)
}

/// The person's method with one of these digests.
pub(super) async fn known(
    conn: &mut Conn,
    user: Uuid,
    channel: Channel,
    digests: &[Vec<u8>],
) -> ApiResult<Option<Uuid>> {
    let query =
        sql("SELECT id FROM contact_methods WHERE user_id = $1 AND channel = $2 AND digest = ANY($3)");
    let found: Option<Id> = query
        .bind::<SqlUuid, _>(user)
        .bind::<Text, _>(channel.name())
        .bind::<Array<Binary>, _>(digests)
        .get_result(conn)
        .await
        .optional()?;
    Ok(found.map(|row| row.id))
}

/// A method as the rules need it.
pub(super) struct Method {
    pub id: Uuid,
    pub org: Option<Uuid>,
    pub channel: Channel,
    pub shown: String,
    pub digest: Vec<u8>,
    pub verified_at: Option<DateTime<Utc>>,
    pub gone_at: Option<DateTime<Utc>>,
}

#[derive(QueryableByName)]
struct MethodRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    org_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    organisation: Option<String>,
    #[diesel(sql_type = Text)]
    channel: String,
    #[diesel(sql_type = Text)]
    shown: String,
    #[diesel(sql_type = Binary)]
    digest: Vec<u8>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    verified_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    gone_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
}

fn channel_of(name: &str) -> ApiResult<Channel> {
    Channel::from_name(name).ok_or_else(|| ApiError::internal(anyhow::anyhow!("unknown channel {name}")))
}

/// The methods of a person, newest first.
pub(super) async fn list(conn: &mut Conn, user: Uuid) -> ApiResult<Vec<ContactMethod>> {
    let rows = rows(conn, user, None).await?;
    let shown = |row: MethodRow| {
        Ok(ContactMethod {
            id: row.id,
            channel: channel_of(&row.channel)?,
            organisation: row.organisation,
            shown: row.shown,
            verified_at: row.verified_at,
            gone_at: row.gone_at,
            created_at: row.created_at,
        })
    };
    rows.into_iter().map(shown).collect()
}

/// One method of a person.
pub(super) async fn find(conn: &mut Conn, user: Uuid, id: Uuid) -> ApiResult<Option<Method>> {
    let row = rows(conn, user, Some(id)).await?.pop();
    let method = |row: MethodRow| {
        Ok(Method {
            id: row.id,
            org: row.org_id,
            channel: channel_of(&row.channel)?,
            shown: row.shown,
            digest: row.digest,
            verified_at: row.verified_at,
            gone_at: row.gone_at,
        })
    };
    row.map(method).transpose()
}

async fn rows(conn: &mut Conn, user: Uuid, id: Option<Uuid>) -> ApiResult<Vec<MethodRow>> {
    let query = sql("SELECT c.id, c.org_id, o.name AS organisation, channel, shown, digest, verified_at, gone_at, c.created_at
          FROM contact_methods c LEFT JOIN organisations o ON o.id = c.org_id
         WHERE user_id = $1 AND ($2 IS NULL OR c.id = $2) ORDER BY c.id DESC");
    Ok(query.bind::<SqlUuid, _>(user).bind::<Nullable<SqlUuid>, _>(id).load(conn).await?)
}

const OFFERS: &str = "
SELECT o.id AS org_id, o.name AS organisation, a.channel
  FROM channel_accounts a JOIN organisations o ON o.id = a.org_id
 WHERE a.enabled AND (EXISTS (SELECT FROM members m WHERE m.org_id = o.id AND m.user_id = $1)
                   OR EXISTS (SELECT FROM orders s WHERE s.org_id = o.id AND s.user_id = $1))
 ORDER BY o.name, o.id, a.channel";

/// Through whom a person can be reached: those they work for or bought from.
pub(super) async fn offers(conn: &mut Conn, user: Uuid) -> ApiResult<Vec<ContactOffer>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = SqlUuid)]
        org_id: Uuid,
        #[diesel(sql_type = Text)]
        organisation: String,
        #[diesel(sql_type = Text)]
        channel: String,
    }
    let rows: Vec<Row> = sql(OFFERS).bind::<SqlUuid, _>(user).load(conn).await?;
    let offer = |row: Row| {
        let channel = channel_of(&row.channel)?;
        Ok(ContactOffer { org_id: row.org_id, organisation: row.organisation, channel })
    };
    rows.into_iter().map(offer).collect()
}

/// Takes a method of a person away.
pub(super) async fn remove(conn: &mut Conn, user: Uuid, id: Uuid) -> ApiResult<()> {
    let query = sql("DELETE FROM contact_methods WHERE user_id = $1 AND id = $2");
    query.bind::<SqlUuid, _>(user).bind::<SqlUuid, _>(id).execute(conn).await?;
    Ok(())
}

/// Takes an address away from everybody but this person.
pub(super) async fn take_from_others(
    conn: &mut Conn,
    user: Uuid,
    channel: Channel,
    digests: &[Vec<u8>],
) -> ApiResult<()> {
    sql("DELETE FROM contact_methods WHERE user_id <> $1 AND channel = $2 AND digest = ANY($3)")
        .bind::<SqlUuid, _>(user)
        .bind::<Text, _>(channel.name())
        .bind::<Array<Binary>, _>(digests)
        .execute(conn)
        .await?;
    Ok(())
}

/// A method by its address.
#[derive(QueryableByName)]
pub(super) struct Found {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub user_id: Uuid,
    #[diesel(sql_type = Binary)]
    pub sealed: Vec<u8>,
    #[diesel(sql_type = Text)]
    pub shown: String,
}

/// Whose address it is.
pub(super) async fn by_digest(
    conn: &mut Conn,
    channel: Channel,
    digests: &[Vec<u8>],
) -> ApiResult<Option<Found>> {
    let query = sql("SELECT id, user_id, sealed, shown FROM contact_methods
                      WHERE channel = $1 AND digest = ANY($2) ORDER BY id DESC LIMIT 1");
    let found =
        query.bind::<Text, _>(channel.name()).bind::<Array<Binary>, _>(digests).get_result(conn).await;
    Ok(found.optional()?)
}

/// How many messages a person asked for since then, in all and to one address.
pub(super) async fn sent_since(
    conn: &mut Conn,
    user: Uuid,
    digest: &[u8],
    since: DateTime<Utc>,
) -> ApiResult<(i64, i64)> {
    let all = sql("SELECT count(*) AS count FROM contact_codes_sent WHERE user_id = $1 AND sent_at > $2");
    let all: Count = all.bind::<SqlUuid, _>(user).bind::<Timestamptz, _>(since).get_result(conn).await?;
    let here = sql("SELECT count(*) AS count FROM contact_codes_sent WHERE digest = $1 AND sent_at > $2");
    let here: Count = here.bind::<Binary, _>(digest).bind::<Timestamptz, _>(since).get_result(conn).await?;
    Ok((all.count, here.count))
}

/// A person asked for a message.
pub(super) async fn note_sent(
    conn: &mut Conn,
    user: Uuid,
    digest: &[u8],
    now: DateTime<Utc>,
) -> ApiResult<()> {
    sql("INSERT INTO contact_codes_sent (id, user_id, digest, sent_at) VALUES ($1, $2, $3, $4)")
        .bind::<SqlUuid, _>(ids::new_id())
        .bind::<SqlUuid, _>(user)
        .bind::<Binary, _>(digest)
        .bind::<Timestamptz, _>(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// Keeps the code sent last; older ones are good no more.
pub(super) async fn set_code(
    conn: &mut Conn,
    method: Uuid,
    hash: &[u8],
    until: DateTime<Utc>,
) -> ApiResult<()> {
    sql("INSERT INTO contact_codes (method_id, code_hash, tries, expires_at) VALUES ($1, $2, 0, $3)
         ON CONFLICT (method_id) DO UPDATE SET
             code_hash = excluded.code_hash, tries = 0, expires_at = excluded.expires_at")
    .bind::<SqlUuid, _>(method)
    .bind::<Binary, _>(hash)
    .bind::<Timestamptz, _>(until)
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes one of a code's tries; none when it is over. What is kept of it.
pub(super) async fn take_try(
    conn: &mut Conn,
    method: Uuid,
    most: i16,
    now: DateTime<Utc>,
) -> ApiResult<Option<Vec<u8>>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Binary)]
        code_hash: Vec<u8>,
    }
    let row: Option<Row> = sql("UPDATE contact_codes SET tries = tries + 1
        WHERE method_id = $1 AND tries < $2 AND expires_at > $3 RETURNING code_hash")
    .bind::<SqlUuid, _>(method)
    .bind::<SmallInt, _>(most)
    .bind::<Timestamptz, _>(now)
    .get_result(conn)
    .await
    .optional()?;
    Ok(row.map(|row| row.code_hash))
}

/// A method is proved, and its code used up.
pub(super) async fn verify(conn: &mut Conn, method: Uuid, now: DateTime<Utc>) -> ApiResult<()> {
    sql("DELETE FROM contact_codes WHERE method_id = $1").bind::<SqlUuid, _>(method).execute(conn).await?;
    sql("UPDATE contact_methods SET verified_at = $2 WHERE id = $1")
        .bind::<SqlUuid, _>(method)
        .bind::<Timestamptz, _>(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// A method as it is written.
pub(super) struct NewMethod<'a> {
    pub id: Uuid,
    pub user: Uuid,
    pub org: Option<Uuid>,
    pub channel: Channel,
    pub address: &'a str,
    pub digest: &'a [u8],
    pub shown: &'a str,
}

const PUT: &str = "
INSERT INTO contact_methods (id, user_id, org_id, channel, sealed, digest, shown, verified_at, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (id) DO UPDATE SET sealed = excluded.sealed, digest = excluded.digest, shown = excluded.shown,
    verified_at = excluded.verified_at, gone_at = NULL";

/// Writes a method. One that was there leads somewhere again.
pub(super) async fn put(
    conn: &mut Conn,
    keys: &MasterKey,
    method: &NewMethod<'_>,
    (now, verified): (DateTime<Utc>, Option<DateTime<Utc>>),
) -> ApiResult<()> {
    let sealed = keys.seal(&method_purpose(method.id), method.address.as_bytes());
    sql(PUT)
        .bind::<SqlUuid, _>(method.id)
        .bind::<SqlUuid, _>(method.user)
        .bind::<Nullable<SqlUuid>, _>(method.org)
        .bind::<Text, _>(method.channel.name())
        .bind::<Binary, _>(sealed)
        .bind::<Binary, _>(method.digest)
        .bind::<Text, _>(method.shown)
        .bind::<Nullable<Timestamptz>, _>(verified)
        .bind::<Timestamptz, _>(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// How many codes of a person are good just now.
pub(super) async fn open_links(conn: &mut Conn, user: Uuid, now: DateTime<Utc>) -> ApiResult<i64> {
    let query = sql("SELECT count(*) AS count FROM contact_links WHERE user_id = $1 AND expires_at > $2");
    Ok(query.bind::<SqlUuid, _>(user).bind::<Timestamptz, _>(now).get_result::<Count>(conn).await?.count)
}

/// Keeps a code.
pub(super) async fn add_link(
    conn: &mut Conn,
    (user, org, channel): (Uuid, Uuid, Channel),
    hash: &[u8],
    (now, until): (DateTime<Utc>, DateTime<Utc>),
) -> ApiResult<()> {
    sql("INSERT INTO contact_links (id, user_id, org_id, channel, code_hash, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)")
    .bind::<SqlUuid, _>(ids::new_id())
    .bind::<SqlUuid, _>(user)
    .bind::<SqlUuid, _>(org)
    .bind::<Text, _>(channel.name())
    .bind::<Binary, _>(hash)
    .bind::<Timestamptz, _>(now)
    .bind::<Timestamptz, _>(until)
    .execute(conn)
    .await?;
    Ok(())
}

/// Uses a code up; whose it was. None: there is no such code, or no more.
pub(super) async fn spend_link(
    conn: &mut Conn,
    (org, channel): (Uuid, Channel),
    hashes: &[Vec<u8>],
    now: DateTime<Utc>,
) -> ApiResult<Option<Uuid>> {
    let spent: Option<Id> = sql("DELETE FROM contact_links
        WHERE org_id = $1 AND channel = $2 AND code_hash = ANY($3) AND expires_at > $4 RETURNING user_id AS id")
    .bind::<SqlUuid, _>(org)
    .bind::<Text, _>(channel.name())
    .bind::<Array<Binary>, _>(hashes)
    .bind::<Timestamptz, _>(now)
    .get_result(conn)
    .await
    .optional()?;
    Ok(spent.map(|row| row.id))
}

/// How often a sender guessed wrong since then.
pub(super) async fn guesses(conn: &mut Conn, sender: &[Vec<u8>], since: DateTime<Utc>) -> ApiResult<i64> {
    let query = sql("SELECT coalesce(sum(wrong), 0)::bigint AS count FROM contact_guesses
                      WHERE sender = ANY($1) AND since > $2");
    let found: Count =
        query.bind::<Array<Binary>, _>(sender).bind::<Timestamptz, _>(since).get_result(conn).await?;
    Ok(found.count)
}

/// A sender guessed wrong; what was before `since` counts no more.
pub(super) async fn note_guess(
    conn: &mut Conn,
    sender: &[u8],
    now: DateTime<Utc>,
    since: DateTime<Utc>,
) -> ApiResult<()> {
    sql("INSERT INTO contact_guesses (sender, wrong, since) VALUES ($1, $2, $3)
         ON CONFLICT (sender) DO UPDATE SET
             wrong = CASE WHEN contact_guesses.since > $4 THEN contact_guesses.wrong ELSE 0 END + $2,
             since = CASE WHEN contact_guesses.since > $4 THEN contact_guesses.since ELSE $3 END")
    .bind::<Binary, _>(sender)
    .bind::<SmallInt, _>(1)
    .bind::<Timestamptz, _>(now)
    .bind::<Timestamptz, _>(since)
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets codes that are over, and what was sent and guessed before `remembered`.
pub(super) async fn forget(conn: &mut Conn, now: DateTime<Utc>, remembered: DateTime<Utc>) -> ApiResult<()> {
    for statement in [
        "DELETE FROM contact_links WHERE expires_at <= $1 AND $2 IS NOT NULL",
        "DELETE FROM contact_guesses WHERE since < $2 AND $1 IS NOT NULL",
        "DELETE FROM contact_codes_sent WHERE sent_at < $2 AND $1 IS NOT NULL",
        // Whoever did not prove a number by then has to begin again.
        "DELETE FROM contact_methods WHERE verified_at IS NULL AND created_at < $2 AND $1 IS NOT NULL",
    ] {
        sql(statement).bind::<Timestamptz, _>(now).bind::<Timestamptz, _>(remembered).execute(conn).await?;
    }
    Ok(())
}
