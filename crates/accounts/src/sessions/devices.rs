//! `/sessions` as a list of devices: where a person is signed in, and the ends of it.

use actix_web::{HttpResponse, delete, get};
use contract::people::Device;
use contract::{Page, Problem};
use garde::Validate;
use platform::error::ApiResult;
use platform::guard::{Guard, SignedIn};
use platform::http::{Path, Query};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::{queries, service};

/// Where the person is signed in, last used first
///
/// At most 200 sessions, those that go on.
#[utoipa::path(
    operation_id = "list_sessions",
    tag = "sessions",
    security(("bearer" = [])),
    responses(
        (status = 200, description = "The sessions", body = Page<Device>),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
    ),
)]
#[get("/sessions")]
pub(super) async fn list_sessions(guard: Guard<SignedIn>) -> ApiResult<HttpResponse> {
    let (person, now) = (guard.person()?, guard.now());
    let of = (person.user_id, person.session_id);
    let items = guard.db.read(async |conn| queries::list(conn, of, now).await).await?;
    Ok(HttpResponse::Ok().json(Page { items, next: None }))
}

/// Ends one session of the person
#[utoipa::path(
    operation_id = "end_session",
    tag = "sessions",
    security(("bearer" = [])),
    params(("session_id" = Uuid, Path, description = "The session")),
    responses(
        (status = 204, description = "The session has ended"),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 404, description = "`not_found`", body = Problem),
    ),
)]
#[delete("/sessions/{session_id}")]
pub(super) async fn end_session(guard: Guard<SignedIn>, path: Path<Uuid>) -> ApiResult<HttpResponse> {
    let user_id = guard.person()?.user_id;
    guard.db.write(async |tx| service::revoke(tx, user_id, *path).await).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Which sessions end.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// All but the one that asks.
    #[serde(default)]
    #[garde(skip)]
    keep_current: bool,
}

/// Signs out everywhere, or everywhere else
#[utoipa::path(
    operation_id = "end_sessions",
    tag = "sessions",
    security(("bearer" = [])),
    params(Which),
    responses(
        (status = 204, description = "The sessions have ended"),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
    ),
)]
#[delete("/sessions")]
pub(super) async fn end_sessions(guard: Guard<SignedIn>, which: Query<Which>) -> ApiResult<HttpResponse> {
    let person = guard.person()?;
    let but = which.keep_current.then_some(person.session_id);
    guard.db.write(async |tx| service::revoke_all(tx, person.user_id, but).await).await?;
    Ok(HttpResponse::NoContent().finish())
}
