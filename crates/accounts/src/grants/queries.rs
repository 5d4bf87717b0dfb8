//! Every statement about grants.

use chrono::{DateTime, Utc};
use contract::grants::{Grant, Grantee};
use contract::roles::RoleRef;
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::Scope;
use platform::db::{Conn, sql};
use platform::error::{ApiError, ApiResult};
use uuid::Uuid;

use crate::members::queries::role_named;

#[derive(QueryableByName)]
struct GrantRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    user_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    team_id: Option<Uuid>,
    #[diesel(sql_type = Text)]
    role: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    custom_role_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    custom_role_name: Option<String>,
    #[diesel(sql_type = Text)]
    scope_kind: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    scope_id: Option<Uuid>,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
}

impl TryFrom<GrantRow> for Grant {
    type Error = ApiError;

    fn try_from(row: GrantRow) -> ApiResult<Self> {
        let broken = || ApiError::internal(anyhow::anyhow!("grant {} is broken", row.id));
        let to = match (row.user_id, row.team_id) {
            (Some(member), None) => Grantee::Member(member),
            (None, Some(team)) => Grantee::Team(team),
            _ => return Err(broken()),
        };
        let custom_role = row.custom_role_id.zip(row.custom_role_name.clone());
        Ok(Self {
            id: row.id,
            to,
            role: role_named(&row.role)?,
            custom_role: custom_role.map(|(id, name)| RoleRef { id, name }),
            scope: Scope::of(&row.scope_kind, row.scope_id).ok_or_else(broken)?,
            since: row.created_at,
        })
    }
}

const GRANTS: &str = "
SELECT g.id, g.user_id, g.team_id, g.role, g.custom_role_id, role.name AS custom_role_name,
       g.scope_kind, g.scope_id, g.created_at
  FROM grants AS g LEFT JOIN roles AS role ON role.id = g.custom_role_id
 WHERE g.org_id = $1 AND ($2 IS NULL OR g.id = $2) AND ($3 IS NULL OR g.id > $3)
 ORDER BY g.id LIMIT $4";

/// At most `limit` grants, oldest first, those after `after`.
pub(crate) async fn list(
    conn: &mut Conn,
    org: Uuid,
    after: Option<Uuid>,
    limit: i64,
) -> ApiResult<Vec<Grant>> {
    load(conn, org, None, after, limit).await
}

/// One grant; `not_found` when the organisation has none of this id.
pub(crate) async fn find(conn: &mut Conn, org: Uuid, id: Uuid) -> ApiResult<Grant> {
    let found = load(conn, org, Some(id), None, 1).await?.pop();
    found.ok_or_else(|| contract::ErrorCode::NotFound.into())
}

async fn load(
    conn: &mut Conn,
    org: Uuid,
    id: Option<Uuid>,
    after: Option<Uuid>,
    limit: i64,
) -> ApiResult<Vec<Grant>> {
    let rows: Vec<GrantRow> = sql(GRANTS)
        .bind::<SqlUuid, _>(org)
        .bind::<Nullable<SqlUuid>, _>(id)
        .bind::<Nullable<SqlUuid>, _>(after)
        .bind::<BigInt, _>(limit)
        .load(conn)
        .await?;
    rows.into_iter().map(Grant::try_from).collect()
}

pub(crate) async fn insert(conn: &mut Conn, org: Uuid, grant: &Grant) -> ApiResult<()> {
    let (member, team) = match grant.to {
        Grantee::Member(id) => (Some(id), None),
        Grantee::Team(id) => (None, Some(id)),
    };
    sql("
        INSERT INTO grants (org_id, id, user_id, team_id, role, custom_role_id, scope_kind, scope_id, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
    .bind::<SqlUuid, _>(org)
    .bind::<SqlUuid, _>(grant.id)
    .bind::<Nullable<SqlUuid>, _>(member)
    .bind::<Nullable<SqlUuid>, _>(team)
    .bind::<Text, _>(grant.role.name())
    .bind::<Nullable<SqlUuid>, _>(grant.custom_role.as_ref().map(|role| role.id))
    .bind::<Text, _>(grant.scope.kind())
    .bind::<Nullable<SqlUuid>, _>(grant.scope.id())
    .bind::<Timestamptz, _>(grant.since)
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) async fn delete(conn: &mut Conn, org: Uuid, id: Uuid) -> ApiResult<usize> {
    let gone = sql("DELETE FROM grants WHERE org_id = $1 AND id = $2")
        .bind::<SqlUuid, _>(org)
        .bind::<SqlUuid, _>(id)
        .execute(conn)
        .await?;
    Ok(gone)
}

/// Whether the scope is there for the organisation: its own event, a venue it may use.
pub(crate) async fn is_there(conn: &mut Conn, org: Uuid, scope: Scope) -> ApiResult<bool> {
    #[derive(QueryableByName)]
    struct Answer {
        #[diesel(sql_type = Bool)]
        yes: bool,
    }
    let query = match scope {
        Scope::Organisation => return Ok(true),
        Scope::Event(_) => sql("SELECT EXISTS (SELECT FROM events WHERE org_id = $1 AND id = $2) AS yes"),
        Scope::Venue(_) => sql("
            SELECT EXISTS (SELECT FROM venues WHERE (org_id = $1 OR open_to_promoters) AND id = $2) AS yes"),
    };
    let query = query.bind::<SqlUuid, _>(org).bind::<Nullable<SqlUuid>, _>(scope.id());
    let answer: Answer = query.get_result(conn).await?;
    Ok(answer.yes)
}
