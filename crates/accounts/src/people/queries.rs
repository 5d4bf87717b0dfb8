//! Every statement about people.

use chrono::{DateTime, Utc};
use contract::accounts::{Me, Membership, Organisation};
use contract::roles::RoleRef;
use db_schema::people;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Jsonb, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::Locale;
use platform::db::{Conn, sql};
use platform::error::ApiResult;
use serde_json::Value;
use uuid::Uuid;

use crate::factors;
use crate::organisations::queries::OrganisationRow;
use crate::post::Addressee;
use crate::rights::Rights;

diesel::define_sql_function! {
    /// PostgreSQL's `lower`, as in the unique index of addresses.
    fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text;
}

#[derive(Insertable)]
#[diesel(table_name = people)]
pub(crate) struct NewPerson<'a> {
    pub(crate) id: Uuid,
    pub(crate) email: &'a str,
    pub(crate) name: &'a str,
    pub(crate) locale: &'a str,
    pub(crate) password_hash: &'a str,
    pub(crate) created_at: DateTime<Utc>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = people, check_for_backend(diesel::pg::Pg))]
struct PersonRow {
    id: Uuid,
    email: String,
    name: String,
    locale: String,
}

/// An account as it is recognised.
#[derive(Queryable)]
pub(crate) struct Known {
    pub(crate) id: Uuid,
    pub(crate) password_hash: String,
    /// Whether the address is proven.
    pub(crate) verified: bool,
}

/// Writes a person whose address is not proven yet, unless the address belongs to somebody; tells
/// whether it did. Two who sign up at once cannot both have an address.
pub(crate) async fn insert(conn: &mut Conn, person: &NewPerson<'_>) -> ApiResult<bool> {
    let inserted =
        diesel::insert_into(people::table).values(person).on_conflict_do_nothing().execute(conn).await?;
    Ok(inserted == 1)
}

/// The account behind an address, proven or not.
pub(crate) async fn by_address(conn: &mut Conn, address: &str) -> ApiResult<Option<Known>> {
    let found = people::table
        .filter(lower(people::email).eq(lower(address)))
        .select((people::id, people::password_hash, people::verified_at.is_not_null()))
        .first(conn)
        .await
        .optional()?;
    Ok(found)
}

/// To whom letters about an account go.
/// Somebody to write to.
///
/// # Errors
/// The database, or nobody has that id.
pub async fn addressee(conn: &mut Conn, user_id: Uuid) -> ApiResult<Addressee> {
    let (name, address, locale): (String, String, String) =
        people::table.find(user_id).select((people::name, people::email, people::locale)).first(conn).await?;
    Ok(Addressee { name, address, locale: Locale::from_tag(&locale).unwrap_or_default() })
}

/// The hash of somebody's password.
pub(crate) async fn password_hash(conn: &mut Conn, user_id: Uuid) -> ApiResult<String> {
    Ok(people::table.find(user_id).select(people::password_hash).first(conn).await?)
}

/// Nobody else changes the account until the transaction ends.
pub(crate) async fn lock(conn: &mut Conn, user_id: Uuid) -> ApiResult<()> {
    let own = people::table.find(user_id).select(people::id).for_update();
    let _: Uuid = own.first(conn).await?;
    Ok(())
}

pub(crate) async fn set_password(conn: &mut Conn, user_id: Uuid, hash: &str) -> ApiResult<()> {
    diesel::update(people::table.find(user_id)).set(people::password_hash.eq(hash)).execute(conn).await?;
    Ok(())
}

/// Holds an account until the transaction ends, if it waits for its proof; whether it does.
pub(crate) async fn lock_unproven(conn: &mut Conn, user_id: Uuid) -> ApiResult<bool> {
    let held = people::table
        .filter(people::id.eq(user_id).and(people::verified_at.is_null()))
        .select(people::id)
        .for_update()
        .first::<Uuid>(conn)
        .await
        .optional()?;
    Ok(held.is_some())
}

