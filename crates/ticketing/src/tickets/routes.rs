//! `/tickets`, `/me/tickets` and `/orders/{order_id}/tickets.pdf`.

use actix_web::{HttpResponse, get, http::header, post};
use contract::{
    Page, Problem,
    tickets::{RevokeTicket, Ticket},
};
use platform::{
    db::Tx,
    error::{ApiError, ApiResult},
    guard::{Guard, Public, SignedIn, TicketsManage, Within},
    http::{Body, Paged, Path, Query, next_page},
};
use uuid::Uuid;

use super::{codes::Codes, documents, queries, service};
use crate::{
    orders::{AccessQuery, Reader},
    qr::{self, Look},
};

/// The tickets of the person signed in
///
/// Soonest night first, with their codes.
#[utoipa::path(
    operation_id = "list_my_tickets",
    tag = "tickets",
    security(("bearer" = [])),
    params(Paged),
    responses(
        (status = 200, description = "A page of tickets", body = Page<Ticket>),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 422, description = "`page_too_large`, `unknown_cursor`", body = Problem),
    ),
)]
#[get("/me/tickets")]
pub(super) async fn list_my_tickets(guard: Guard<SignedIn>, paged: Paged) -> ApiResult<HttpResponse> {
    let (user, after, codes) =
        (guard.user_id().unwrap_or_default(), paged.position()?, Codes::of(&guard.app));
    let rows = guard.db.read(async |conn| queries::mine(conn, user, after, paged.fetch()).await).await?;
    let page = next_page(&paged, rows, |row| (row.starts_at, row.id))?;
    let items = page.items.into_iter().map(|row| row.into_ticket(Some(&codes))).collect::<ApiResult<_>>()?;
    Ok(HttpResponse::Ok().json(Page::<Ticket> { items, next: page.next }))
}

/// All tickets of an order as one PDF
#[utoipa::path(
    operation_id = "get_order_pdf",
    tag = "orders",
    security((), ("bearer" = [])),
    params(
        ("order_id" = Uuid, Path, description = "The order"),
        ("Order-Access" = Option<String>, Header, description = "A guest's secret"),
        AccessQuery,
    ),
    responses(
        (status = 200, description = "A page for each ticket", body = Vec<u8>, content_type = "application/pdf"),
        (status = 404, description = "`not_found`: also when the caller may not see it", body = Problem),
        (status = 409, description = "`wrong_state`: it has no tickets", body = Problem),
    ),
)]
#[get("/orders/{order_id}/tickets.pdf")]
pub(super) async fn get_order_pdf(
    guard: Guard<Public>,
    order_id: Path<Uuid>,
    access: Query<AccessQuery>,
) -> ApiResult<HttpResponse> {
    let reader = Reader::of(&guard, Some(&access));
    let rows = guard.db.read(async |conn| service::of_order(conn, &reader, *order_id).await).await?;
    pdf(&guard, &rows).await
}

/// One ticket
///
/// For its buyer (signed in, or with the order's secret) and for staff.
#[utoipa::path(
    operation_id = "get_ticket",
    tag = "tickets",
    security((), ("bearer" = [])),
    params(
        ("ticket_id" = Uuid, Path, description = "The ticket"),
        ("Order-Access" = Option<String>, Header, description = "A guest's secret"),
        AccessQuery,
    ),
    responses(
        (status = 200, description = "The ticket", body = Ticket),
        (status = 404, description = "`not_found`: also when the caller may not see it", body = Problem),
    ),
)]
#[get("/tickets/{ticket_id}")]
pub(super) async fn get_ticket(
    guard: Guard<Public>,
    ticket_id: Path<Uuid>,
    access: Query<AccessQuery>,
) -> ApiResult<HttpResponse> {
    let (reader, codes) = (Reader::of(&guard, Some(&access)), Codes::of(&guard.app));
    let row = guard.db.read(async |conn| service::find(conn, &reader, *ticket_id).await).await?;
    Ok(HttpResponse::Ok().json(row.into_ticket(Some(&codes))?))
}

