//! `/organisations`.

use actix_web::{HttpResponse, get, post};
use contract::accounts::{CreateOrganisation, Organisation};
use contract::{Page, Problem};
use platform::error::ApiResult;
use platform::guard::{Guard, SignedIn};
use platform::http::{Body, Created, Paged, next_page};

use super::{queries, service};

/// The organisations of the person signed in, oldest first
#[utoipa::path(
    operation_id = "list_organisations",
    tag = "organisations",
    security(("bearer" = [])),
    params(Paged),
    responses(
        (status = 200, description = "A page of organisations", body = Page<Organisation>),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 422, description = "`page_too_large`, `unknown_cursor`", body = Problem),
    ),
)]
#[get("/organisations")]
pub(super) async fn list_organisations(guard: Guard<SignedIn>, paged: Paged) -> ApiResult<HttpResponse> {
    let user_id = guard.person()?.user_id;
    let after = paged.position()?;
    let rows =
        guard.db.read(async |conn| queries::of_person(conn, user_id, after, paged.fetch()).await).await?;
    Ok(HttpResponse::Ok().json(next_page(&paged, rows, |organisation| organisation.id)?))
}

/// Founds an organisation
///
/// Whoever asks becomes its owner.
#[utoipa::path(
    operation_id = "create_organisation",
    tag = "organisations",
    security(("bearer" = [])),
    request_body = CreateOrganisation,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless")),
    responses(
        (status = 201, description = "The organisation", body = Organisation),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 409, description = "`slug_taken`", body = Problem),
        (status = 422, description = "`invalid_fields`", body = Problem),
    ),
)]
#[post("/organisations")]
pub(super) async fn create_organisation(
    guard: Guard<SignedIn>,
    body: Body<CreateOrganisation>,
) -> ApiResult<Created<Organisation>> {
    let founder = guard.person()?.user_id;
    guard.create(&body, async |tx| service::found(tx, founder, &body).await).await
}
