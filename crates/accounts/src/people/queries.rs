//! Every statement about people.

use contract::accounts::{Me, Membership, Organisation};
use db_schema::{members, organisations, people};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::Locale;
use platform::db::Conn;
use platform::error::ApiResult;
use uuid::Uuid;

use crate::factors;
use crate::members::queries::role_named;
use crate::organisations::queries::OrganisationRow;

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
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = people, check_for_backend(diesel::pg::Pg))]
struct PersonRow {
    id: Uuid,
    email: String,
    name: String,
    locale: String,
}

pub(crate) async fn insert(conn: &mut Conn, person: &NewPerson<'_>) -> ApiResult<()> {
    diesel::insert_into(people::table).values(person).execute(conn).await?;
    Ok(())
}

/// The account behind an address and the hash of its password.
pub(crate) async fn credentials(conn: &mut Conn, address: &str) -> ApiResult<Option<(Uuid, String)>> {
    let found = people::table
        .filter(lower(people::email).eq(lower(address)))
        .select((people::id, people::password_hash))
        .first(conn)
        .await
        .optional()?;
    Ok(found)
}

/// The person and where they belong, by the organisations' names.
pub(crate) async fn me(conn: &mut Conn, user_id: Uuid) -> ApiResult<Me> {
    let person = people::table.find(user_id).select(PersonRow::as_select()).first(conn).await?;
    let without_factor = !factors::has_factor(conn, user_id).await?;
    let rows: Vec<(OrganisationRow, String, bool)> = members::table
        .inner_join(organisations::table)
        .filter(members::user_id.eq(user_id))
        .order((organisations::name, organisations::id))
        .select((OrganisationRow::as_select(), members::role, organisations::requires_second_factor))
        .load(conn)
        .await?;
    let memberships = rows
        .into_iter()
        .map(|(organisation, role, required)| membership(organisation, &role, required && without_factor))
        .collect::<ApiResult<_>>()?;
    Ok(Me {
        id: person.id,
        email: person.email,
        name: person.name,
        locale: Locale::from_tag(&person.locale).unwrap_or_default(),
        memberships,
    })
}

fn membership(organisation: OrganisationRow, role: &str, needs_second_factor: bool) -> ApiResult<Membership> {
    let role = role_named(role)?;
    Ok(Membership {
        organisation: Organisation::try_from(organisation)?,
        role,
        permissions: role.permissions().iter().collect(),
        needs_second_factor,
    })
}
