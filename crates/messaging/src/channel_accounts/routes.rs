//! `/channel-accounts` of the organisation acted in.

use actix_web::{HttpResponse, delete, get, post, put, web};
use contract::Problem;
use contract::channel_accounts::{ChannelAccount, TestAccount, TestOnItsWay, WriteChannelAccount};
use contract::channels::Channel;
use platform::error::ApiResult;
use platform::guard::{Guard, OrganisationManage, OrganisationRead};
use platform::http::{Body, Created, Path};

use super::service;

/// Lists the accounts at providers
#[utoipa::path(operation_id = "list_channel_accounts", tag = "channels", security(("bearer" = [])),
    responses((status = 200, description = "At most one for each channel", body = Vec<ChannelAccount>),
              (status = "default", description = "`not_signed_in`, `not_permitted`", body = Problem, content_type = "application/problem+json")))]
#[get("/channel-accounts")]
pub async fn list_channel_accounts(
    guard: Guard<OrganisationRead>,
) -> ApiResult<web::Json<Vec<ChannelAccount>>> {
    let (org, config) = (guard.org(), &guard.app.config);
    guard.db.read(async |conn| service::list(conn, config, org).await).await.map(web::Json)
}

/// Sets the account of a channel
///
/// `channel` is `sms`, `line`, `whatsapp` or `messenger`. Secrets that are left out stay as they are. The provider
/// reports to `report_url`, which is entered there.
#[utoipa::path(operation_id = "set_channel_account", tag = "channels", security(("bearer" = [])), request_body = WriteChannelAccount,
    params(("channel" = Channel, Path, description = "What goes by it")),
    responses((status = 200, description = "The account", body = ChannelAccount),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `confirmation_needed`, `not_found`: no channel by account, `invalid_fields`", body = Problem, content_type = "application/problem+json")))]
#[put("/channel-accounts/{channel}")]
pub async fn set_channel_account(
    guard: Guard<OrganisationManage>,
    channel: Path<Channel>,
    body: Body<WriteChannelAccount>,
) -> ApiResult<web::Json<ChannelAccount>> {
    guard.confirmed()?;
    let (org, app) = (guard.org(), &guard.app);
    guard.db.write(async |tx| service::set(tx, app, (org, *channel), &body).await).await.map(web::Json)
}

/// Takes an account away: messages that wait for it are kept
#[utoipa::path(operation_id = "remove_channel_account", tag = "channels", security(("bearer" = [])),
    params(("channel" = Channel, Path, description = "What goes by it")),
    responses((status = 204, description = "It is gone"),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `confirmation_needed`, `not_found`", body = Problem, content_type = "application/problem+json")))]
#[delete("/channel-accounts/{channel}")]
pub async fn remove_channel_account(
    guard: Guard<OrganisationManage>,
    channel: Path<Channel>,
) -> ApiResult<HttpResponse> {
    guard.confirmed()?;
    let org = guard.org();
    guard.db.write(async |tx| service::remove(tx, org, *channel).await).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Sends a test by an account
#[utoipa::path(operation_id = "test_channel_account", tag = "channels", security(("bearer" = [])), request_body = TestAccount,
    params(("channel" = Channel, Path, description = "What goes by it"),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless")),
    responses((status = 201, description = "The test, on its way", body = TestOnItsWay),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `not_found`, `wrong_state`: switched off, `invalid_fields`", body = Problem, content_type = "application/problem+json")))]
#[post("/channel-accounts/{channel}/test")]
pub async fn test_channel_account(
    guard: Guard<OrganisationManage>,
    channel: Path<Channel>,
    body: Body<TestAccount>,
) -> ApiResult<Created<TestOnItsWay>> {
    let (org, app, locale) = (guard.org(), &guard.app, guard.locale());
    guard.create(&body, async |tx| service::test(tx, app, (org, *channel), &body.to, locale).await).await
}
