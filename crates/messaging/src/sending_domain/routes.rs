//! `/sending-domain` of the organisation acted in.

use actix_web::{HttpResponse, delete, get, post, put, web};
use contract::Problem;
use contract::sending::{SendingDomain, WriteSendingDomain};
use platform::error::ApiResult;
use platform::guard::{Guard, OrganisationManage, OrganisationRead};
use platform::http::Body;

use super::service;

/// From whose address the organisation's mail comes, and what DNS said of it
#[utoipa::path(operation_id = "get_sending_domain", tag = "deliveries", security(("bearer" = [])),
    responses((status = 200, description = "The address and its records", body = SendingDomain),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `not_found` when there is none", body = Problem, content_type = "application/problem+json")))]
#[get("/sending-domain")]
pub async fn get_sending_domain(guard: Guard<OrganisationRead>) -> ApiResult<web::Json<SendingDomain>> {
    let (org, config) = (guard.org(), &guard.app.config);
    guard.db.read(async |conn| service::get(conn, config, org).await).await.map(web::Json)
}

/// Sets the address
///
/// Mail comes from there once DNS holds the key; the answer says which records are wanted. Another domain
/// than before begins anew.
#[utoipa::path(operation_id = "set_sending_domain", tag = "deliveries", security(("bearer" = [])), request_body = WriteSendingDomain,
    responses((status = 200, description = "The address and its records", body = SendingDomain),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `confirmation_needed`, `invalid_fields`", body = Problem, content_type = "application/problem+json")))]
#[put("/sending-domain")]
pub async fn set_sending_domain(
    guard: Guard<OrganisationManage>,
    body: Body<WriteSendingDomain>,
) -> ApiResult<web::Json<SendingDomain>> {
    guard.confirmed()?;
    let (org, key) = (guard.org(), service::new_key(&guard.app).await?);
    let with = (&guard.app.config, &key);
    guard.db.write(async |tx| service::write(tx, with, org, &body).await).await.map(web::Json)
}

/// Takes the address away: mail comes from Ringside's own again
#[utoipa::path(operation_id = "remove_sending_domain", tag = "deliveries", security(("bearer" = [])),
    responses((status = 204, description = "It is gone"),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `confirmation_needed`, `not_found`", body = Problem, content_type = "application/problem+json")))]
#[delete("/sending-domain")]
pub async fn remove_sending_domain(guard: Guard<OrganisationManage>) -> ApiResult<HttpResponse> {
    guard.confirmed()?;
    let org = guard.org();
    guard.db.write(async |tx| service::remove(tx, org).await).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Asks DNS now
///
/// A key whose record is found begins to sign, one whose record is gone ends. A timer asks every night.
#[utoipa::path(operation_id = "check_sending_domain", tag = "deliveries", security(("bearer" = [])),
    responses((status = 200, description = "What was found", body = SendingDomain),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `not_found`, `unavailable` when DNS does not answer", body = Problem, content_type = "application/problem+json")))]
#[post("/sending-domain/check")]
pub async fn check_sending_domain(guard: Guard<OrganisationManage>) -> ApiResult<web::Json<SendingDomain>> {
    service::check(&guard.db, &guard.app.config, guard.org()).await.map(web::Json)
}

/// Makes a new key
///
/// The one before signs until the new one's record is found. A second new key takes the place of the first.
#[utoipa::path(operation_id = "renew_sending_key", tag = "deliveries", security(("bearer" = [])),
    responses((status = 200, description = "The address and its records", body = SendingDomain),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `confirmation_needed`, `not_found`", body = Problem, content_type = "application/problem+json")))]
#[post("/sending-domain/key")]
pub async fn renew_sending_key(guard: Guard<OrganisationManage>) -> ApiResult<web::Json<SendingDomain>> {
    guard.confirmed()?;
    let (org, key) = (guard.org(), service::new_key(&guard.app).await?);
    let with = (&guard.app.config, &key);
    guard.db.write(async |tx| service::renew(tx, with, org).await).await.map(web::Json)
}
