//! `/orders` and `/me/orders`.

use actix_web::{HttpResponse, get, http::header, post, web};
use contract::{
    Page, Problem,
    orders::{Order, OrderSummary, PlaceOrder},
    page::MAX_LIMIT,
};
use platform::{
    error::ApiResult,
    guard::{Guard, OrdersRead, Public, SignedIn, Within},
    http::{Body, Created, Paged, Path, Query},
    privacy::ConsentLog,
};
use uuid::Uuid;

use super::{
    csv,
    queries::Filter,
    reader::{AccessQuery, Reader},
    service::{self, Terms},
};
use crate::tickets::Codes;

/// Orders in one file at most.
const MOST_EXPORTED: usize = 100_000;

/// Places an order, as a guest or signed in
///
/// Either turns a hold into an order (`hold`), or claims and orders in one call (`event_id` with `seats`
/// and `standing`): all of the places or none. The answer's `access` is told once; a guest reads the
/// order with it. An order that costs nothing is paid at once.
#[utoipa::path(
    operation_id = "place_order",
    tag = "orders",
    security((), ("bearer" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless")),
    request_body = PlaceOrder,
    responses(
        (status = 201, description = "The order; its places are held until `expires_at`", body = Order),
        (status = 404, description = "`not_found`: no such event, or not the hold's secret", body = Problem),
        (status = 409, description = "`seat_taken` with `taken`, `places_gone`, `not_on_sale`, `policy_outdated`", body = Problem),
        (status = 410, description = "`hold_expired`", body = Problem),
        (status = 422, description = "`unknown_seat`, `unknown_zone`, `too_many_places`, `invalid_fields`", body = Problem),
    ),
)]
#[post("/orders")]
pub(super) async fn place_order(
    guard: Guard<Public>,
    consents: Option<web::Data<ConsentLog>>,
    body: Body<PlaceOrder>,
) -> ApiResult<Created<Order>> {
    let (terms, user, ip) = (Terms::of(&guard.app), guard.user_id(), guard.request.ip);
    let log = consents.as_ref().map(|log| log.get_ref());
    guard
        .create(&body, async |tx| {
            let order = service::place(tx, &terms, user, &body).await?;
            service::keep_consent(tx, log, &order, (user, ip), &body.accepted).await?;
            Ok(order)
        })
        .await
}

/// The organisation's orders
///
/// Newest first.
#[utoipa::path(
    operation_id = "list_orders",
    tag = "orders",
    security(("bearer" = [])),
    params(Paged, Filter),
    responses(
        (status = 200, description = "A page of orders", body = Page<OrderSummary>),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`", body = Problem),
        (status = 422, description = "`page_too_large`, `unknown_cursor`", body = Problem),
    ),
)]
#[get("/orders")]
pub(super) async fn list_orders(
    guard: Guard<Within<OrdersRead>>,
    paged: Paged,
    filter: Query<Filter>,
) -> ApiResult<HttpResponse> {
    let (org, reach) = (guard.org(), guard.reach());
    let (locale, now) = (guard.locale(), guard.now());
    let page = guard
        .db
        .read(async |conn| service::list(conn, (org, &reach), &filter, &paged, locale, now).await)
        .await?;
    Ok(HttpResponse::Ok().json(page))
}

/// The organisation's orders as a CSV file
///
/// At most 100,000 of them, newest first. Texts that a spreadsheet would run as formulas are made harmless.
#[utoipa::path(
    operation_id = "export_orders",
    tag = "orders",
    security(("bearer" = [])),
    params(Filter),
    responses(
        (status = 200, description = "The file", body = String, content_type = "text/csv"),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`", body = Problem),
    ),
)]
#[get("/orders.csv")]
pub(super) async fn export_orders(
    guard: Guard<Within<OrdersRead>>,
    filter: Query<Filter>,
) -> ApiResult<HttpResponse> {
    let (org, reach) = (guard.org(), guard.reach());
    let (locale, now) = (guard.locale(), guard.now());
    let mut orders: Vec<OrderSummary> = Vec::new();
    let mut paged = Paged { limit: MAX_LIMIT, after: None };
    loop {
        let page = guard
            .db
            .read(async |conn| service::list(conn, (org, &reach), &filter, &paged, locale, now).await)
            .await?;
        orders.extend(page.items);
        match page.next {
            Some(next) if orders.len() < MOST_EXPORTED => paged.after = Some(next),
            _ => break,
        }
    }
    let rows = orders.len();
    guard
        .db
        .write(async |tx| {
            service::note_export(tx, org, rows);
            Ok(())
        })
        .await?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"orders.csv\""))
        .body(csv::write(&orders)?))
}

