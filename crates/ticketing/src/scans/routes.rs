//! `/scans` and `/events/{event_id}/scans`.

use actix_web::{HttpResponse, get, post};
use contract::{
    Page, Problem,
    scans::{RecordScan, Scan, ScanEntry},
};
use platform::{
    error::ApiResult,
    guard::{Guard, ScansRead, ScansRecord},
    http::{Body, Created, Paged, Path, next_page},
};
use uuid::Uuid;

use super::{
    queries::{self, Place},
    reading::Reading,
    service,
};
use crate::tickets::Codes;

/// Reads a ticket at a gate
///
/// Admits its guest once. A gate that does not lead to the ticket's zone admits, too, and says
/// `wrong_gate`. Refusals are kept in the log of the event.
#[utoipa::path(
    operation_id = "record_scan",
    tag = "scans",
    security(("bearer" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless")),
    request_body = RecordScan,
    responses(
        (status = 201, description = "The guest may enter", body = Scan),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`", body = Problem),
        (status = 404, description = "`not_found`: no such event", body = Problem),
        (status = 409, description = "`already_admitted` with `first_scan`, `ticket_revoked` with `reason`, \
            `other_event`, `outside_hours` with `from` and `to`, `wrong_state`", body = Problem),
        (status = 422, description = "`not_a_ticket`, `code_altered`, `unknown_gate`, `invalid_fields`", body = Problem),
    ),
)]
#[post("/scans")]
pub(super) async fn record_scan(
    guard: Guard<ScansRecord>,
    body: Body<RecordScan>,
) -> ApiResult<Created<Scan>> {
    let codes = Codes::of(&guard.app);
    let place = Place {
        org: guard.org(),
        event_id: body.event_id,
        gate_id: body.gate_id,
        by: guard.user_id(),
        now: guard.now(),
        locale: guard.locale(),
    };
    match guard.once(&body, async |tx| service::record(tx, &codes, &place, &body.code).await).await? {
        Reading::Admitted(scan) => Ok(Created(scan)),
        Reading::Refused(refusal) => Err(refusal.into()),
    }
}

/// Readings at the gates of an event
///
/// Newest first, refused ones as well.
#[utoipa::path(
    operation_id = "list_scans",
    tag = "scans",
    security(("bearer" = [])),
    params(("event_id" = Uuid, Path, description = "The event"), Paged),
    responses(
        (status = 200, description = "A page of readings", body = Page<ScanEntry>),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`", body = Problem),
        (status = 404, description = "`not_found`", body = Problem),
        (status = 422, description = "`page_too_large`, `unknown_cursor`", body = Problem),
    ),
)]
#[get("/events/{event_id}/scans")]
pub(super) async fn list_scans(
    guard: Guard<ScansRead>,
    event_id: Path<Uuid>,
    paged: Paged,
) -> ApiResult<HttpResponse> {
    let (org, after) = (guard.org(), paged.position()?);
    let rows =
        guard.db.read(async |conn| queries::list(conn, org, *event_id, after, paged.fetch()).await).await?;
    let page = next_page(&paged, rows, |row| (row.scanned_at, row.id))?;
    let items = page.items.into_iter().map(queries::EntryRow::into_entry).collect::<ApiResult<_>>()?;
    Ok(HttpResponse::Ok().json(Page::<ScanEntry> { items, next: page.next }))
}
