//! `/networks` of the organisation acted in.

use actix_web::{HttpResponse, get, put};
use contract::Problem;
use contract::networks::{AllowedNetworks, SetNetworks};
use platform::error::ApiResult;
use platform::guard::{Guard, OrganisationManage};
use platform::http::Body;

use super::{queries, service};

/// From which networks members may act
#[utoipa::path(
    operation_id = "get_networks",
    tag = "organisations",
    security(("bearer" = [])),
    responses(
        (status = 200, description = "The networks; none listed means everywhere", body = AllowedNetworks),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`", body = Problem),
    ),
)]
#[get("/networks")]
pub(super) async fn get_networks(guard: Guard<OrganisationManage>) -> ApiResult<HttpResponse> {
    let org = guard.org();
    let networks = guard.db.read(async |conn| queries::of(conn, org).await).await?;
    let own_address = service::written(guard.request.ip);
    Ok(HttpResponse::Ok().json(AllowedNetworks { networks, own_address }))
}

/// Says from which networks members may act
///
/// Counts from the next request on, for everybody; API keys have networks of their own.
#[utoipa::path(
    operation_id = "set_networks",
    tag = "organisations",
    security(("bearer" = [])),
    request_body = SetNetworks,
    responses(
        (status = 200, description = "The networks", body = AllowedNetworks),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`, `confirmation_needed`", body = Problem),
        (status = 409, description = "`would_lock_you_out`; `own_address` tells from where the request came", body = Problem),
        (status = 422, description = "`invalid_fields`", body = Problem),
    ),
)]
#[put("/networks")]
pub(super) async fn set_networks(
    guard: Guard<OrganisationManage>,
    body: Body<SetNetworks>,
) -> ApiResult<HttpResponse> {
    guard.confirmed()?;
    let (org, ip) = (guard.org(), guard.request.ip);
    let set = guard.db.write(async |tx| service::set(tx, org, ip, &body).await).await?;
    Ok(HttpResponse::Ok().json(set))
}
