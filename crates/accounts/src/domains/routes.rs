//! `/domains` of the organisation acted in.

use actix_web::{HttpResponse, delete, get, post};
use contract::Problem;
use contract::sign_on::{ClaimDomain, OrganisationDomain};
use platform::error::ApiResult;
use platform::guard::{Guard, OrganisationManage, OrganisationRead};
use platform::http::{Body, Created, Path};
use uuid::Uuid;

use super::{queries, service};

/// The mail domains of the organisation
#[utoipa::path(
    operation_id = "list_domains",
    tag = "sign-on",
    security(("bearer" = [])),
    responses(
        (status = 200, description = "The domains", body = Vec<OrganisationDomain>),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`", body = Problem),
    ),
)]
#[get("/domains")]
pub(super) async fn list_domains(guard: Guard<OrganisationRead>) -> ApiResult<HttpResponse> {
    let org = guard.org();
    let rows = guard.db.read(async |conn| queries::list(conn, org).await).await?;
    Ok(HttpResponse::Ok().json(rows.into_iter().map(OrganisationDomain::from).collect::<Vec<_>>()))
}

/// Claims a mail domain
///
/// The answer says which TXT record proves it.
#[utoipa::path(
    operation_id = "claim_domain",
    tag = "sign-on",
    security(("bearer" = [])),
    request_body = ClaimDomain,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless")),
    responses(
        (status = 201, description = "The domain and its record", body = OrganisationDomain),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`, `confirmation_needed`", body = Problem),
        (status = 409, description = "`name_taken`", body = Problem),
        (status = 422, description = "`invalid_fields`", body = Problem),
    ),
)]
#[post("/domains")]
pub(super) async fn claim_domain(
    guard: Guard<OrganisationManage>,
    body: Body<ClaimDomain>,
) -> ApiResult<Created<OrganisationDomain>> {
    guard.confirmed()?;
    let org = guard.org();
    guard.create(&body, async |tx| service::claim(tx, org, &body).await).await
}

/// Looks for the record that proves a domain
///
/// A domain whose record is gone stays proven for a week; a timer looks for it every day.
#[utoipa::path(
    operation_id = "verify_domain",
    tag = "sign-on",
    security(("bearer" = [])),
    params(("domain_id" = Uuid, Path, description = "The domain")),
    responses(
        (status = 200, description = "It is proven", body = OrganisationDomain),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`, `confirmation_needed`", body = Problem),
        (status = 404, description = "`not_found`", body = Problem),
        (status = 409, description = "`domain_unproven`, `domain_taken`", body = Problem),
        (status = 503, description = "`unavailable`: DNS does not answer", body = Problem),
    ),
)]
#[post("/domains/{domain_id}/verify")]
pub(super) async fn verify_domain(
    guard: Guard<OrganisationManage>,
    path: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    guard.confirmed()?;
    let org = guard.org();
    let row = guard.db.read(async |conn| queries::find(conn, org, *path).await).await?;
    let texts = platform::names::texts_at(guard.app.config.dns_resolver, &row.record_name()).await?;
    let session = guard.person().ok().map(|person| person.session_id);
    let judged = guard
        .db
        .write(async |tx| service::judge(tx, &guard.app, (org, *path), (&texts, session)).await)
        .await?;
    Ok(HttpResponse::Ok().json(judged?))
}

/// Gives a domain up
#[utoipa::path(
    operation_id = "remove_domain",
    tag = "sign-on",
    security(("bearer" = [])),
    params(("domain_id" = Uuid, Path, description = "The domain")),
    responses(
        (status = 204, description = "It is the organisation's no more"),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`, `confirmation_needed`", body = Problem),
        (status = 404, description = "`not_found`", body = Problem),
    ),
)]
#[delete("/domains/{domain_id}")]
pub(super) async fn remove_domain(
    guard: Guard<OrganisationManage>,
    path: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    guard.confirmed()?;
    let org = guard.org();
    guard.db.write(async |tx| service::remove(tx, org, *path).await).await?;
    Ok(HttpResponse::NoContent().finish())
}
