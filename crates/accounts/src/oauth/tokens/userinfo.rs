//! `/oauth/userinfo`: who the person is, to the application they let know.

use actix_web::http::header;
use actix_web::{HttpResponse, get, post};
use contract::oauth::UserInfo;
use contract::{ErrorCode, Problem};
use platform::error::ApiResult;
use platform::guard::{Actor, Guard, Public};
use serde_json::json;

use super::{id_token, queries};
use crate::oauth::scopes;

/// Who the person is (OpenID Connect): as much as the scopes `profile` and `email` allow
#[utoipa::path(
    operation_id = "get_userinfo",
    tag = "applications",
    security(("bearer" = []), ("oauth2" = ["openid"])),
    responses(
        (status = 200, description = "The claims", body = UserInfo),
        (status = 401, description = "`not_signed_in`", body = Problem),
        (status = 403, description = "`not_permitted`: a program, or a token without `openid`", body = Problem),
    ),
)]
#[get("/oauth/userinfo")]
pub(super) async fn get_userinfo(guard: Guard<Public>) -> ApiResult<HttpResponse> {
    answer(&guard).await
}

/// Who the person is, asked by POST
#[utoipa::path(
    operation_id = "post_userinfo",
    tag = "applications",
    security(("bearer" = []), ("oauth2" = ["openid"])),
    responses(
        (status = 200, description = "The claims", body = UserInfo),
        (status = 401, description = "`not_signed_in`", body = Problem),
        (status = 403, description = "`not_permitted`: a program, or a token without `openid`", body = Problem),
    ),
)]
#[post("/oauth/userinfo")]
pub(super) async fn post_userinfo(guard: Guard<Public>) -> ApiResult<HttpResponse> {
    answer(&guard).await
}

async fn answer(guard: &Guard<Public>) -> ApiResult<HttpResponse> {
    let user = match &guard.actor {
        Actor::Anonymous => return Err(ErrorCode::NotSignedIn.into()),
        Actor::Person(_) | Actor::Member(_) => guard.person()?.user_id,
        Actor::Program(program) => program.behalf.as_ref().ok_or(ErrorCode::NotPermitted)?.user_id,
    };
    let all = || scopes::IDENTITY.map(str::to_owned).to_vec();
    let told = guard
        .db
        .read(async |conn| {
            // A person's own session is told all there is.
            let scopes = match &guard.actor {
                Actor::Program(program) => match &program.behalf {
                    Some(behalf) => queries::scopes_of(conn, behalf.authorisation_id).await?,
                    None => Vec::new(),
                },
                _ => all(),
            };
            if !scopes::has(&scopes, scopes::OPENID) {
                return Err(ErrorCode::NotPermitted.into());
            }
            Ok(id_token::told(&scopes, &queries::face(conn, user).await?))
        })
        .await?;
    let mut claims = told;
    claims.insert("sub".to_owned(), json!(user));
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(claims))
}
