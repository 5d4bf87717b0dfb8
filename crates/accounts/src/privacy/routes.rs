//! `/me/export`, `/me/erasure` and `/me/consents`: what people ask for themselves.

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpResponse, delete, get, post, web};
use contract::privacy::{AskErasure, Consent, DataExport, Erasure, GiveConsent};
use contract::{ErrorCode, Problem};
use garde::Validate;
use platform::error::ApiResult;
use platform::guard::{Guard, SignedIn};
use platform::http::{Body, Created, Path, Query};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::{queries, service};

/// In which form the copy is wanted.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Form {
    /// `json` for programs, `pdf` to read.
    #[garde(pattern(r"^(json|pdf)$"))]
    #[serde(default = "to_read")]
    #[param(required = false, default = "pdf", pattern = "^(json|pdf)$")]
    format: String,
}

fn to_read() -> String {
    "pdf".into()
}

/// Asks for a copy of all the person's data
///
/// It is made in the background; a letter says when it can be fetched. While one is being made, that one is
/// meant.
#[utoipa::path(
    operation_id = "request_export",
    tag = "privacy",
    security(("bearer" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless")),
    responses(
        (status = 201, description = "The copy", body = DataExport),
        (status = "default", description = "`not_signed_in`, `confirmation_needed`", body = Problem, content_type = "application/problem+json"),
    ),
)]
#[post("/me/export")]
pub(super) async fn request_export(guard: Guard<SignedIn>) -> ApiResult<Created<DataExport>> {
    guard.confirmed()?;
    let person = guard.person()?.user_id;
    guard.create(&(), async |tx| service::request_export(tx, person).await).await
}

/// The latest copy that was asked for and has not expired
#[utoipa::path(
    operation_id = "get_export",
    tag = "privacy",
    security(("bearer" = [])),
    responses(
        (status = 200, description = "The copy", body = DataExport),
        (status = "default", description = "`not_signed_in`, `not_found`", body = Problem, content_type = "application/problem+json"),
    ),
)]
#[get("/me/export")]
pub(super) async fn get_export(guard: Guard<SignedIn>) -> ApiResult<web::Json<DataExport>> {
    let (person, now) = (guard.person()?.user_id, guard.now());
    let found = guard.db.read(async |conn| queries::latest_export(conn, person, now).await).await?;
    found.map(web::Json).ok_or_else(|| ErrorCode::NotFound.into())
}

/// Fetches a copy, for seven days, by the person only
#[utoipa::path(
    operation_id = "download_export",
    tag = "privacy",
    security(("bearer" = [])),
    params(("export_id" = Uuid, Path, description = "The copy"), Form),
    responses(
        (status = 200, description = "The file", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = "default", description = "`not_signed_in`, `confirmation_needed`, `not_found`, `invalid_fields`", body = Problem, content_type = "application/problem+json"),
    ),
)]
#[get("/me/export/{export_id}")]
pub(super) async fn download_export(
    guard: Guard<SignedIn>,
    id: Path<Uuid>,
    form: Query<Form>,
) -> ApiResult<HttpResponse> {
    guard.confirmed()?;
    let (person, keys, pdf) = (guard.person()?.user_id, &guard.app.keys, form.format == "pdf");
    let file = guard.db.write(async |tx| service::export_file(tx, keys, person, *id, pdf).await).await?;
    let kind = if pdf { "application/pdf" } else { "application/json" };
    let name = format!("attachment; filename=\"ringside-my-data.{}\"", form.format);
    let mut answer = HttpResponse::Ok();
    Ok(answer.insert_header((CONTENT_TYPE, kind)).insert_header((CONTENT_DISPOSITION, name)).body(file))
}

/// Asks to be forgotten
///
/// It is done after seven days and can be taken back until then. Orders keep their amounts, dates and
/// references, without a name.
#[utoipa::path(
    operation_id = "request_erasure",
    tag = "privacy",
    security(("bearer" = [])),
    request_body = AskErasure,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless")),
    responses(
        (status = 201, description = "The wish", body = Erasure),
        (status = 409, description = "`last_owner`; `owned_alone` lists the organisations", body = Problem, content_type = "application/problem+json"),
        (status = "default", description = "`not_signed_in`, `confirmation_needed`, `invalid_fields`", body = Problem, content_type = "application/problem+json"),
    ),
)]
#[post("/me/erasure")]
pub(super) async fn request_erasure(
    guard: Guard<SignedIn>,
    body: Body<AskErasure>,
) -> ApiResult<Created<Erasure>> {
    guard.confirmed()?;
    let (person, keys) = (guard.person()?.user_id, &guard.app.keys);
    let link = format!("{}/account/privacy", guard.app.config.public_url());
    guard.create(&body, async |tx| service::request_erasure(tx, keys, &link, person).await).await
}

/// Where the wish to be forgotten stands
#[utoipa::path(
    operation_id = "get_erasure",
    tag = "privacy",
    security(("bearer" = [])),
    responses(
        (status = 200, description = "The wish, or what stands in its way", body = Erasure),
        (status = "default", description = "`not_signed_in`", body = Problem, content_type = "application/problem+json"),
    ),
)]
#[get("/me/erasure")]
pub(super) async fn get_erasure(guard: Guard<SignedIn>) -> ApiResult<web::Json<Erasure>> {
    let person = guard.person()?.user_id;
    guard.db.read(async |conn| service::erasure(conn, person).await).await.map(web::Json)
}

/// Takes the wish to be forgotten back
#[utoipa::path(
    operation_id = "cancel_erasure",
    tag = "privacy",
    security(("bearer" = [])),
    responses(
        (status = 204, description = "Nothing will be erased"),
        (status = "default", description = "`not_signed_in`, `wrong_state`", body = Problem, content_type = "application/problem+json"),
    ),
)]
#[delete("/me/erasure")]
pub(super) async fn cancel_erasure(guard: Guard<SignedIn>) -> ApiResult<HttpResponse> {
    let person = guard.person()?.user_id;
    guard.db.write(async |tx| service::cancel_erasure(tx, person).await).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// What the person agrees to, of the latest version of each policy
#[utoipa::path(
    operation_id = "list_consents",
    tag = "privacy",
    security(("bearer" = [])),
    responses(
        (status = 200, description = "The policies", body = Vec<Consent>),
        (status = "default", description = "`not_signed_in`", body = Problem, content_type = "application/problem+json"),
    ),
)]
#[get("/me/consents")]
pub(super) async fn list_consents(guard: Guard<SignedIn>) -> ApiResult<web::Json<Vec<Consent>>> {
    let person = guard.person()?.user_id;
    guard.db.read(async |conn| queries::consents(conn, person).await).await.map(web::Json)
}

/// Agrees to a version of a policy, or takes that back
#[utoipa::path(
    operation_id = "give_consent",
    tag = "privacy",
    security(("bearer" = [])),
    request_body = GiveConsent,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless")),
    responses(
        (status = 201, description = "The policies", body = Vec<Consent>),
        (status = "default", description = "`not_signed_in`, `not_found`", body = Problem, content_type = "application/problem+json"),
    ),
)]
#[post("/me/consents")]
pub(super) async fn give_consent(
    guard: Guard<SignedIn>,
    body: Body<GiveConsent>,
) -> ApiResult<Created<Vec<Consent>>> {
    let (person, ip) = (guard.person()?.user_id, guard.request.ip);
    guard.create(&body, async |tx| service::consent(tx, person, ip, &body).await).await
}
