//! Every statement about mail domains.

use chrono::{DateTime, Utc};
use contract::sign_on::OrganisationDomain;
use db_schema::{members, organisation_domains, organisations};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Double;
use diesel_async::RunQueryDsl;
use domain::Role;
use platform::db::Conn;
use platform::error::ApiResult;
use uuid::Uuid;

use super::service::GRACE;

#[derive(Queryable, Insertable)]
#[diesel(table_name = organisation_domains)]
pub(super) struct DomainRow {
    pub(super) id: Uuid,
    pub(super) org_id: Uuid,
    pub(super) domain: String,
    pub(super) token: String,
    pub(super) created_at: DateTime<Utc>,
    pub(super) checked_at: Option<DateTime<Utc>>,
    pub(super) verified_at: Option<DateTime<Utc>>,
    pub(super) missing_since: Option<DateTime<Utc>>,
}

impl DomainRow {
    /// The name of the record that proves it.
    pub(super) fn record_name(&self) -> String {
        format!("_ringside.{}", self.domain)
    }

    /// What the record has to say.
    pub(super) fn record_value(&self) -> String {
        format!("ringside={}", self.token)
    }
}

impl From<DomainRow> for OrganisationDomain {
    fn from(row: DomainRow) -> Self {
        Self {
            id: row.id,
            record_name: row.record_name(),
            record_value: row.record_value(),
            lost_at: row.missing_since.map(|since| since + GRACE),
            missing_since: row.missing_since,
            domain: row.domain,
            created_at: row.created_at,
            checked_at: row.checked_at,
            verified_at: row.verified_at,
        }
    }
}

pub(super) async fn list(conn: &mut Conn, org: Uuid) -> ApiResult<Vec<DomainRow>> {
    let rows = organisation_domains::table
        .filter(organisation_domains::org_id.eq(org))
        .order(organisation_domains::domain)
        .load(conn)
        .await?;
    Ok(rows)
}

pub(super) async fn find(conn: &mut Conn, org: Uuid, id: Uuid) -> ApiResult<DomainRow> {
    let own = organisation_domains::table.find(id).filter(organisation_domains::org_id.eq(org));
    Ok(own.first(conn).await?)
}

/// A domain, until the transaction ends nobody else's to change.
pub(super) async fn lock(conn: &mut Conn, org: Uuid, id: Uuid) -> ApiResult<DomainRow> {
    let own = organisation_domains::table.find(id).filter(organisation_domains::org_id.eq(org));
    Ok(own.for_update().first(conn).await?)
}

/// Proven domains whose record was not looked for since `before`; at most 100, any of them, so that those whose
/// name servers do not answer stand in nobody's way.
pub(super) async fn due(conn: &mut Conn, before: DateTime<Utc>) -> ApiResult<Vec<DomainRow>> {
    let proven = organisation_domains::table
        .filter(organisation_domains::verified_at.is_not_null())
        .filter(organisation_domains::checked_at.assume_not_null().lt(before));
    Ok(proven.order(sql::<Double>("random()")).limit(100).load(conn).await?)
}

/// What an organisation is called, and who owns it.
pub(super) async fn owners(conn: &mut Conn, org: Uuid) -> ApiResult<(String, Vec<Uuid>)> {
    let name = organisations::table.find(org).select(organisations::name).first(conn).await?;
    let owners = members::table
        .filter(members::org_id.eq(org).and(members::role.eq(Role::Owner.name())))
        .select(members::user_id);
    Ok((name, owners.load(conn).await?))
}

pub(super) async fn insert(conn: &mut Conn, row: &DomainRow) -> ApiResult<()> {
    diesel::insert_into(organisation_domains::table).values(row).execute(conn).await?;
    Ok(())
}

/// Notes what a look at the record gave.
pub(super) async fn set_checked(
    conn: &mut Conn,
    (org, id): (Uuid, Uuid),
    checked_at: DateTime<Utc>,
    (verified_at, missing_since): (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
) -> ApiResult<DomainRow> {
    let own = organisation_domains::table.find(id).filter(organisation_domains::org_id.eq(org));
    let row = diesel::update(own)
        .set((
            organisation_domains::checked_at.eq(checked_at),
            organisation_domains::verified_at.eq(verified_at),
            organisation_domains::missing_since.eq(missing_since),
        ))
        .get_result(conn)
        .await?;
    Ok(row)
}

pub(super) async fn delete(conn: &mut Conn, org: Uuid, id: Uuid) -> ApiResult<()> {
    diesel::delete(organisation_domains::table.find(id).filter(organisation_domains::org_id.eq(org)))
        .execute(conn)
        .await?;
    Ok(())
}
