//! `/identity-providers` of the organisation acted in.

use actix_web::{HttpResponse, delete, get, post, put, web};
use contract::sign_on::{
    IdentityProvider, ProviderCheck, ReadSamlMetadata, SamlMetadata, WriteIdentityProvider,
};
use contract::{ErrorCode, Problem};
use platform::error::{ApiError, ApiResult};
use platform::guard::{Guard, OrganisationManage, OrganisationRead};
use platform::http::{Body, Created, Path};
use uuid::Uuid;

use super::{Provider, queries, service};
use crate::Accounts;
use crate::rights::Holder;
use crate::sign_on;

/// Where the organisation's people sign in
#[utoipa::path(
    operation_id = "list_identity_providers",
    tag = "sign-on",
    security(("bearer" = [])),
    responses(
        (status = 200, description = "The providers", body = Vec<IdentityProvider>),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`", body = Problem),
    ),
)]
#[get("/identity-providers")]
pub(super) async fn list_identity_providers(guard: Guard<OrganisationRead>) -> ApiResult<HttpResponse> {
    let org = guard.org();
    let rows = guard.db.read(async |conn| queries::list(conn, org).await).await?;
    let shown = rows.into_iter().map(|row| service::shown(&guard.app, row)).collect::<ApiResult<Vec<_>>>()?;
    Ok(HttpResponse::Ok().json(shown))
}

/// Sets a provider up
#[utoipa::path(
    operation_id = "create_identity_provider",
    tag = "sign-on",
    security(("bearer" = [])),
    request_body = WriteIdentityProvider,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless")),
    responses(
        (status = 201, description = "The provider", body = IdentityProvider),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`, also for roles the caller does not hold; `confirmation_needed`", body = Problem),
        (status = 409, description = "`name_taken`", body = Problem),
        (status = 422, description = "`invalid_fields`", body = Problem),
    ),
)]
#[post("/identity-providers")]
pub(super) async fn create_identity_provider(
    guard: Guard<OrganisationManage>,
    body: Body<WriteIdentityProvider>,
) -> ApiResult<Created<IdentityProvider>> {
    guard.confirmed()?;
    let who = (guard.org(), Holder::of(&guard.actor));
    let session = guard.person().ok().map(|person| person.session_id);
    guard.create(&body, async |tx| service::write(tx, &guard.app, who, (None, session), &body).await).await
}

/// Changes a provider
///
/// The client's secret stays when none is sent.
#[utoipa::path(
    operation_id = "update_identity_provider",
    tag = "sign-on",
    security(("bearer" = [])),
    params(("provider_id" = Uuid, Path, description = "The provider")),
    request_body = WriteIdentityProvider,
    responses(
        (status = 200, description = "The provider", body = IdentityProvider),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`, also for roles the caller does not hold; `confirmation_needed`", body = Problem),
        (status = 404, description = "`not_found`", body = Problem),
        (status = 409, description = "`name_taken`", body = Problem),
        (status = 422, description = "`invalid_fields`", body = Problem),
    ),
)]
#[put("/identity-providers/{provider_id}")]
pub(super) async fn update_identity_provider(
    guard: Guard<OrganisationManage>,
    path: Path<Uuid>,
    body: Body<WriteIdentityProvider>,
) -> ApiResult<HttpResponse> {
    guard.confirmed()?;
    let who = (guard.org(), Holder::of(&guard.actor));
    let session = guard.person().ok().map(|person| person.session_id);
    let changed = guard
        .db
        .write(async |tx| service::write(tx, &guard.app, who, (Some(*path), session), &body).await)
        .await?;
    Ok(HttpResponse::Ok().json(changed))
}

/// Removes a provider, with the identities it gave
#[utoipa::path(
    operation_id = "remove_identity_provider",
    tag = "sign-on",
    security(("bearer" = [])),
    params(("provider_id" = Uuid, Path, description = "The provider")),
    responses(
        (status = 204, description = "It is gone"),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`, `confirmation_needed`", body = Problem),
        (status = 404, description = "`not_found`", body = Problem),
    ),
)]
#[delete("/identity-providers/{provider_id}")]
pub(super) async fn remove_identity_provider(
    guard: Guard<OrganisationManage>,
    path: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    guard.confirmed()?;
    let org = guard.org();
    guard.db.write(async |tx| service::remove(tx, org, *path).await).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Asks a provider what it says of itself
#[utoipa::path(
    operation_id = "test_identity_provider",
    tag = "sign-on",
    security(("bearer" = [])),
    params(("provider_id" = Uuid, Path, description = "The provider")),
    responses(
        (status = 200, description = "What it says", body = ProviderCheck),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`; `sign_on_failed`: what it says does not hold", body = Problem),
        (status = 404, description = "`not_found`", body = Problem),
        (status = 503, description = "`provider_unreachable`", body = Problem),
    ),
)]
#[post("/identity-providers/{provider_id}/test")]
pub(super) async fn test_identity_provider(
    guard: Guard<OrganisationManage>,
    accounts: web::Data<Accounts>,
    path: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    let org = guard.org();
    let row = guard.db.read(async |conn| queries::find(conn, org, *path).await).await?;
    let provider = Provider::try_from(row)?;
    Ok(HttpResponse::Ok().json(accounts.sign_on.check(&guard.app, &provider).await?))
}

/// Reads the metadata of a SAML provider
///
/// Nothing is kept: what it says is for the form.
#[utoipa::path(
    operation_id = "read_saml_metadata",
    tag = "sign-on",
    security(("bearer" = [])),
    request_body = ReadSamlMetadata,
    responses(
        (status = 200, description = "What it says", body = SamlMetadata),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`; `sign_on_failed`: it cannot be read", body = Problem),
        (status = 422, description = "`invalid_fields`, also when nobody answers at the address", body = Problem),
    ),
)]
#[post("/identity-providers/saml-metadata")]
pub(super) async fn read_saml_metadata(
    _guard: Guard<OrganisationManage>,
    accounts: web::Data<Accounts>,
    body: Body<ReadSamlMetadata>,
) -> ApiResult<HttpResponse> {
    let said = match (&body.url, &body.xml) {
        (Some(url), None) => accounts.sign_on.saml_metadata(url.trim()).await.map_err(at_the_address)?,
        (None, Some(xml)) => sign_on::saml::read_metadata(xml)?,
        _ => {
            let refusal = ApiError::new(ErrorCode::InvalidFields);
            return Err(refusal.field_fault("url", "required", "Give the address or the document."));
        }
    };
    Ok(HttpResponse::Ok().json(said))
}

/// That nobody answers at an address just typed is told at its field.
fn at_the_address(error: ApiError) -> ApiError {
    match error.code() {
        ErrorCode::ProviderUnreachable => ApiError::new(ErrorCode::InvalidFields).field_fault(
            "url",
            "unreachable",
            "Nobody answers at this address.",
        ),
        _ => error,
    }
}
