//! `/me/contact-methods` of the person signed in, and where browsers renew their subscription.

use actix_web::{HttpResponse, delete, get, post, web};
use contract::Problem;
use contract::contact_methods::{
    AddBrowser, AddPhone, ConfirmContact, ContactLink, ContactMethod, ContactOffer, PushKey, RenewBrowser,
    StartContactLink,
};
use platform::error::ApiResult;
use platform::guard::{Guard, Public, SignedIn};
use platform::http::{Body, Created, Path};
use uuid::Uuid;

use super::{browsers, links, phones, queries, service};
use crate::channels::vapid;

/// Lists the ways to reach the person signed in, newest first
#[utoipa::path(operation_id = "list_contact_methods", tag = "reaching people", security(("bearer" = [])),
    responses((status = 200, description = "The methods", body = Vec<ContactMethod>),
              (status = "default", description = "`not_signed_in`", body = Problem, content_type = "application/problem+json")))]
#[get("/me/contact-methods")]
pub async fn list_contact_methods(guard: Guard<SignedIn>) -> ApiResult<web::Json<Vec<ContactMethod>>> {
    let user = guard.person()?.user_id;
    guard.db.read(async |conn| queries::list(conn, user).await).await.map(web::Json)
}

/// Lists through whom the person signed in can be reached, and how
///
/// Organisations the person works for or has bought from, by what they have set up.
#[utoipa::path(operation_id = "list_contact_offers", tag = "reaching people", security(("bearer" = [])),
    responses((status = 200, description = "Organisations and channels", body = Vec<ContactOffer>),
              (status = "default", description = "`not_signed_in`", body = Problem, content_type = "application/problem+json")))]
#[get("/me/contact-offers")]
pub async fn list_contact_offers(guard: Guard<SignedIn>) -> ApiResult<web::Json<Vec<ContactOffer>>> {
    let user = guard.person()?.user_id;
    guard.db.read(async |conn| queries::offers(conn, user).await).await.map(web::Json)
}

/// Begins to add a chat by LINE, WhatsApp or Messenger
///
/// The code is written to the organisation's account from the chat that is to be the person's. It works once, for 15 minutes.
#[utoipa::path(operation_id = "start_contact_link", tag = "reaching people", security(("bearer" = [])), request_body = StartContactLink,
    responses((status = 201, description = "The code", body = ContactLink),
              (status = "default", description = "`not_signed_in`, `invalid_fields`, `not_found`: the organisation offers no such chat; `wrong_state`: there are 20 methods; `too_many_requests`", body = Problem, content_type = "application/problem+json")))]
#[post("/me/contact-links")]
pub async fn start_contact_link(
    guard: Guard<SignedIn>,
    body: Body<StartContactLink>,
) -> ApiResult<Created<ContactLink>> {
    let (user, keys) = (guard.person()?.user_id, &guard.app.keys);
    // Not by `create`: a code is kept nowhere.
    guard.db.write(async |tx| links::offer(tx, keys, user, &body).await).await.map(Created)
}

/// Adds a phone; a text message with a code goes there
///
/// Sent again for a number that waits for its code, a new one goes, at most five a day.
#[utoipa::path(operation_id = "add_phone", tag = "reaching people", security(("bearer" = [])), request_body = AddPhone,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless")),
    responses((status = 201, description = "The phone, to be confirmed", body = ContactMethod),
              (status = "default", description = "`not_signed_in`, `invalid_fields`, `not_found`: the organisation sends no text messages; `wrong_state`: there are 20 methods; `too_many_requests`", body = Problem, content_type = "application/problem+json")))]
#[post("/me/contact-methods/phone")]
pub async fn add_phone(guard: Guard<SignedIn>, body: Body<AddPhone>) -> ApiResult<Created<ContactMethod>> {
    let (user, keys, locale) = (guard.person()?.user_id, &guard.app.keys, guard.locale());
    guard.create(&body, async |tx| phones::add(tx, keys, user, (&body, locale)).await).await
}

/// Proves a phone by the code that was sent there
#[utoipa::path(operation_id = "confirm_contact", tag = "reaching people", security(("bearer" = [])), request_body = ConfirmContact,
    params(("method_id" = Uuid, Path, description = "The phone")),
    responses((status = 200, description = "The phone, proved", body = ContactMethod),
              (status = "default", description = "`not_signed_in`, `not_found`, `invalid_fields`, `wrong_proof`, `challenge_over`: too late, or five wrong codes", body = Problem, content_type = "application/problem+json")))]
