//! `/me/preferences` and `/me/quiet-hours` of the person signed in.

use actix_web::{HttpResponse, delete, get, put, web};
use contract::Problem;
use contract::contact_methods::{ChangePreferences, NotificationPreferences, QuietHours};
use platform::error::ApiResult;
use platform::guard::{Guard, SignedIn};
use platform::http::Body;

use super::{queries, service};

/// What reaches the person signed in, and how
#[utoipa::path(operation_id = "get_preferences", tag = "reaching people", security(("bearer" = [])),
    responses((status = 200, description = "Topics, with each way there is to a person, and quiet hours", body = NotificationPreferences),
              (status = "default", description = "`not_signed_in`", body = Problem, content_type = "application/problem+json")))]
#[get("/me/preferences")]
pub async fn get_preferences(guard: Guard<SignedIn>) -> ApiResult<web::Json<NotificationPreferences>> {
    let user = guard.person()?.user_id;
    guard.db.read(async |conn| service::get(conn, user).await).await.map(web::Json)
}

/// Changes what reaches the person signed in
///
/// What is not named stays as it is. What was bought and what keeps an account safe always comes by mail.
#[utoipa::path(operation_id = "change_preferences", tag = "reaching people", security(("bearer" = [])), request_body = ChangePreferences,
    responses((status = 200, description = "What reaches them now", body = NotificationPreferences),
              (status = "default", description = "`not_signed_in`, `invalid_fields`: `always` for what cannot be changed", body = Problem, content_type = "application/problem+json")))]
#[put("/me/preferences")]
pub async fn change_preferences(
    guard: Guard<SignedIn>,
    body: Body<ChangePreferences>,
) -> ApiResult<web::Json<NotificationPreferences>> {
    let user = guard.person()?.user_id;
    guard.db.write(async |tx| service::change(tx, user, &body.changes).await).await.map(web::Json)
}

/// Sets when the person signed in wants quiet
///
/// What makes a noise waits until it is over; what is urgent does not.
#[utoipa::path(operation_id = "set_quiet_hours", tag = "reaching people", security(("bearer" = [])), request_body = QuietHours,
    responses((status = 200, description = "Quiet hours", body = QuietHours),
              (status = "default", description = "`not_signed_in`, `invalid_fields`", body = Problem, content_type = "application/problem+json")))]
#[put("/me/quiet-hours")]
pub async fn set_quiet_hours(
    guard: Guard<SignedIn>,
    body: Body<QuietHours>,
) -> ApiResult<web::Json<QuietHours>> {
    let user = guard.person()?.user_id;
    guard.db.write(async |tx| service::set_quiet(tx, user, &body).await).await.map(web::Json)
}

/// The person signed in wants no quiet any more
#[utoipa::path(operation_id = "remove_quiet_hours", tag = "reaching people", security(("bearer" = [])),
    responses((status = 204, description = "There are none"),
              (status = "default", description = "`not_signed_in`", body = Problem, content_type = "application/problem+json")))]
#[delete("/me/quiet-hours")]
pub async fn remove_quiet_hours(guard: Guard<SignedIn>) -> ApiResult<HttpResponse> {
    let user = guard.person()?.user_id;
    guard.db.write(async |tx| queries::remove_quiet(tx, user).await).await?;
    Ok(HttpResponse::NoContent().finish())
}
