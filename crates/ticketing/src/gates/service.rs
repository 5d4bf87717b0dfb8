//! The rules of gates.

use contract::ErrorCode;
use contract::venues::{CreateGate, Gate};
use domain::ids::new_id;
use platform::audit::Change;
use platform::db::{Conn, Tx};
use platform::error::{ApiError, ApiResult};
use serde_json::json;
use uuid::Uuid;

use super::queries;
use crate::{seat_maps, venues};

/// A page of the gates of a venue the organisation may use.
pub(crate) async fn list(
    conn: &mut Conn,
    org: Uuid,
    venue_id: Uuid,
    after: Option<Uuid>,
    limit: i64,
) -> ApiResult<Vec<Gate>> {
    venues::queries::find(conn, org, venue_id).await?;
    queries::list(conn, venue_id, after, limit).await
}

/// Sets up a gate. The zones it leads to must be on the venue's latest map.
pub async fn create(tx: &mut Tx<'_>, org: Uuid, venue_id: Uuid, wish: &CreateGate) -> ApiResult<Gate> {
    venues::service::must_own(tx, org, venue_id).await?;
    let map = seat_maps::queries::latest_of(tx, &[venue_id]).await?.pop();
    let known =
        |code: &String| map.as_ref().is_some_and(|map| map.zones.iter().any(|zone| zone.code == *code));
    if let Some((at, code)) = wish.zones.iter().enumerate().find(|(_, code)| !known(code)) {
        let refusal = ApiError::new(ErrorCode::UnknownZone);
        return Err(
            refusal.field(format!("zones[{at}]"), format!("The venue's seat map has no zone {code}."))
        );
    }
    let gate = Gate { id: new_id(), venue_id, name: wish.name.trim().to_owned(), zones: wish.zones.clone() };
    queries::insert(tx, &gate).await?;
    let change = Change::new(Some(org), "gate.created", gate.id);
    tx.audit(change.after(json!({"venue": venue_id, "name": gate.name, "zones": gate.zones})));
    Ok(gate)
}
