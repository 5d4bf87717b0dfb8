//! Every statement about venues.

use contract::venues::{SeatMapSummary, Venue};
use db_schema::venues;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::db::Conn;
use platform::error::ApiResult;
use platform::guard::Reach;
use uuid::Uuid;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = venues, check_for_backend(diesel::pg::Pg))]
pub(crate) struct VenueRow {
    pub(crate) id: Uuid,
    pub(crate) org_id: Uuid,
    pub(crate) name: String,
    pub(crate) address: String,
    pub(crate) time_zone: String,
    pub(crate) open_to_promoters: bool,
}

impl VenueRow {
    /// The venue as `org` sees it.
    pub(crate) fn seen_by(self, org: Uuid, seat_map: Option<SeatMapSummary>) -> Venue {
        Venue {
            id: self.id,
            name: self.name,
            address: self.address,
            time_zone: self.time_zone,
            open_to_promoters: self.open_to_promoters,
            own: self.org_id == org,
            seat_map,
        }
    }
}

/// At most `limit` venues an organisation may use, oldest first, those after `after`.
pub(crate) async fn list(
    conn: &mut Conn,
    org: Uuid,
    reach: &Reach,
    after: Option<Uuid>,
    limit: i64,
) -> ApiResult<Vec<VenueRow>> {
    let mut query = venues::table
        .filter(venues::org_id.eq(org).or(venues::open_to_promoters))
        .filter(venues::id.gt(after.unwrap_or(Uuid::nil())))
        .order(venues::id)
        .limit(limit)
        .select(VenueRow::as_select())
        .into_boxed();
    if let Some(within) = reach.venues() {
        query = query.filter(venues::id.eq_any(within));
    }
    Ok(query.load(conn).await?)
}

/// A venue the organisation may use.
pub(crate) async fn find(conn: &mut Conn, org: Uuid, id: Uuid) -> ApiResult<VenueRow> {
    let row = venues::table
        .find(id)
        .filter(venues::org_id.eq(org).or(venues::open_to_promoters))
        .select(VenueRow::as_select())
        .first(conn)
        .await?;
    Ok(row)
}

pub(crate) async fn insert(conn: &mut Conn, row: &VenueRow) -> ApiResult<()> {
    diesel::insert_into(venues::table).values(row).execute(conn).await?;
    Ok(())
}
