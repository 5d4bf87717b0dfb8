//! `/me/factors`.

use actix_web::{HttpResponse, get, web};
use contract::Problem;
use contract::factors::Factors;
use platform::error::ApiResult;
use platform::guard::{Guard, SignedIn};

use super::{passkeys, queries};
use crate::Accounts;

/// The second factors of the person signed in
#[utoipa::path(
    operation_id = "get_factors",
    tag = "factors",
    security(("bearer" = [])),
    responses(
        (status = 200, description = "What they have", body = Factors),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
    ),
)]
#[get("/me/factors")]
pub(super) async fn get_factors(
    guard: Guard<SignedIn>,
    accounts: web::Data<Accounts>,
) -> ApiResult<HttpResponse> {
    let user_id = guard.person()?.user_id;
    let (has, passkeys) = guard
        .db
        .read(async |conn| {
            Ok((queries::has(conn, user_id).await?, passkeys::queries::list(conn, user_id).await?))
        })
        .await?;
    Ok(HttpResponse::Ok().json(Factors {
        totp_since: has.totp_since,
        passkeys: passkeys.into_iter().map(Into::into).collect(),
        recovery_codes_left: u32::try_from(has.recovery_codes).unwrap_or_default(),
        mail_code: has.mail,
        passkey_origin: accounts.relying_party.origin(),
    }))
}