/// The orders of the person signed in
///
/// Newest first.
#[utoipa::path(
    operation_id = "list_my_orders",
    tag = "orders",
    security(("bearer" = [])),
    params(Paged),
    responses(
        (status = 200, description = "A page of orders", body = Page<OrderSummary>),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 422, description = "`page_too_large`, `unknown_cursor`", body = Problem),
    ),
)]
#[get("/me/orders")]
pub(super) async fn list_my_orders(guard: Guard<SignedIn>, paged: Paged) -> ApiResult<HttpResponse> {
    let (user, locale, now) = (guard.user_id().unwrap_or_default(), guard.locale(), guard.now());
    let page = guard.db.read(async |conn| service::list_mine(conn, user, &paged, locale, now).await).await?;
    Ok(HttpResponse::Ok().json(page))
}

/// One order
///
/// For its buyer (signed in, or with the secret given when it was placed) and for staff.
#[utoipa::path(
    operation_id = "get_order",
    tag = "orders",
    security((), ("bearer" = [])),
    params(
        ("order_id" = Uuid, Path, description = "The order"),
        ("Order-Access" = Option<String>, Header, description = "A guest's secret"),
        AccessQuery,
    ),
    responses(
        (status = 200, description = "The order with its payment and tickets", body = Order),
        (status = 404, description = "`not_found`: also when the caller may not see it", body = Problem),
    ),
)]
#[get("/orders/{order_id}")]
pub(super) async fn get_order(
    guard: Guard<Public>,
    order_id: Path<Uuid>,
    access: Query<AccessQuery>,
) -> ApiResult<HttpResponse> {
    let (reader, codes) = (Reader::of(&guard, Some(&access)), Codes::of(&guard.app));
    let (keys, now) = (&guard.app.keys, guard.now());
    let order =
        guard.db.read(async |conn| service::get(conn, &reader, &codes, keys, *order_id, now).await).await?;
    Ok(HttpResponse::Ok().json(order))
}

/// Cancels an order
///
/// Its buyer while it is not paid, staff always. Its places are free again, its tickets admit no more,
/// and a payment is marked `to_refund`.
#[utoipa::path(
    operation_id = "cancel_order",
    tag = "orders",
    security((), ("bearer" = [])),
    params(
        ("order_id" = Uuid, Path, description = "The order"),
        ("Order-Access" = Option<String>, Header, description = "A guest's secret"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless"),
    ),
    responses(
        (status = 200, description = "The order", body = Order),
        (status = 403, description = "`not_permitted`: staff who may only look", body = Problem),
        (status = 404, description = "`not_found`: also when the caller may not see it", body = Problem),
        (status = 409, description = "`wrong_state`", body = Problem),
    ),
)]
#[post("/orders/{order_id}/cancel")]
pub(super) async fn cancel_order(guard: Guard<Public>, order_id: Path<Uuid>) -> ApiResult<HttpResponse> {
    let reader = Reader::of(&guard, None);
    let order =
        guard.once(&(), async |tx| service::cancel(tx, &guard.app.keys, &reader, *order_id).await).await?;
    Ok(HttpResponse::Ok().json(order))
}
