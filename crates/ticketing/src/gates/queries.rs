//! Every statement about gates.

use contract::venues::Gate;
use db_schema::gates;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::db::Conn;
use platform::error::ApiResult;
use uuid::Uuid;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = gates, check_for_backend(diesel::pg::Pg))]
struct GateRow {
    id: Uuid,
    venue_id: Uuid,
    name: String,
    zones: Vec<String>,
}

impl From<GateRow> for Gate {
    fn from(row: GateRow) -> Self {
        Self { id: row.id, venue_id: row.venue_id, name: row.name, zones: row.zones }
    }
}

/// At most `limit` gates of a venue, oldest first, those after `after`.
pub(crate) async fn list(
    conn: &mut Conn,
    venue_id: Uuid,
    after: Option<Uuid>,
    limit: i64,
) -> ApiResult<Vec<Gate>> {
    let rows: Vec<GateRow> = gates::table
        .filter(gates::venue_id.eq(venue_id))
        .filter(gates::id.gt(after.unwrap_or(Uuid::nil())))
        .order(gates::id)
        .limit(limit)
        .select(GateRow::as_select())
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(Gate::from).collect())
}

pub(crate) async fn insert(conn: &mut Conn, gate: &Gate) -> ApiResult<()> {
    let row = (
        gates::id.eq(gate.id),
        gates::venue_id.eq(gate.venue_id),
        gates::name.eq(&gate.name),
        gates::zones.eq(&gate.zones),
    );
    diesel::insert_into(gates::table).values(row).execute(conn).await?;
    Ok(())
}
