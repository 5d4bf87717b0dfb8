//! The rules of holds.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use contract::{
    ErrorCode,
    holds::{BestAvailable, Hold, PlaceHold},
};
use domain::{Fact, ids::new_id};
use futures_util::join;
use platform::{
    audit::Change,
    config::Config,
    db::{Conn, Tx},
    error::{ApiError, ApiResult},
};
use uuid::Uuid;

use super::{best, queries};
use crate::{
    inventory::{self, Claim, EventRow, Owner, PlaceRow, Wish, money, seats, standing},
    secrets::{self, Secret},
};

/// What a hold is worth.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    lasts: TimeDelta,
}

impl Terms {
    pub fn of(config: &Config) -> Self {
        Self { lasts: TimeDelta::minutes(i64::from(config.hold_minutes)) }
    }
}

/// How often the best seats are chosen anew when somebody else was faster.
const BEST_ATTEMPTS: u32 = 3;

/// Claims the places asked for.
pub(crate) async fn place(tx: &mut Tx<'_>, terms: Terms, event: &str, asked: &PlaceHold) -> ApiResult<Hold> {
    let wish = Wish::new(&asked.seats, &asked.standing)?;
    let new = NewHold::of(tx, terms);
    let (event, rows) = match Uuid::parse_str(event) {
        // Both in one round trip; an event that is not on sale undoes what was claimed.
        Ok(id) if wish.standing.is_empty() => {
            let claim = new.claim(id);
            let (found, rows) = join!(inventory::public_on_sale(tx, event), insert(tx, &claim, &new, &wish));
            (found?, rows?)
        }
        _ => {
            let event = inventory::public_on_sale(tx, event).await?;
            let rows = insert(tx, &new.claim(event.id), &new, &wish).await?;
            (event, rows)
        }
    };
    keep(tx, &event, new, &wish, rows).await
}

/// A hold about to be made.
struct NewHold {
    id: Uuid,
    secret: Secret,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
}

impl NewHold {
    fn of(tx: &Tx<'_>, terms: Terms) -> Self {
        Self { id: new_id(), secret: Secret::generate(), now: tx.now(), until: tx.now() + terms.lasts }
    }

    fn claim(&self, event_id: Uuid) -> Claim {
        Claim { event_id, owner: Owner::Hold(self.id), now: self.now, until: self.until }
    }
}

/// Chooses the best free seats and claims them.
pub(crate) async fn place_best(
    tx: &mut Tx<'_>,
    terms: Terms,
    event: &str,
    asked: &BestAvailable,
) -> ApiResult<Hold> {
    let event = inventory::public_on_sale(tx, event).await?;
    let now = tx.now();
    let zones = queries::zones_for_best(tx, event.id, &asked.zones, asked.max_price).await?;
    if let Some(at) = asked.zones.iter().position(|zone| !zones.existing.contains(zone)) {
        return Err(ApiError::new(ErrorCode::UnknownZone)
            .field(format!("zones[{at}]"), "there is no such zone at this event"));
    }
    for _ in 0..BEST_ATTEMPTS {
        let free = queries::free_seats(tx, event.id, &zones.allowed, now).await?;
        let quantity = usize::try_from(asked.quantity).unwrap_or(0);
        let Some(labels) = best::choose(&free, &zones.map, quantity) else { break };
        // Waits for nobody: seats that somebody else is just claiming are not the best any more.
        if queries::lock_free(tx, event.id, &labels, now).await? {
            let (new, wish) = (NewHold::of(tx, terms), Wish::new(&labels, &[])?);
            let rows = insert(tx, &new.claim(event.id), &new, &wish).await?;
            return keep(tx, &event, new, &wish, rows).await;
        }
    }
    Err(ApiError::new(ErrorCode::PlacesGone).field("quantity", "not as many seats are free"))
}

/// The places were claimed, all or not all.
async fn keep(
    tx: &mut Tx<'_>,
    event: &EventRow,
    new: NewHold,
    wish: &Wish,
    rows: Vec<PlaceRow>,
) -> ApiResult<Hold> {
    if rows.len() < wish.places() {
        let claimed: HashSet<String> = rows.into_iter().filter_map(|row| row.seat).collect();
        return Err(seats::refusal(tx, event.id, wish, &claimed).await?);
    }
    tx.audit(Change::new(Some(event.org_id), "hold.placed", new.id));
    tx.emit(event.org_id, Fact::AvailabilityChanged { event_id: event.id }).await?;
    hold(event.id, new, rows)
}

/// Claims standing places and seats. Where there are both, the seats are locked first.
async fn insert(conn: &Conn, claim: &Claim, new: &NewHold, wish: &Wish) -> ApiResult<Vec<PlaceRow>> {
    if !wish.standing.is_empty() {
        seats::lock(conn, claim.event_id, &wish.seats).await?;
        standing::claim(conn, claim, wish).await?;
    }
    queries::insert(conn, claim, new.id, wish, &new.secret.hash).await
}

fn hold(event_id: Uuid, new: NewHold, rows: Vec<PlaceRow>) -> ApiResult<Hold> {
    let currency = rows.first().map_or_else(String::new, |row| row.currency.clone());
    let total = money(rows.iter().map(|row| row.price).sum(), &currency)?;
    let places = rows.into_iter().map(PlaceRow::into_place).collect::<ApiResult<_>>()?;
    Ok(Hold { id: new.id, secret: new.secret.text, event_id, expires_at: new.until, places, total })
}

/// Gives the places of a hold back.
pub(crate) async fn release(tx: &mut Tx<'_>, id: Uuid, secret: &str) -> ApiResult<()> {
    let Some(hold) = queries::lock(tx, id).await? else { return Ok(()) };
    if !secrets::opens(secret, &hold.secret_hash) {
        return Err(ErrorCode::NotFound.into());
    }
    end(tx, id, &hold).await
}

/// Ends a hold whose row is locked: its places are free.
pub(super) async fn end(tx: &mut Tx<'_>, id: Uuid, hold: &queries::HoldRow) -> ApiResult<()> {
    seats::lock(tx, hold.event_id, &hold.seats).await?;
    seats::free_of_hold(tx, hold.event_id, id, &hold.seats).await?;
    standing::give_back(tx, Owner::Hold(id)).await?;
    queries::delete(tx, id).await?;
    tx.audit(Change::new(Some(hold.org_id), "hold.released", id));
    tx.emit(hold.org_id, Fact::AvailabilityChanged { event_id: hold.event_id }).await
}