/// Notes that the address is proven; the first proof counts.
pub(crate) async fn set_verified(conn: &mut Conn, user_id: Uuid, now: DateTime<Utc>) -> ApiResult<()> {
    diesel::update(people::table.find(user_id).filter(people::verified_at.is_null()))
        .set(people::verified_at.eq(now))
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn set_name(conn: &mut Conn, user_id: Uuid, name: &str) -> ApiResult<()> {
    diesel::update(people::table.find(user_id)).set(people::name.eq(name)).execute(conn).await?;
    Ok(())
}

pub(crate) async fn set_locale(conn: &mut Conn, user_id: Uuid, locale: &str) -> ApiResult<()> {
    diesel::update(people::table.find(user_id)).set(people::locale.eq(locale)).execute(conn).await?;
    Ok(())
}

/// The account behind an address that is proven, and the hash of its password.
pub(crate) async fn credentials(conn: &mut Conn, address: &str) -> ApiResult<Option<(Uuid, String)>> {
    let found = people::table
        .filter(lower(people::email).eq(lower(address)))
        .filter(people::verified_at.is_not_null())
        .select((people::id, people::password_hash))
        .first(conn)
        .await
        .optional()?;
    Ok(found)
}

/// What somebody is called.
///
/// # Errors
/// `not_found` when there is no such person; otherwise when the database does not answer.
pub async fn name(conn: &mut Conn, user_id: Uuid) -> ApiResult<String> {
    Ok(people::table.find(user_id).select(people::name).first(conn).await?)
}

/// The person and where they belong, by the organisations' names.
pub async fn me(conn: &mut Conn, user_id: Uuid) -> ApiResult<Me> {
    let person = people::table.find(user_id).select(PersonRow::as_select()).first(conn).await?;
    let without_factor = !factors::has_factor(conn, user_id).await?;
    let rows: Vec<MembershipRow> = sql(MEMBERSHIPS).bind::<SqlUuid, _>(user_id).load(conn).await?;
    let memberships = rows.into_iter().map(|row| row.membership(without_factor)).collect::<ApiResult<_>>()?;
    Ok(Me {
        id: person.id,
        email: person.email,
        name: person.name,
        locale: Locale::from_tag(&person.locale).unwrap_or_default(),
        memberships,
    })
}

const MEMBERSHIPS: &str = "
SELECT o.id, o.name, o.slug, o.kind,
       o.requires_second_factor AND NOT EXISTS (
           SELECT FROM sessions AS s WHERE s.user_id = rights.user_id AND s.ended_at IS NULL
              AND s.second_factor_org = o.id) AS requires_second_factor, rights.role, rights.custom_role_id, rights.custom_role_name,
       rights.custom_permissions, rights.grants
  FROM member_rights AS rights JOIN organisations AS o ON o.id = rights.org_id
 WHERE rights.user_id = $1 ORDER BY o.name, o.id";

#[derive(QueryableByName)]
struct MembershipRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    slug: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Bool)]
    requires_second_factor: bool,
    #[diesel(sql_type = Text)]
    role: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    custom_role_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    custom_role_name: Option<String>,
    #[diesel(sql_type = Nullable<Array<Text>>)]
    custom_permissions: Option<Vec<String>>,
    #[diesel(sql_type = Jsonb)]
    grants: Value,
}

impl MembershipRow {
    fn membership(self, without_factor: bool) -> ApiResult<Membership> {
        let rights = Rights::of(&self.role, self.custom_permissions.as_deref(), self.grants)?;
        let organisation = OrganisationRow { id: self.id, name: self.name, slug: self.slug, kind: self.kind };
        let custom_role = self.custom_role_id.zip(self.custom_role_name);
        Ok(Membership {
            organisation: Organisation::try_from(organisation)?,
            role: rights.role,
            custom_role: custom_role.map(|(id, name)| RoleRef { id, name }),
            permissions: rights.permissions.iter().collect(),
            somewhere: rights.somewhere().iter().collect(),
            needs_second_factor: self.requires_second_factor && without_factor,
        })
    }
}
