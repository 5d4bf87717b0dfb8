//! Where counted links and pictures lead, and `/me/mail-tracking`.

use actix_web::http::header;
use actix_web::{HttpResponse, get, put, web};
use contract::Problem;
use contract::mail::MailTracking;
use platform::error::ApiResult;
use platform::guard::{Applications, Guard, SignedIn};
use platform::http::{Body, Path};

use super::queries::SaidAt;
use super::{queries, service};

/// A picture of one transparent point (GIF89a).
const POINT: &[u8] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\x00\x00\x00\x21\xf9\x04\x01\x00\x00\x00\x00\x2c\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00\x3b";

// Both go by the app's own connections: a reader's steps, and where they came from, have no place in the audit log.

/// Leads on to what stands in the letter.
pub(super) async fn follow_link(guard: Guard<Applications>, token: Path<String>) -> ApiResult<HttpResponse> {
    let to = service::follow(&guard.app.db, &guard.app.keys, &token).await?;
    Ok(HttpResponse::Found().insert_header((header::LOCATION, to)).finish())
}

/// The picture that tells that a letter was opened.
pub(super) async fn note_opening(guard: Guard<Applications>, token: Path<String>) -> ApiResult<HttpResponse> {
    service::opened(&guard.app.db, &guard.app.keys, &token).await?;
    Ok(HttpResponse::Ok().content_type("image/gif").body(POINT))
}

/// Whether openings and clicks in mail to one's own address may be counted
#[utoipa::path(operation_id = "get_mail_tracking", tag = "people", security(("bearer" = [])),
    responses((status = 200, description = "What was said last; no, as long as nothing was", body = MailTracking),
              (status = "default", description = "`not_signed_in`", body = Problem, content_type = "application/problem+json")))]
#[get("/me/mail-tracking")]
pub async fn get_mail_tracking(guard: Guard<SignedIn>) -> ApiResult<web::Json<MailTracking>> {
    let address = &guard.person()?.email;
    let allowed = guard.db.read(async |conn| queries::allowed(conn, address).await).await?;
    Ok(web::Json(MailTracking { allowed }))
}

/// Says whether openings and clicks in mail to one's own address may be counted
///
/// It holds for letters that leave from then on; a no holds for those that have left, too.
#[utoipa::path(operation_id = "set_mail_tracking", tag = "people", security(("bearer" = [])), request_body = MailTracking,
    responses((status = 200, description = "What holds now", body = MailTracking),
              (status = "default", description = "`not_signed_in`, `invalid_fields`", body = Problem, content_type = "application/problem+json")))]
#[put("/me/mail-tracking")]
pub async fn set_mail_tracking(
    guard: Guard<SignedIn>,
    body: Body<MailTracking>,
) -> ApiResult<web::Json<MailTracking>> {
    let (address, allowed) = (&guard.person()?.email, body.allowed);
    guard
        .db
        .write(async |tx| {
            let now = tx.now();
            queries::allow(tx, address, allowed, SaidAt::Account, now).await
        })
        .await?;
    Ok(web::Json(MailTracking { allowed }))
}
