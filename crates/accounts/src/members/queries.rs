//! Every statement about members.

use chrono::{DateTime, Utc};
use contract::accounts::Member;
use contract::roles::RoleRef;
use db_schema::{members, organisations, people, roles};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::{Locale, Role};
use platform::db::Conn;
use platform::error::{ApiError, ApiResult};
use uuid::Uuid;

use crate::post::Addressee;

#[derive(Queryable)]
struct MemberRow {
    user_id: Uuid,
    name: String,
    email: String,
    role: String,
    custom_role: Option<(Uuid, String)>,
    since: DateTime<Utc>,
}

impl TryFrom<MemberRow> for Member {
    type Error = ApiError;

    fn try_from(row: MemberRow) -> ApiResult<Self> {
        let (role, since) = (role_named(&row.role)?, row.since);
        let custom_role = row.custom_role.map(|(id, name)| RoleRef { id, name });
        Ok(Self { user_id: row.user_id, name: row.name, email: row.email, role, custom_role, since })
    }
}

/// The role that stands in the database as `name`.
pub(crate) fn role_named(name: &str) -> ApiResult<Role> {
    Role::from_name(name).ok_or_else(|| ApiError::internal(anyhow::anyhow!("unknown role {name:?}")))
}

pub(crate) async fn insert(
    conn: &mut Conn,
    org: Uuid,
    user_id: Uuid,
    role: Role,
    custom_role: Option<Uuid>,
    now: DateTime<Utc>,
) -> ApiResult<()> {
    diesel::insert_into(members::table)
        .values((
            members::org_id.eq(org),
            members::user_id.eq(user_id),
            members::role.eq(role.name()),
            members::custom_role_id.eq(custom_role),
            members::created_at.eq(now),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn find(conn: &mut Conn, org: Uuid, user_id: Uuid) -> ApiResult<Member> {
    let row: MemberRow = members::table
        .inner_join(people::table)
        .left_join(roles::table.on(roles::id.nullable().eq(members::custom_role_id)))
        .filter(members::org_id.eq(org).and(members::user_id.eq(user_id)))
        .select((
            people::id,
            people::name,
            people::email,
            members::role,
            (roles::id, roles::name).nullable(),
            members::created_at,
        ))
        .first(conn)
        .await?;
    row.try_into()
}

/// At most `limit` members in the order they joined by id, those after `after`.
pub(crate) async fn list(
    conn: &mut Conn,
    org: Uuid,
    after: Option<Uuid>,
    limit: i64,
) -> ApiResult<Vec<Member>> {
    let rows: Vec<MemberRow> = members::table
        .inner_join(people::table)
        .left_join(roles::table.on(roles::id.nullable().eq(members::custom_role_id)))
        .filter(members::org_id.eq(org))
        .filter(members::user_id.gt(after.unwrap_or(Uuid::nil())))
        .order(members::user_id)
        .limit(limit)
        .select((
            people::id,
            people::name,
            people::email,
            members::role,
            (roles::id, roles::name).nullable(),
            members::created_at,
        ))
        .load(conn)
        .await?;
    rows.into_iter().map(Member::try_from).collect()
}

/// The organisation's name, and each member with their role and what a custom role in its place allows.
pub(crate) async fn with_rights(
    conn: &mut Conn,
    org: Uuid,
) -> ApiResult<(String, Vec<(Uuid, String, Option<Vec<String>>)>)> {
    let name = organisations::table.find(org).select(organisations::name).first(conn).await?;
    let members = members::table
        .left_join(roles::table.on(roles::id.nullable().eq(members::custom_role_id)))
        .filter(members::org_id.eq(org))
        .order(members::user_id)
        .select((members::user_id, members::role, roles::permissions.nullable()))
        .load(conn)
        .await?;
    Ok((name, members))
}

/// The role of somebody, if they are a member, locked until the transaction ends.
pub(crate) async fn lock(
    conn: &mut Conn,
    org: Uuid,
    user_id: Uuid,
) -> ApiResult<Option<(Role, Option<Uuid>)>> {
    let row: Option<(String, Option<Uuid>)> = members::table
        .find((org, user_id))
        .select((members::role, members::custom_role_id))
        .for_update()
        .first(conn)
        .await
        .optional()?;
    row.map(|(role, custom)| Ok((role_named(&role)?, custom))).transpose()
}

/// The owners, locked until the transaction ends: none can leave meanwhile.
pub(crate) async fn lock_owners(conn: &mut Conn, org: Uuid) -> ApiResult<Vec<Uuid>> {
    let owners = members::table
        .filter(members::org_id.eq(org).and(members::role.eq(Role::Owner.name())))
        .order(members::user_id)
        .select(members::user_id)
        .for_update()
        .load(conn)
        .await?;
    Ok(owners)
}

pub(crate) async fn set_role(
    conn: &mut Conn,
    org: Uuid,
    user_id: Uuid,
    role: Role,
    custom_role: Option<Uuid>,
) -> ApiResult<()> {
    diesel::update(members::table.find((org, user_id)))
        .set((members::role.eq(role.name()), members::custom_role_id.eq(custom_role)))
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn delete(conn: &mut Conn, org: Uuid, user_id: Uuid) -> ApiResult<()> {
    diesel::delete(members::table.find((org, user_id))).execute(conn).await?;
    Ok(())
}

/// The names of roles; of none, of all but clients.
fn working(roles: &[Role]) -> Vec<&'static str> {
    let all = Role::ALL.into_iter().filter(|role| *role != Role::Client);
    if roles.is_empty() {
        all.map(Role::name).collect()
    } else {
        roles.iter().map(|role| role.name()).collect()
    }
}

/// At most `limit` members of some roles, with what it takes to write to them.
pub(crate) async fn staff(
    conn: &mut Conn,
    org: Uuid,
    roles: &[Role],
    after: Option<Uuid>,
    limit: i64,
) -> ApiResult<Vec<(Uuid, Addressee)>> {
    let rows: Vec<(Uuid, String, String, String)> = members::table
        .inner_join(people::table)
        .filter(members::org_id.eq(org).and(members::role.eq_any(working(roles))))
        .filter(members::user_id.gt(after.unwrap_or(Uuid::nil())))
        .order(members::user_id)
        .limit(limit)
        .select((people::id, people::name, people::email, people::locale))
        .load(conn)
        .await?;
    let addressee = |(id, name, address, locale): (Uuid, String, String, String)| {
        (id, Addressee { name, address, locale: Locale::from_tag(&locale).unwrap_or_default() })
    };
    Ok(rows.into_iter().map(addressee).collect())
}

/// How many members of some roles there are.
pub(crate) async fn count_staff(conn: &mut Conn, org: Uuid, roles: &[Role]) -> ApiResult<i32> {
    let of_roles = members::table.filter(members::org_id.eq(org).and(members::role.eq_any(working(roles))));
    let count: i64 = of_roles.count().get_result(conn).await?;
    i32::try_from(count).map_err(ApiError::internal)
}
