//! `/sign-on/saml`: what SAML providers read of us, and where they send answers to.

use actix_web::http::header;
use actix_web::{HttpResponse, get, post};
use contract::{ErrorCode, Problem};
use platform::error::ApiResult;
use platform::guard::{Guard, Public};
use platform::http::{Path, Raw};
use uuid::Uuid;

use super::{callback_url, saml};
use crate::identity_providers::{self, Provider};

/// What a SAML provider has to know of us
///
/// Metadata of a service provider; its address is our entity id.
#[utoipa::path(
    operation_id = "saml_metadata",
    tag = "sign-on",
    params(("provider_id" = Uuid, Path, description = "The provider")),
    responses(
        (status = 200, description = "The metadata", body = String, content_type = "application/samlmetadata+xml"),
        (status = 404, description = "`not_found`", body = Problem),
    ),
)]
#[get("/sign-on/saml/{provider_id}/metadata")]
pub(super) async fn saml_metadata(guard: Guard<Public>, path: Path<Uuid>) -> ApiResult<HttpResponse> {
    let metadata = saml::our_metadata(&guard.app, *path);
    Ok(HttpResponse::Ok().content_type("application/samlmetadata+xml").body(metadata))
}

/// Where a SAML provider sends its answer to
///
/// A form of its page, with `SAMLResponse` and `RelayState`. Leads on to the callback, which wants the cookie
/// of the browser the attempt began in; a refusal leads to `/account/sign-on` with its code as `error`.
#[utoipa::path(
    operation_id = "answer_from_saml",
    tag = "sign-on",
    params(("provider_id" = Uuid, Path, description = "The provider")),
    request_body(content = String, content_type = "application/x-www-form-urlencoded"),
    responses((status = 303, description = "On to `/sign-on/callback`, or to the page that tells the refusal")),
)]
#[post("/sign-on/saml/{provider_id}")]
pub(super) async fn answer_from_saml(
    guard: Guard<Public>,
    path: Path<Uuid>,
    form: Raw,
) -> ApiResult<HttpResponse> {
    let location = take(&guard, *path, &form).await.unwrap_or_else(|error| {
        let code = error.code().code();
        tracing::info!(%error, "nobody came by a provider");
        format!("{}/account/sign-on?error={code}", guard.app.config.public_url())
    });
    Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, location)).finish())
}

/// Takes the answer and gives the way on.
async fn take(guard: &Guard<Public>, id: Uuid, form: &Raw) -> ApiResult<String> {
    let (mut response, mut state) = (None, None);
    for (name, value) in url::form_urlencoded::parse(&form.bytes) {
        match &*name {
            "SAMLResponse" => response = Some(value.into_owned()),
            "RelayState" => state = Some(value.into_owned()),
            _ => {}
        }
    }
    let response = response.ok_or(ErrorCode::SignOnFailed)?;
    // Nobody comes unasked: an answer belongs to an attempt.
    let state = state.filter(|state| !state.is_empty() && state.len() <= 200).ok_or(ErrorCode::SignOnOver)?;
    let found =
        guard.db.read(async |conn| identity_providers::queries::public_enabled(conn, id).await).await?;
    let provider = Provider::try_from(found.ok_or(ErrorCode::SignOnUnknown)?)?;
    let code = saml::take(&guard.app, &guard.db, &provider, (&response, &state)).await?;
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("state", &state)
        .append_pair("code", &code)
        .finish();
    Ok(format!("{}?{query}", callback_url(&guard.app)))
}
