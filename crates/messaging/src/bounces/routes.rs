//! `/mail-reports`, where a mail service tells what became of mail.

use actix_web::{HttpRequest, HttpResponse, post};
use contract::Problem;
use contract::mail::MailReport;
use platform::error::ApiResult;
use platform::guard::{Guard, Services};
use platform::http::Body;

use super::service;

/// Takes in what a mail service reports
///
/// In the form of Postmark's webhooks for deliveries, bounces and spam complaints, with the secret of the settings as
/// `Authorization: Bearer …` or as the password of Basic. A report about no mail of ours is passed over.
#[utoipa::path(operation_id = "report_mail", tag = "deliveries", request_body = MailReport,
    responses((status = 204, description = "It is taken"),
              (status = "default", description = "`not_found`: no service may report here; `bad_signature`, `malformed_json`, `invalid_fields`; `unavailable`: the mail is only just leaving, report again", body = Problem, content_type = "application/problem+json")))]
#[post("/mail-reports")]
pub async fn report_mail(
    guard: Guard<Services>,
    request: HttpRequest,
    body: Body<MailReport>,
) -> ApiResult<HttpResponse> {
    let with = (&guard.app.config, &guard.app.keys);
    // By the app's own connections: the audit log is no list of every mail that arrived.
    service::reported(&guard.app.db, with, request.headers(), &body).await?;
    Ok(HttpResponse::NoContent().finish())
}
