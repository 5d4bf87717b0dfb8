//! Every statement about what readers want.

use chrono::{DateTime, Utc};
use contract::channels::{Channel, Topic};
use diesel::OptionalExtension as _;
use diesel::QueryableByName;
use diesel::sql_types::{Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::Locale;
use platform::db::{Conn, sql};
use platform::error::{ApiError, ApiResult};
use uuid::Uuid;

#[derive(QueryableByName)]
struct Flag {
    #[diesel(sql_type = Bool)]
    flag: bool,
}

/// What a person said of mail about a topic; none: nothing.
pub(super) async fn preference(conn: &mut Conn, user: Uuid, topic: Topic) -> ApiResult<Option<bool>> {
    let query = sql("SELECT wanted AS flag FROM notification_preferences
                      WHERE user_id = $1 AND topic = $2 AND channel = $3");
    let found: Option<Flag> = query
        .bind::<SqlUuid, _>(user)
        .bind::<Text, _>(topic.name())
        .bind::<Text, _>(Channel::Email.name())
        .get_result(conn)
        .await
        .optional()?;
    Ok(found.map(|row| row.flag))
}

/// Keeps what a person says of mail about a topic.
pub(super) async fn prefer(conn: &mut Conn, user: Uuid, topic: Topic, wanted: bool) -> ApiResult<()> {
    sql("INSERT INTO notification_preferences (user_id, topic, channel, wanted) VALUES ($1, $2, $3, $4)
         ON CONFLICT (user_id, topic, channel) DO UPDATE SET wanted = excluded.wanted")
    .bind::<SqlUuid, _>(user)
    .bind::<Text, _>(topic.name())
    .bind::<Text, _>(Channel::Email.name())
    .bind::<Bool, _>(wanted)
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether mail about a topic was refused for an address.
pub(super) async fn refused(conn: &mut Conn, address: &str, topic: Topic) -> ApiResult<bool> {
    let query =
        sql("SELECT EXISTS (SELECT FROM mail_refusals WHERE address = lower($1) AND topic = $2) AS flag");
    let found: Flag = query.bind::<Text, _>(address).bind::<Text, _>(topic.name()).get_result(conn).await?;
    Ok(found.flag)
}

/// Refuses mail about a topic for an address.
pub(super) async fn refuse(
    conn: &mut Conn,
    address: &str,
    topic: Topic,
    now: DateTime<Utc>,
) -> ApiResult<()> {
    sql("INSERT INTO mail_refusals (address, topic, refused_at) VALUES (lower($1), $2, $3) ON CONFLICT DO NOTHING")
        .bind::<Text, _>(address)
        .bind::<Text, _>(topic.name())
        .bind::<Timestamptz, _>(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// The same for the account whose proven address it is, if there is one.
pub(super) async fn refuse_of_account(conn: &mut Conn, address: &str, topic: Topic) -> ApiResult<()> {
    sql("INSERT INTO notification_preferences (user_id, topic, channel, wanted)
         SELECT id, $2, $3, false FROM people WHERE lower(email) = lower($1) AND verified_at IS NOT NULL
         ON CONFLICT (user_id, topic, channel) DO UPDATE SET wanted = false")
    .bind::<Text, _>(address)
    .bind::<Text, _>(topic.name())
    .bind::<Text, _>(Channel::Email.name())
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes that back.
pub(super) async fn accept(conn: &mut Conn, address: &str, topic: Topic) -> ApiResult<()> {
    sql("DELETE FROM mail_refusals WHERE address = lower($1) AND topic = $2")
        .bind::<Text, _>(address)
        .bind::<Text, _>(topic.name())
        .execute(conn)
        .await?;
    Ok(())
}

#[derive(QueryableByName)]
struct LetterRow {
    #[diesel(sql_type = Nullable<SqlUuid>)]
    org_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    user_id: Option<Uuid>,
    #[diesel(sql_type = Text)]
    recipient: String,
    #[diesel(sql_type = Text)]
    topic: String,
    #[diesel(sql_type = Text)]
    locale: String,
}

/// The letter whose reader speaks.
#[derive(Debug)]
pub(super) struct Letter {
    pub org_id: Option<Uuid>,
    pub user_id: Option<Uuid>,
    pub address: String,
    pub topic: Topic,
    pub locale: Locale,
}

/// The letter of a delivery; none: it is kept no more.
pub(super) async fn letter(conn: &mut Conn, delivery: Uuid) -> ApiResult<Option<Letter>> {
    let query = sql(
        "SELECT org_id, user_id, recipient, topic, locale FROM deliveries WHERE id = $1 AND channel = 'email'",
    );
    let row: Option<LetterRow> = query.bind::<SqlUuid, _>(delivery).get_result(conn).await.optional()?;
    let Some(row) = row else { return Ok(None) };
    let unknown = |what: &str| ApiError::internal(anyhow::anyhow!("delivery {delivery}: unknown {what}"));
    Ok(Some(Letter {
        org_id: row.org_id,
        user_id: row.user_id,
        address: row.recipient,
        topic: Topic::from_name(&row.topic).ok_or_else(|| unknown("topic"))?,
        locale: Locale::from_tag(&row.locale).ok_or_else(|| unknown("locale"))?,
    }))
}
