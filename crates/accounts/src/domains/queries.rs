//! Every statement about mail domains.

use chrono::{DateTime, Utc};
use contract::sign_on::OrganisationDomain;
use db_schema::organisation_domains;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::db::Conn;
use platform::error::ApiResult;
use uuid::Uuid;

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
}

impl From<DomainRow> for OrganisationDomain {
    fn from(row: DomainRow) -> Self {
        Self {
            id: row.id,
            record_name: format!("_ringside.{}", row.domain),
            domain: row.domain,
            record_value: format!("ringside={}", row.token),
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

pub(super) async fn insert(conn: &mut Conn, row: &DomainRow) -> ApiResult<()> {
    diesel::insert_into(organisation_domains::table).values(row).execute(conn).await?;
    Ok(())
}

/// Notes what a look at the record gave.
pub(super) async fn set_checked(
    conn: &mut Conn,
    (org, id): (Uuid, Uuid),
    checked_at: DateTime<Utc>,
    verified_at: Option<DateTime<Utc>>,
) -> ApiResult<DomainRow> {
    let own = organisation_domains::table.find(id).filter(organisation_domains::org_id.eq(org));
    let row = diesel::update(own)
        .set((
            organisation_domains::checked_at.eq(checked_at),
            organisation_domains::verified_at.eq(verified_at),
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
