//! The rules at the gate.

use chrono::{DateTime, TimeDelta, Utc};
use contract::{
    ErrorCode,
    scans::{FirstScan, Scan, ScanOutcome},
};
use domain::{Fact, ids::new_id, state::TicketState, ticket_code::TicketClaims};
use platform::{
    audit::Change,
    db::Tx,
    error::{ApiError, ApiResult},
};
use uuid::Uuid;

use super::{
    queries::{self, Place},
    reading::{self, Reading, Refusal},
};
use crate::tickets::Codes;

/// Reads a code at a gate and admits its guest once.
pub(crate) async fn record(tx: &mut Tx<'_>, codes: &Codes, place: &Place, code: &str) -> ApiResult<Reading> {
    let scan_id = new_id();
    let claims = match codes.open(place.event_id, code.trim()) {
        Ok(claims) => claims,
        Err(error) => {
            stand_here(tx, place).await?;
            let (code, outcome) = reading::of_code(error);
            if let Some(outcome) = outcome {
                queries::log(tx, place, scan_id, None, outcome).await?;
            }
            return Ok(Reading::Refused(Refusal::new(code)));
        }
    };
    if !admits_at(&claims, place.now) {
        stand_here(tx, place).await?;
        return refuse(tx, place, scan_id, &claims).await;
    }
    let row = queries::admit(tx, place, scan_id, claims.ticket_id, claims.generation)
        .await?
        .ok_or(ErrorCode::NotFound)?;
    check_place(row.gate_exists, row.cancelled)?;
    let (Some(zone), Some(zone_name), Some(tier)) =
        (row.zone.clone(), row.zone_name.clone(), row.tier.clone())
    else {
        return refuse(tx, place, scan_id, &claims).await;
    };
    let fact = Fact::TicketAdmitted {
        ticket_id: claims.ticket_id,
        event_id: place.event_id,
        gate_id: place.gate_id,
    };
    tx.emit(place.org, fact).await?;
    tx.audit(Change::new(Some(place.org), "ticket.admitted", claims.ticket_id));
    Ok(Reading::Admitted(Scan {
        id: scan_id,
        ticket_id: claims.ticket_id,
        wrong_gate: !row.leads_to(&zone),
        zone,
        zone_name,
        seat: row.seat,
        tier,
        state: TicketState::Admitted,
        scanned_at: place.now,
        admitted: row.admitted,
    }))
}

/// Why a genuine code does not admit: what its ticket has become, or else the hour.
async fn refuse(tx: &mut Tx<'_>, place: &Place, scan_id: Uuid, claims: &TicketClaims) -> ApiResult<Reading> {
    let Some(ticket) = queries::ticket(tx, place, claims.ticket_id).await? else {
        queries::log(tx, place, scan_id, None, ScanOutcome::Altered).await?;
        return Ok(Reading::Refused(Refusal::new(ErrorCode::CodeAltered)));
    };
    let superseded = i64::from(ticket.generation) != i64::from(claims.generation);
    let (outcome, refusal) = if ticket.state == TicketState::Revoked.name() || superseded {
        let reason = ticket.revoke_reason.clone();
        (ScanOutcome::Revoked, Refusal::new(ErrorCode::TicketRevoked).with("reason", reason))
    } else if let (Some(at), Some(gate)) = (ticket.admitted_at, ticket.admitted_gate.clone()) {
        let first = serde_json::to_value(FirstScan { at, gate })?;
        (ScanOutcome::AlreadyAdmitted, Refusal::new(ErrorCode::AlreadyAdmitted).with("first_scan", first))
    } else {
        let hour = |minute: Option<DateTime<Utc>>| minute.map(|at| at.to_rfc3339());
        let refusal = Refusal::new(ErrorCode::OutsideHours)
            .with("from", hour(claims.valid_from.time()))
            .with("to", hour(claims.valid_to.time()));
        (ScanOutcome::OutsideHours, refusal)
    };
    queries::log(tx, place, scan_id, Some(claims.ticket_id), outcome).await?;
    let place = ticket.seat.unwrap_or_else(|| ticket.zone.clone());
    Ok(Reading::Refused(
        refusal.with("place", place).with("zone_name", ticket.zone_name).with("tier", ticket.tier),
    ))
}

/// Whether the code admits at `now`, by the minutes it carries.
fn admits_at(claims: &TicketClaims, now: DateTime<Utc>) -> bool {
    let from = claims.valid_from.time();
    let to = claims.valid_to.time().map(|last| last + TimeDelta::minutes(1));
    from.is_some_and(|from| from <= now) && to.is_some_and(|to| now < to)
}

async fn stand_here(tx: &mut Tx<'_>, place: &Place) -> ApiResult<()> {
    let here = queries::here(tx, place).await?.ok_or(ErrorCode::NotFound)?;
    check_place(here.gate_exists, here.cancelled)
}

fn check_place(gate_exists: bool, cancelled: bool) -> ApiResult<()> {
    if !gate_exists {
        return Err(ApiError::new(ErrorCode::UnknownGate).field("gate_id", "this venue has no such gate"));
    }
    if cancelled {
        return Err(
            ApiError::new(ErrorCode::WrongState).detail("This event was cancelled: nobody is admitted.")
        );
    }
    Ok(())
}
