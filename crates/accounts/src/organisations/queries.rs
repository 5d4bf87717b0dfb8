//! Every statement about organisations.

use contract::accounts::Organisation;
use db_schema::{members, organisations};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::OrganisationKind;
use platform::db::Conn;
use platform::error::{ApiError, ApiResult};
use uuid::Uuid;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = organisations, check_for_backend(diesel::pg::Pg))]
pub(crate) struct OrganisationRow {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) slug: String,
    pub(crate) kind: String,
}

impl TryFrom<OrganisationRow> for Organisation {
    type Error = ApiError;

    fn try_from(row: OrganisationRow) -> ApiResult<Self> {
        Ok(Self { id: row.id, name: row.name, slug: row.slug, kind: kind_named(&row.kind)? })
    }
}

/// The kind that stands in the database as `name`.
pub(crate) fn kind_named(name: &str) -> ApiResult<OrganisationKind> {
    OrganisationKind::from_name(name)
        .ok_or_else(|| ApiError::internal(anyhow::anyhow!("unknown kind of organisation {name:?}")))
}

pub(crate) async fn insert(conn: &mut Conn, row: &OrganisationRow) -> ApiResult<()> {
    diesel::insert_into(organisations::table).values(row).execute(conn).await?;
    Ok(())
}

/// At most `limit` organisations a person belongs to, oldest first, those after `after`.
pub(crate) async fn of_person(
    conn: &mut Conn,
    user_id: Uuid,
    after: Option<Uuid>,
    limit: i64,
) -> ApiResult<Vec<Organisation>> {
    let rows: Vec<OrganisationRow> = members::table
        .inner_join(organisations::table)
        .filter(members::user_id.eq(user_id))
        .filter(organisations::id.gt(after.unwrap_or(Uuid::nil())))
        .order(organisations::id)
        .limit(limit)
        .select(OrganisationRow::as_select())
        .load(conn)
        .await?;
    rows.into_iter().map(Organisation::try_from).collect()
}

/// The organisation that runs Ringside; none before it is founded.
///
/// # Errors
/// The database.
pub async fn who_runs_ringside(conn: &mut Conn) -> ApiResult<Option<Uuid>> {
    Ok(organisations::table
        .filter(organisations::kind.eq(OrganisationKind::Platform.name()))
        .order(organisations::id)
        .select(organisations::id)
        .first(conn)
        .await
        .optional()?)
}