#[post("/me/contact-methods/{method_id}/confirm")]
pub async fn confirm_contact(
    guard: Guard<SignedIn>,
    id: Path<Uuid>,
    body: Body<ConfirmContact>,
) -> ApiResult<web::Json<ContactMethod>> {
    let (user, keys) = (guard.person()?.user_id, &guard.app.keys);
    let answered =
        guard.db.write(async |tx| phones::confirm(tx, keys, user, (*id, &body.code)).await).await?;
    answered.into_result().map(web::Json)
}

/// Adds a browser by its subscription of the Push API
///
/// Sent again for the same endpoint its keys are taken in anew. A browser notifies one person: whoever added it last.
#[utoipa::path(operation_id = "add_browser", tag = "reaching people", security(("bearer" = [])), request_body = AddBrowser,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless")),
    responses((status = 201, description = "The browser", body = ContactMethod),
              (status = "default", description = "`not_signed_in`, `invalid_fields`, `wrong_state`: there are 20 methods", body = Problem, content_type = "application/problem+json")))]
#[post("/me/contact-methods/browser")]
pub async fn add_browser(
    guard: Guard<SignedIn>,
    body: Body<AddBrowser>,
) -> ApiResult<Created<ContactMethod>> {
    let (user, app) = (guard.person()?.user_id, &guard.app);
    guard.create(&body, async |tx| browsers::add(tx, app, user, &body).await).await
}

/// Sends a test to one of the person's methods
#[utoipa::path(operation_id = "test_contact", tag = "reaching people", security(("bearer" = [])),
    params(("method_id" = Uuid, Path, description = "The method"),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless")),
    responses((status = 202, description = "The test is on its way"),
              (status = "default", description = "`not_signed_in`, `not_found`, `wrong_state`: not proved, or gone; `too_many_requests`", body = Problem, content_type = "application/problem+json")))]
#[post("/me/contact-methods/{method_id}/test")]
pub async fn test_contact(guard: Guard<SignedIn>, id: Path<Uuid>) -> ApiResult<HttpResponse> {
    let (user, app, locale) = (guard.person()?.user_id, &guard.app, guard.locale());
    guard.once(&(), async |tx| service::test(tx, app, user, (*id, locale)).await).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// Removes a way to reach the person
#[utoipa::path(operation_id = "remove_contact", tag = "reaching people", security(("bearer" = [])),
    params(("method_id" = Uuid, Path, description = "The method")),
    responses((status = 204, description = "It is gone"),
              (status = "default", description = "`not_signed_in`, `not_found`", body = Problem, content_type = "application/problem+json")))]
#[delete("/me/contact-methods/{method_id}")]
pub async fn remove_contact(guard: Guard<SignedIn>, id: Path<Uuid>) -> ApiResult<HttpResponse> {
    let user = guard.person()?.user_id;
    guard.db.write(async |tx| service::remove(tx, user, *id).await).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The key by which browsers know who notifies (RFC 8292)
#[utoipa::path(operation_id = "get_push_key", tag = "reaching people", security(("bearer" = [])),
    responses((status = 200, description = "The public key", body = PushKey),
              (status = "default", description = "`not_signed_in`", body = Problem, content_type = "application/problem+json")))]
#[get("/push-key")]
pub async fn get_push_key(guard: Guard<SignedIn>) -> ApiResult<web::Json<PushKey>> {
    let pair = vapid::pair(&guard.app.db, &guard.app.keys).await?;
    Ok(web::Json(PushKey { public_key: pair.public() }))
}

/// A browser's subscription takes the place of an older one
///
/// Push services renew subscriptions while no page is open, so nobody is signed in: the browser proves itself by the
/// endpoint and the secret it had.
#[utoipa::path(operation_id = "renew_browser", tag = "reaching people", request_body = RenewBrowser,
    responses((status = 204, description = "It is taken in"),
              (status = "default", description = "`invalid_fields`, `not_found`: no such subscription", body = Problem, content_type = "application/problem+json")))]
#[post("/push-renewals")]
pub async fn renew_browser(guard: Guard<Public>, body: Body<RenewBrowser>) -> ApiResult<HttpResponse> {
    let app = &guard.app;
    guard.db.write(async |tx| browsers::renew(tx, app, &body).await).await?;
    Ok(HttpResponse::NoContent().finish())
}
