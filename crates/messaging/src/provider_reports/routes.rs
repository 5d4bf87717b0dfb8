//! `/provider-reports`, where providers report to.

use actix_web::{HttpRequest, HttpResponse, get, post};
use contract::Problem;
use garde::Validate;
use platform::error::ApiResult;
use platform::guard::{Guard, Services};
use platform::http::{Path, Query, Raw};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::service;

/// Takes in what a provider reports
///
/// The body is the provider's own: a form of Twilio's, signed by `X-Twilio-Signature`; JSON of LINE's, signed by
/// `X-Line-Signature`; JSON of Meta's, signed by `X-Hub-Signature-256`. Sent again it changes nothing.
#[utoipa::path(operation_id = "receive_provider_report", tag = "channels",
    params(("account_id" = Uuid, Path, description = "The account by which was sent"),
           ("X-Twilio-Signature" = Option<String>, Header, description = "Twilio's signature"),
           ("X-Line-Signature" = Option<String>, Header, description = "LINE's signature"),
           ("X-Hub-Signature-256" = Option<String>, Header, description = "Meta's signature")),
    request_body(content = serde_json::Value, description = "What the provider has to say", example = json!({"destination": "U0", "events": []})),
    responses((status = 200, description = "It is taken"),
              (status = "default", description = "`not_found`: no such account; `bad_signature`, `malformed_json`, `body_too_large`", body = Problem, content_type = "application/problem+json")))]
#[post("/{account_id}")]
pub async fn receive_provider_report(
    guard: Guard<Services>,
    id: Path<Uuid>,
    request: HttpRequest,
    body: Raw,
) -> ApiResult<HttpResponse> {
    let envelope = (request.headers(), request.query_string());
    service::receive(&guard.app, *id, envelope, &body.bytes).await?;
    Ok(HttpResponse::Ok().finish())
}

/// How Meta asks whether an address is ours.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Subscription {
    /// `subscribe`.
    #[serde(rename = "hub.mode")]
    #[garde(length(max = 100))]
    pub mode: String,
    /// What was agreed upon.
    #[serde(rename = "hub.verify_token")]
    #[garde(length(max = 1000))]
    pub verify_token: String,
    /// What we say to prove it.
    #[serde(rename = "hub.challenge")]
    #[garde(length(max = 1000))]
    pub challenge: String,
}

/// Answers Meta that the address is ours
#[utoipa::path(operation_id = "verify_provider_reports", tag = "channels",
    params(("account_id" = Uuid, Path, description = "The account"), Subscription),
    responses((status = 200, description = "The challenge", body = String, content_type = "text/plain"),
              (status = "default", description = "`not_found`: no such account, or none of Meta's; `bad_signature`: another token; `malformed_request`", body = Problem, content_type = "application/problem+json")))]
#[get("/{account_id}")]
pub async fn verify_provider_reports(
    guard: Guard<Services>,
    id: Path<Uuid>,
    asked: Query<Subscription>,
) -> ApiResult<HttpResponse> {
    service::verify(&guard.app, *id, &asked.mode, &asked.verify_token).await?;
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(asked.challenge.clone()))
}
