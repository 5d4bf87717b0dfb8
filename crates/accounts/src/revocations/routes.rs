//! `/tokens`.

use actix_web::{HttpResponse, post, web};
use contract::Problem;
use contract::people::RevokeToken;
use platform::error::ApiResult;
use platform::guard::{Guard, Public};
use platform::http::Body;

use super::service;
use crate::Accounts;

/// Gives up a token before its time
///
/// Whoever holds a token may do so. An access token is good no more at once, its session goes on; a
/// refresh token ends its session. A token that is good for nothing is answered alike.
#[utoipa::path(
    operation_id = "revoke_token",
    tag = "sessions",
    request_body = RevokeToken,
    responses(
        (status = 204, description = "The token is good for nothing now"),
        (status = 422, description = "`invalid_fields`", body = Problem),
    ),
)]
#[post("/tokens/revoke")]
pub(super) async fn revoke_token(
    guard: Guard<Public>,
    accounts: web::Data<Accounts>,
    body: Body<RevokeToken>,
) -> ApiResult<HttpResponse> {
    guard.db.write(async |tx| service::revoke(tx, &accounts.keys, &body.token).await).await?;
    Ok(HttpResponse::NoContent().finish())
}
