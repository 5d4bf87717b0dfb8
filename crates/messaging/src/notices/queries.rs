//! Every statement about notices.

use chrono::{DateTime, Utc};
use contract::channels::{Channel, Topic};
use contract::notices::Notice;
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use platform::db::{Conn, sql};
use platform::error::{ApiError, ApiResult};
use serde_json::Value;
use uuid::Uuid;

use super::service;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    org_id: Uuid,
    #[diesel(sql_type = Text)]
    topic: String,
    #[diesel(sql_type = Jsonb)]
    content: Value,
    #[diesel(sql_type = Nullable<Text>)]
    link: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    read_at: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for Notice {
    type Error = ApiError;

    fn try_from(row: Row) -> ApiResult<Self> {
        let topic = Topic::from_name(&row.topic);
        Ok(Self {
            id: row.id,
            organisation_id: row.org_id,
            topic: topic.ok_or_else(|| ApiError::internal(anyhow::anyhow!("unknown topic {}", row.topic)))?,
            content: serde_json::from_value(row.content)?,
            link: row.link,
            created_at: row.created_at,
            read_at: row.read_at,
        })
    }
}

/// Writes a notice unless its cause has told the person before; tells whether it did.
pub(super) async fn insert(
    conn: &mut Conn,
    id: Uuid,
    notice: &service::Notice,
    now: DateTime<Utc>,
) -> ApiResult<bool> {
    let inserted = sql("
INSERT INTO notices (id, org_id, user_id, topic, content, link, cause, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING")
    .bind::<SqlUuid, _>(id)
    .bind::<SqlUuid, _>(notice.org_id)
    .bind::<SqlUuid, _>(notice.to.user_id)
    .bind::<Text, _>(notice.content.topic().name())
    .bind::<Jsonb, _>(serde_json::to_value(&notice.content)?)
    .bind::<Nullable<Text>, _>(&notice.link)
    .bind::<Text, _>(&notice.cause)
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .await?;
    Ok(inserted == 1)
}

/// At most `limit` notices of a person, newest first, those before `after`.
pub(super) async fn list(
    conn: &mut Conn,
    user: Uuid,
    unread: bool,
    after: Option<Uuid>,
    limit: i64,
) -> ApiResult<Vec<Notice>> {
    let rows: Vec<Row> = sql("
SELECT id, org_id, topic, content, link, created_at, read_at FROM notices
 WHERE user_id = $1 AND ($2 IS NULL OR id < $2) AND NOT ($3 AND read_at IS NOT NULL)
 ORDER BY id DESC LIMIT $4")
    .bind::<SqlUuid, _>(user)
    .bind::<Nullable<SqlUuid>, _>(after)
    .bind::<Bool, _>(unread)
    .bind::<BigInt, _>(limit)
    .load(conn)
    .await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// How many notices a person has not read, counted up to `most`.
pub(super) async fn unread(conn: &mut Conn, user: Uuid, most: i64) -> ApiResult<i64> {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    let query = sql("SELECT count(*) AS count FROM (
                       SELECT FROM notices WHERE user_id = $1 AND read_at IS NULL LIMIT $2) AS unread");
    let count: Count = query.bind::<SqlUuid, _>(user).bind::<BigInt, _>(most).get_result(conn).await?;
    Ok(count.count)
}

/// Marks a notice; none when the person has no such notice.
pub(super) async fn mark(
    conn: &mut Conn,
    user: Uuid,
    id: Uuid,
    read_at: Option<DateTime<Utc>>,
) -> ApiResult<Option<Notice>> {
    // Read again it keeps the time of the first.
    let rows: Vec<Row> = sql("
UPDATE notices SET read_at = CASE WHEN $3 IS NULL THEN NULL ELSE coalesce(read_at, $3) END
 WHERE id = $1 AND user_id = $2
RETURNING id, org_id, topic, content, link, created_at, read_at")
    .bind::<SqlUuid, _>(id)
    .bind::<SqlUuid, _>(user)
    .bind::<Nullable<Timestamptz>, _>(read_at)
    .load(conn)
    .await?;
    rows.into_iter().next().map(TryInto::try_into).transpose()
}

/// Marks everything up to a notice as read; tells in which organisations something changed.
pub(super) async fn mark_all(
    conn: &mut Conn,
    user: Uuid,
    up_to: Uuid,
    now: DateTime<Utc>,
) -> ApiResult<Vec<Uuid>> {
    #[derive(QueryableByName)]
    struct Org {
        #[diesel(sql_type = SqlUuid)]
        org_id: Uuid,
    }
    let query = sql("UPDATE notices SET read_at = $3
                      WHERE user_id = $1 AND id <= $2 AND read_at IS NULL RETURNING org_id");
    let rows: Vec<Org> = query
        .bind::<SqlUuid, _>(user)
        .bind::<SqlUuid, _>(up_to)
        .bind::<Timestamptz, _>(now)
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|row| row.org_id).collect())
}

/// A room of a team, as a message names it.
#[derive(QueryableByName)]
struct RoomRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    channel: String,
    #[diesel(sql_type = Text)]
    name: String,
}

/// The open rooms of an organisation in which a topic is told.
pub(super) async fn rooms(
    conn: &mut Conn,
    org: Uuid,
    topic: Topic,
) -> ApiResult<Vec<(Uuid, Channel, String)>> {
    let query = sql("SELECT id, channel, name FROM destinations
                      WHERE org_id = $1 AND enabled AND $2 = ANY (topics) ORDER BY id");
    let rows: Vec<RoomRow> = query.bind::<SqlUuid, _>(org).bind::<Text, _>(topic.name()).load(conn).await?;
    rows.into_iter()
        .map(|row| {
            let channel = Channel::from_name(&row.channel);
            let unknown = || ApiError::internal(anyhow::anyhow!("unknown channel {}", row.channel));
            Ok((row.id, channel.ok_or_else(unknown)?, row.name))
        })
        .collect()
}
