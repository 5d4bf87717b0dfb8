//! Every statement about teams.

use chrono::{DateTime, Utc};
use contract::teams::Team;
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{Array, BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::Permissions;
use platform::db::{Conn, sql};
use platform::error::ApiResult;
use uuid::Uuid;

use crate::members::queries::role_named;

#[derive(QueryableByName)]
struct TeamRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Array<SqlUuid>)]
    members: Vec<Uuid>,
}

impl From<TeamRow> for Team {
    fn from(row: TeamRow) -> Self {
        Self { id: row.id, name: row.name, members: row.members }
    }
}

const TEAMS: &str = "
SELECT team.id, team.name, ARRAY(SELECT user_id FROM team_members WHERE team_id = team.id ORDER BY user_id) AS members
  FROM teams AS team
 WHERE team.org_id = $1 AND ($2 IS NULL OR team.id = $2) AND ($3 IS NULL OR team.id > $3)
 ORDER BY team.id LIMIT $4";

/// At most `limit` teams, oldest first, those after `after`.
pub(crate) async fn list(
    conn: &mut Conn,
    org: Uuid,
    after: Option<Uuid>,
    limit: i64,
) -> ApiResult<Vec<Team>> {
    load(conn, org, None, after, limit).await
}

/// One team; `not_found` when the organisation has none of this id.
pub(crate) async fn find(conn: &mut Conn, org: Uuid, id: Uuid) -> ApiResult<Team> {
    let found = load(conn, org, Some(id), None, 1).await?.pop();
    found.ok_or_else(|| contract::ErrorCode::NotFound.into())
}

async fn load(
    conn: &mut Conn,
    org: Uuid,
    id: Option<Uuid>,
    after: Option<Uuid>,
    limit: i64,
) -> ApiResult<Vec<Team>> {
    let rows: Vec<TeamRow> = sql(TEAMS)
        .bind::<SqlUuid, _>(org)
        .bind::<Nullable<SqlUuid>, _>(id)
        .bind::<Nullable<SqlUuid>, _>(after)
        .bind::<BigInt, _>(limit)
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(Team::from).collect())
}

pub(crate) async fn insert(
    conn: &mut Conn,
    org: Uuid,
    id: Uuid,
    name: &str,
    now: DateTime<Utc>,
) -> ApiResult<()> {
    sql("INSERT INTO teams (org_id, id, name, created_at) VALUES ($1, $2, $3, $4)")
        .bind::<SqlUuid, _>(org)
        .bind::<SqlUuid, _>(id)
        .bind::<Text, _>(name)
        .bind::<Timestamptz, _>(now)
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn rename(conn: &mut Conn, org: Uuid, id: Uuid, name: &str) -> ApiResult<usize> {
    let renamed = sql("UPDATE teams SET name = $3 WHERE org_id = $1 AND id = $2")
        .bind::<SqlUuid, _>(org)
        .bind::<SqlUuid, _>(id)
        .bind::<Text, _>(name)
        .execute(conn)
        .await?;
    Ok(renamed)
}

/// Dissolves a team; its grants and its list of members go with it.
pub(crate) async fn delete(conn: &mut Conn, org: Uuid, id: Uuid) -> ApiResult<usize> {
    let gone = sql("DELETE FROM teams WHERE org_id = $1 AND id = $2")
        .bind::<SqlUuid, _>(org)
        .bind::<SqlUuid, _>(id)
        .execute(conn)
        .await?;
    Ok(gone)
}

/// Puts a member into teams, where they are not yet; how many. A team that is gone is left out;
/// `not_found` comes from the reference to members.
pub(crate) async fn join(
    conn: &mut Conn,
    org: Uuid,
    teams: &[Uuid],
    user_id: Uuid,
    now: DateTime<Utc>,
) -> ApiResult<usize> {
    let joined = sql("
        INSERT INTO team_members (org_id, team_id, user_id, created_at)
        SELECT org_id, id, $3, $4 FROM teams WHERE org_id = $1 AND id = ANY($2)
        ON CONFLICT (team_id, user_id) DO NOTHING")
    .bind::<SqlUuid, _>(org)
    .bind::<Array<SqlUuid>, _>(teams)
    .bind::<SqlUuid, _>(user_id)
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .await?;
    Ok(joined)
}

pub(crate) async fn leave(conn: &mut Conn, org: Uuid, team: Uuid, user_id: Uuid) -> ApiResult<usize> {
    let left = sql("DELETE FROM team_members WHERE org_id = $1 AND team_id = $2 AND user_id = $3")
        .bind::<SqlUuid, _>(org)
        .bind::<SqlUuid, _>(team)
        .bind::<SqlUuid, _>(user_id)
        .execute(conn)
        .await?;
    Ok(left)
}

/// How many of these teams the organisation has.
pub(crate) async fn known(conn: &mut Conn, org: Uuid, teams: &[Uuid]) -> ApiResult<usize> {
    #[derive(QueryableByName)]
    struct Id {
        #[diesel(sql_type = SqlUuid)]
        #[expect(dead_code, reason = "only counted")]
        id: Uuid,
    }
    let rows: Vec<Id> = sql("SELECT id FROM teams WHERE org_id = $1 AND id = ANY($2)")
        .bind::<SqlUuid, _>(org)
        .bind::<Array<SqlUuid>, _>(teams)
        .load(conn)
        .await?;
    Ok(rows.len())
}

#[derive(QueryableByName)]
struct HeldRow {
    #[diesel(sql_type = Text)]
    role: String,
    #[diesel(sql_type = Nullable<Array<Text>>)]
    permissions: Option<Vec<String>>,
    #[diesel(sql_type = Text)]
    scope_kind: String,
}

/// All that is granted to these teams, wherever it reaches.
pub(crate) async fn held(conn: &mut Conn, org: Uuid, teams: &[Uuid]) -> ApiResult<Permissions> {
    let rows: Vec<HeldRow> = sql("
        SELECT g.role, role.permissions, g.scope_kind FROM grants AS g
        LEFT JOIN roles AS role ON role.id = g.custom_role_id
        WHERE g.org_id = $1 AND g.team_id = ANY($2)")
    .bind::<SqlUuid, _>(org)
    .bind::<Array<SqlUuid>, _>(teams)
    .load(conn)
    .await?;
    let mut held = Permissions::NONE;
    for row in rows {
        let role = role_named(&row.role)?;
        let permissions = match &row.permissions {
            Some(names) => Permissions::named(names.iter().map(String::as_str)),
            None => role.permissions(),
        };
        held = held.and(if row.scope_kind == "organisation" { permissions } else { permissions.narrowed() });
    }
    Ok(held)
}
