//! Every statement about custom roles.

use contract::roles::{RoleEntry, RoleRef};
use diesel::OptionalExtension as _;
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{Array, BigInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::{Permissions, Role};
use platform::db::{Conn, sql};
use platform::error::ApiResult;
use uuid::Uuid;

#[derive(QueryableByName)]
pub(crate) struct RoleRow {
    #[diesel(sql_type = SqlUuid)]
    pub(crate) id: Uuid,
    #[diesel(sql_type = Text)]
    pub(crate) name: String,
    #[diesel(sql_type = Array<Text>)]
    permissions: Vec<String>,
    #[diesel(sql_type = BigInt)]
    used: i64,
}

impl RoleRow {
    pub(crate) fn permissions(&self) -> Permissions {
        Permissions::named(self.permissions.iter().map(String::as_str))
    }
}

impl From<RoleRow> for RoleEntry {
    fn from(row: RoleRow) -> Self {
        let permissions = row.permissions().iter().collect();
        let custom = Some(RoleRef { id: row.id, name: row.name });
        Self { role: Role::Client, custom, permissions, used: row.used }
    }
}

#[derive(QueryableByName)]
struct UsedRow {
    #[diesel(sql_type = Text)]
    role: String,
    #[diesel(sql_type = BigInt)]
    used: i64,
}

/// How many members, grants and open invitations of the organisation carry each built-in role.
pub(crate) async fn built_in_uses(conn: &mut Conn, org: Uuid) -> ApiResult<Vec<(String, i64)>> {
    let rows: Vec<UsedRow> = sql("
        SELECT role, count(*) AS used FROM (
            SELECT role FROM members WHERE org_id = $1 AND custom_role_id IS NULL
            UNION ALL SELECT role FROM grants WHERE org_id = $1 AND custom_role_id IS NULL
            UNION ALL SELECT role FROM invitations WHERE org_id = $1 AND custom_role_id IS NULL
                         AND accepted_at IS NULL AND withdrawn_at IS NULL) AS carried
        GROUP BY role")
    .bind::<SqlUuid, _>(org)
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.role, row.used)).collect())
}

const ROLES: &str = "
SELECT role.id, role.name, role.permissions,
       (SELECT count(*) FROM members WHERE org_id = $1 AND custom_role_id = role.id)
     + (SELECT count(*) FROM grants WHERE org_id = $1 AND custom_role_id = role.id)
     + (SELECT count(*) FROM invitations WHERE org_id = $1 AND custom_role_id = role.id) AS used
  FROM roles AS role WHERE role.org_id = $1 ORDER BY lower(role.name), role.id";

/// All custom roles of the organisation, by name; there are few.
pub(crate) async fn list(conn: &mut Conn, org: Uuid) -> ApiResult<Vec<RoleRow>> {
    Ok(sql(ROLES).bind::<SqlUuid, _>(org).load(conn).await?)
}

/// A custom role, kept as it is until the transaction ends; its uses are not counted.
pub(crate) async fn lock(conn: &mut Conn, org: Uuid, id: Uuid) -> ApiResult<Option<RoleRow>> {
    let found = sql("
        SELECT id, name, permissions, 0::bigint AS used FROM roles
        WHERE org_id = $1 AND id = $2 FOR NO KEY UPDATE")
    .bind::<SqlUuid, _>(org)
    .bind::<SqlUuid, _>(id)
    .get_result(conn)
    .await
    .optional()?;
    Ok(found)
}

pub(crate) async fn insert(
    conn: &mut Conn,
    org: Uuid,
    id: Uuid,
    name: &str,
    permissions: Permissions,
    now: chrono::DateTime<chrono::Utc>,
) -> ApiResult<()> {
    sql("INSERT INTO roles (org_id, id, name, permissions, created_at) VALUES ($1, $2, $3, $4, $5)")
        .bind::<SqlUuid, _>(org)
        .bind::<SqlUuid, _>(id)
        .bind::<Text, _>(name)
        .bind::<Array<Text>, _>(names(permissions))
        .bind::<Timestamptz, _>(now)
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn update(
    conn: &mut Conn,
    org: Uuid,
    id: Uuid,
    name: &str,
    permissions: Permissions,
) -> ApiResult<()> {
    sql("UPDATE roles SET name = $3, permissions = $4 WHERE org_id = $1 AND id = $2")
        .bind::<SqlUuid, _>(org)
        .bind::<SqlUuid, _>(id)
        .bind::<Text, _>(name)
        .bind::<Array<Text>, _>(names(permissions))
        .execute(conn)
        .await?;
    Ok(())
}

/// Deletes a role; `role_in_use` comes from whatever refers to it.
pub(crate) async fn delete(conn: &mut Conn, org: Uuid, id: Uuid) -> ApiResult<()> {
    sql("DELETE FROM roles WHERE org_id = $1 AND id = $2")
        .bind::<SqlUuid, _>(org)
        .bind::<SqlUuid, _>(id)
        .execute(conn)
        .await?;
    Ok(())
}

/// As they stand in the database.
pub(crate) fn names(permissions: Permissions) -> Vec<&'static str> {
    permissions.iter().map(domain::Permission::name).collect()
}
