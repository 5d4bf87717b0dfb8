//! `/oauth/authorisations` and `/oauth/connections` of the person signed in.

use actix_web::{HttpResponse, delete, get, post};
use contract::oauth::{AuthorisationStep, Connection, DecideAuthorisation, ViewAuthorisation};
use contract::{Page, Problem};
use platform::error::ApiResult;
use platform::guard::{Guard, Public, SignedIn};
use platform::http::{Body, Path};
use uuid::Uuid;

use super::{queries, service};

/// What comes next for a person whom an application sent
///
/// The page at the authorisation endpoint asks with the query string it was opened with. `return` leads
/// back to the application, with a code where the person allowed as much before, or with an error.
#[utoipa::path(
    operation_id = "view_authorisation",
    tag = "applications",
    security((), ("bearer" = [])),
    request_body = ViewAuthorisation,
    responses(
        (status = 200, description = "The next step", body = AuthorisationStep),
        (status = 403, description = "`confirmation_needed`: the application wants a fresh proof", body = Problem),
        (status = 422, description = "`invalid_fields`: no such application, or not its address; nobody is sent there", body = Problem),
    ),
)]
#[post("/oauth/authorisations/view")]
pub(super) async fn view_authorisation(
    guard: Guard<Public>,
    body: Body<ViewAuthorisation>,
) -> ApiResult<HttpResponse> {
    let (issuer, person) = (guard.app.config.public_url(), guard.actor.person());
    let step = guard.db.write(async |tx| service::view(tx, &issuer, person, &body.query).await).await?;
    Ok(HttpResponse::Ok().json(step))
}

/// Allows or denies what an application asks for
#[utoipa::path(
    operation_id = "decide_authorisation",
    tag = "applications",
    security(("bearer" = [])),
    request_body = DecideAuthorisation,
    responses(
        (status = 200, description = "The way back to the application", body = AuthorisationStep),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted` for a program; `confirmation_needed`", body = Problem),
        (status = 422, description = "`invalid_fields`", body = Problem),
    ),
)]
#[post("/oauth/authorisations")]
pub(super) async fn decide_authorisation(
    guard: Guard<SignedIn>,
    body: Body<DecideAuthorisation>,
) -> ApiResult<HttpResponse> {
    let (issuer, person) = (guard.app.config.public_url(), guard.person()?);
    let answer = (body.allow, body.organisation);
    let decide =
        async |tx: &mut platform::db::Tx<'_>| service::decide(tx, &issuer, person, &body.query, answer).await;
    Ok(HttpResponse::Ok().json(guard.db.write(decide).await?))
}

/// Applications the person lets act for them
#[utoipa::path(
    operation_id = "list_connections",
    tag = "applications",
    security(("bearer" = [])),
    responses(
        (status = 200, description = "All of them on one page", body = Page<Connection>),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted` for a program", body = Problem),
    ),
)]
#[get("/oauth/connections")]
pub(super) async fn list_connections(guard: Guard<SignedIn>) -> ApiResult<HttpResponse> {
    let user = guard.person()?.user_id;
    let items = guard.db.read(async |conn| queries::connections(conn, user).await).await?;
    Ok(HttpResponse::Ok().json(Page { items, next: None }))
}

/// Takes back what an application was allowed; it is refused from now on
#[utoipa::path(
    operation_id = "end_connection",
    tag = "applications",
    security(("bearer" = [])),
    params(("connection_id" = Uuid, Path, description = "The connection")),
    responses(
        (status = 204, description = "It may no more"),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted` for a program", body = Problem),
        (status = 404, description = "`not_found`", body = Problem),
    ),
)]
#[delete("/oauth/connections/{connection_id}")]
pub(super) async fn end_connection(guard: Guard<SignedIn>, path: Path<Uuid>) -> ApiResult<HttpResponse> {
    let user = guard.person()?.user_id;
    guard.db.write(async |tx| service::take_back(tx, user, *path).await).await?;
    Ok(HttpResponse::NoContent().finish())
}
