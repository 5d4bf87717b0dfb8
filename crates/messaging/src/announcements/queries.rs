//! Every statement about announcements.

use chrono::{DateTime, Utc};
use contract::notices::{Announce, Announcement};
use diesel::OptionalExtension as _;
use diesel::QueryableByName;
use diesel::sql_types::{Array, BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::Role;
use platform::db::{Conn, sql};
use platform::error::{ApiError, ApiResult};
use uuid::Uuid;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    title: String,
    #[diesel(sql_type = Text)]
    body: String,
    #[diesel(sql_type = Array<Text>)]
    roles: Vec<String>,
    #[diesel(sql_type = Nullable<Integer>)]
    total: Option<i32>,
    #[diesel(sql_type = Integer)]
    told: i32,
    #[diesel(sql_type = BigInt)]
    read: i64,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    done_at: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for Announcement {
    type Error = ApiError;

    fn try_from(row: Row) -> ApiResult<Self> {
        Ok(Self {
            id: row.id,
            title: row.title,
            text: row.body,
            roles: roles_named(&row.roles)?,
            total: row.total,
            told: row.told,
            read: row.read,
            created_at: row.created_at,
            done_at: row.done_at,
        })
    }
}

const SELECT: &str = "
SELECT id, title, body, roles, total, told, created_at, done_at,
       (SELECT count(*) FROM notices
         WHERE cause = 'announcement:' || announcements.id AND org_id = $1 AND read_at IS NOT NULL) AS read
  FROM announcements WHERE org_id = $1 AND ($2 IS NULL OR id = $2) AND ($3 IS NULL OR id < $3)
 ORDER BY id DESC LIMIT $4";

/// At most `limit` announcements, newest first: one, or those before `after`.
pub(super) async fn select(
    conn: &mut Conn,
    org: Uuid,
    id: Option<Uuid>,
    after: Option<Uuid>,
    limit: i64,
) -> ApiResult<Vec<Announcement>> {
    let rows: Vec<Row> = sql(SELECT)
        .bind::<SqlUuid, _>(org)
        .bind::<Nullable<SqlUuid>, _>(id)
        .bind::<Nullable<SqlUuid>, _>(after)
        .bind::<BigInt, _>(limit)
        .load(conn)
        .await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// What is told, to whom, by whom, and whether all have been told.
#[derive(QueryableByName)]
pub(super) struct Said {
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub author_id: Option<Uuid>,
    #[diesel(sql_type = Text)]
    pub title: String,
    #[diesel(sql_type = Text)]
    pub body: String,
    #[diesel(sql_type = Array<Text>)]
    pub roles: Vec<String>,
}

/// An announcement that not all have been told yet.
pub(super) async fn waiting(conn: &mut Conn, org: Uuid, id: Uuid) -> ApiResult<Option<Said>> {
    let query = sql("SELECT author_id, title, body, roles FROM announcements
                      WHERE org_id = $1 AND id = $2 AND done_at IS NULL");
    Ok(query.bind::<SqlUuid, _>(org).bind::<SqlUuid, _>(id).get_result(conn).await.optional()?)
}

/// The roles of those names.
pub(super) fn roles_named(names: &[String]) -> ApiResult<Vec<Role>> {
    let unknown = |name: &str| ApiError::internal(anyhow::anyhow!("unknown role {name}"));
    names.iter().map(|name| Role::from_name(name).ok_or_else(|| unknown(name))).collect()
}

/// Writes one.
pub(super) async fn insert(
    conn: &mut Conn,
    (org, id, author): (Uuid, Uuid, Option<Uuid>),
    wish: &Announce,
    now: DateTime<Utc>,
) -> ApiResult<()> {
    let roles: Vec<&str> = wish.roles.iter().map(|role| role.name()).collect();
    sql("INSERT INTO announcements (id, org_id, author_id, title, body, roles, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)")
    .bind::<SqlUuid, _>(id)
    .bind::<SqlUuid, _>(org)
    .bind::<Nullable<SqlUuid>, _>(author)
    .bind::<Text, _>(wish.title.trim())
    .bind::<Text, _>(wish.text.trim())
    .bind::<Array<Text>, _>(roles)
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes how many are to be told, the first time.
pub(super) async fn set_total(conn: &mut Conn, id: Uuid, total: i32) -> ApiResult<()> {
    sql("UPDATE announcements SET total = $2 WHERE id = $1 AND total IS NULL")
        .bind::<SqlUuid, _>(id)
        .bind::<Integer, _>(total)
        .execute(conn)
        .await?;
    Ok(())
}

/// Notes that so many more were told, and when all were.
pub(super) async fn add_told(
    conn: &mut Conn,
    id: Uuid,
    more: i32,
    done_at: Option<DateTime<Utc>>,
) -> ApiResult<()> {
    sql("UPDATE announcements SET told = told + $2, done_at = coalesce(done_at, $3) WHERE id = $1")
        .bind::<SqlUuid, _>(id)
        .bind::<Integer, _>(more)
        .bind::<Nullable<Timestamptz>, _>(done_at)
        .execute(conn)
        .await?;
    Ok(())
}
