//! `/orders/{order_id}/payments` and `/payments`.

use actix_web::{HttpRequest, HttpResponse, get, post};
use contract::{
    ErrorCode, Problem,
    orders::Order,
    payments::{ConfirmPayment, Payment, PaymentCallback, StartPayment},
};
use platform::{
    db::Tx,
    error::{ApiError, ApiResult},
    guard::{Guard, PaymentsConfirm, Public, Within},
    http::{Body, Created, Path, Query, Raw},
};
use uuid::Uuid;

use super::{payee::Payee, service, signature::CallbackKey};
use crate::{
    orders::{AccessQuery, Reader},
    qr::{self, Look},
};

/// Begins an attempt to pay
///
/// The answer's `promptpay` is the text of the QR that a Thai banking app reads. A second call while
/// the attempt waits gives the same attempt.
#[utoipa::path(
    operation_id = "start_payment",
    tag = "payments",
    security((), ("bearer" = [])),
    params(
        ("order_id" = Uuid, Path, description = "The order"),
        ("Order-Access" = Option<String>, Header, description = "A guest's secret"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless"),
    ),
    request_body = StartPayment,
    responses(
        (status = 201, description = "The attempt", body = Payment),
        (status = 404, description = "`not_found`: also when the caller may not see the order", body = Problem),
        (status = 409, description = "`already_paid`, `wrong_state`", body = Problem),
        (status = 410, description = "`order_expired`", body = Problem),
        (status = 422, description = "`invalid_fields`", body = Problem),
    ),
)]
#[post("/orders/{order_id}/payments")]
pub(super) async fn start_payment(
    guard: Guard<Public>,
    order_id: Path<Uuid>,
    body: Body<StartPayment>,
) -> ApiResult<Created<Payment>> {
    let (reader, payee) = (Reader::of(&guard, None), Payee::of(&guard.app.config));
    guard.create(&body, async |tx| service::start(tx, &reader, &payee, *order_id).await).await
}

/// The QR of a PromptPay payment
///
/// While the payment waits.
#[utoipa::path(
    operation_id = "get_payment_qr",
    tag = "payments",
    security((), ("bearer" = [])),
    params(
        ("payment_id" = Uuid, Path, description = "The payment"),
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
        (status = 409, description = "`wrong_state`: it waits no more", body = Problem),
        (status = 422, description = "`invalid_fields`: size, margin, or colours no camera reads", body = Problem),
    ),
)]
#[get("/payments/{payment_id}/qr")]
pub(super) async fn get_payment_qr(
    guard: Guard<Public>,
    payment_id: Path<Uuid>,
    access: Query<AccessQuery>,
    look: Query<Look>,
) -> ApiResult<HttpResponse> {
    let reader = Reader::of(&guard, Some(&access));
    let text = guard.db.read(async |conn| service::qr_text(conn, &reader, *payment_id).await).await?;
    Ok(qr::draw(&text, &look)?.into_response())
}

/// A staff member saw the money arrive
///
/// Pays the order and issues its tickets. When the order had run out and its places are gone, the
/// payment is marked `to_refund` instead.
#[utoipa::path(
    operation_id = "confirm_payment",
    tag = "payments",
    security(("bearer" = [])),
    params(
        ("payment_id" = Uuid, Path, description = "The payment"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless"),
    ),
    request_body = ConfirmPayment,
    responses(
        (status = 200, description = "The order", body = Order),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`", body = Problem),
        (status = 404, description = "`not_found`", body = Problem),
        (status = 409, description = "`already_paid`, `wrong_state`", body = Problem),
        (status = 422, description = "`amount_mismatch` with `due`, `invalid_fields`", body = Problem),
    ),
)]
#[post("/payments/{payment_id}/confirm")]
pub(super) async fn confirm_payment(
    guard: Guard<Within<PaymentsConfirm>>,
    payment_id: Path<Uuid>,
    body: Body<ConfirmPayment>,
) -> ApiResult<HttpResponse> {
    let (org, reach, by, keys) = (guard.org(), guard.reach(), guard.user_id(), &guard.app.keys);
    let confirm =
        async |tx: &mut Tx<'_>| service::confirm(tx, keys, (org, &reach), by, *payment_id, &body).await;
    let order = guard.once(&body, confirm).await?;
    Ok(HttpResponse::Ok().json(order))
}

/// The provider tells that money arrived
///
/// Signed: `Ringside-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`, at most five
/// minutes from our time. Each `id` is accepted once.
#[utoipa::path(
    operation_id = "receive_callback",
    tag = "payments",
    params(("Ringside-Signature" = String, Header, description = "Time and HMAC of the body")),
    request_body = PaymentCallback,
    responses(
        (status = 200, description = "The payment: `succeeded`, or `to_refund` when its places are gone", body = Payment),
        (status = 400, description = "`malformed_json`", body = Problem),
        (status = 401, description = "`bad_signature`, `callback_stale`", body = Problem),
        (status = 404, description = "`not_found`: no such payment", body = Problem),
        (status = 409, description = "`callback_replayed`, `already_paid`, `wrong_state`", body = Problem),
        (status = 422, description = "`amount_mismatch` with `due`, `invalid_fields`", body = Problem),
    ),
)]
#[post("/payments/callbacks/promptpay")]
pub(super) async fn receive_callback(
    guard: Guard<Public>,
    request: HttpRequest,
    body: Raw,
) -> ApiResult<HttpResponse> {
    let header = request.headers().get("ringside-signature").and_then(|value| value.to_str().ok());
    let header = header.ok_or(ErrorCode::BadSignature)?;
    CallbackKey::of(&guard.app).check(header, &body.bytes, guard.now())?;
    if body.media_type != "application/json" {
        return Err(ApiError::new(ErrorCode::UnsupportedMediaType).detail("Send JSON."));
    }
    let told: PaymentCallback = body.json()?;
    let payment = guard.db.write(async |tx| service::receive(tx, &told).await).await?;
    Ok(HttpResponse::Ok().json(payment))
}