/// The ticket's QR
#[utoipa::path(
    operation_id = "get_ticket_qr",
    tag = "tickets",
    security((), ("bearer" = [])),
    params(
        ("ticket_id" = Uuid, Path, description = "The ticket"),
        ("Order-Access" = Option<String>, Header, description = "A guest's secret"),
        Look,
        AccessQuery,
    ),
    responses(
        (status = 200, description = "The image", content(
            (Vec<u8> = "image/svg+xml"),
            (Vec<u8> = "image/png"),
        )),
        (status = 404, description = "`not_found`: also when the caller may not see it", body = Problem),
        (status = 409, description = "`ticket_revoked`", body = Problem),
        (status = 422, description = "`invalid_fields`: size, margin, or colours no scanner reads", body = Problem),
    ),
)]
#[get("/tickets/{ticket_id}/qr")]
pub(super) async fn get_ticket_qr(
    guard: Guard<Public>,
    ticket_id: Path<Uuid>,
    access: Query<AccessQuery>,
    look: Query<Look>,
) -> ApiResult<HttpResponse> {
    let (reader, codes) = (Reader::of(&guard, Some(&access)), Codes::of(&guard.app));
    let row = guard.db.read(async |conn| service::find(conn, &reader, *ticket_id).await).await?;
    Ok(qr::draw(&service::live_code(&row, &codes)?, &look)?.into_response())
}

/// The ticket as PDF
#[utoipa::path(
    operation_id = "get_ticket_pdf",
    tag = "tickets",
    security((), ("bearer" = [])),
    params(
        ("ticket_id" = Uuid, Path, description = "The ticket"),
        ("Order-Access" = Option<String>, Header, description = "A guest's secret"),
        AccessQuery,
    ),
    responses(
        (status = 200, description = "One page", body = Vec<u8>, content_type = "application/pdf"),
        (status = 404, description = "`not_found`: also when the caller may not see it", body = Problem),
        (status = 409, description = "`ticket_revoked`", body = Problem),
    ),
)]
#[get("/tickets/{ticket_id}/pdf")]
pub(super) async fn get_ticket_pdf(
    guard: Guard<Public>,
    ticket_id: Path<Uuid>,
    access: Query<AccessQuery>,
) -> ApiResult<HttpResponse> {
    let (reader, codes) = (Reader::of(&guard, Some(&access)), Codes::of(&guard.app));
    let row = guard.db.read(async |conn| service::find(conn, &reader, *ticket_id).await).await?;
    service::live_code(&row, &codes)?;
    pdf(&guard, &[row]).await
}

/// Takes a ticket's right to enter
///
/// Its place is free again. Staff see the reason at the gate.
#[utoipa::path(
    operation_id = "revoke_ticket",
    tag = "tickets",
    security(("bearer" = [])),
    params(
        ("ticket_id" = Uuid, Path, description = "The ticket"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless"),
    ),
    request_body = RevokeTicket,
    responses(
        (status = 200, description = "The ticket, without a code", body = Ticket),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`", body = Problem),
        (status = 404, description = "`not_found`", body = Problem),
        (status = 409, description = "`ticket_revoked`: it was before", body = Problem),
        (status = 422, description = "`invalid_fields`", body = Problem),
    ),
)]
#[post("/tickets/{ticket_id}/revoke")]
pub(super) async fn revoke_ticket(
    guard: Guard<Within<TicketsManage>>,
    ticket_id: Path<Uuid>,
    body: Body<RevokeTicket>,
) -> ApiResult<HttpResponse> {
    let (org, reach) = (guard.org(), guard.reach());
    let revoke = async |tx: &mut Tx<'_>| service::revoke(tx, (org, &reach), *ticket_id, &body.reason).await;
    let ticket = guard.once(&body, revoke).await?;
    Ok(HttpResponse::Ok().json(ticket))
}

/// Typesetting takes milliseconds of work: not on a thread that answers requests.
async fn pdf(guard: &Guard<Public>, rows: &[queries::TicketRow]) -> ApiResult<HttpResponse> {
    let codes = Codes::of(&guard.app);
    let pages = rows.iter().map(|row| documents::document(row, &codes)).collect::<ApiResult<Vec<_>>>()?;
    let name = rows.first().map_or_else(String::new, |row| row.reference.clone());
    let bytes = tokio::task::spawn_blocking(move || ::documents::render_tickets(&pages))
        .await
        .map_err(ApiError::internal)?
        .map_err(ApiError::internal)?;
    Ok(HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header((header::CONTENT_DISPOSITION, format!("inline; filename=\"tickets-{name}.pdf\"")))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .body(bytes))
}
