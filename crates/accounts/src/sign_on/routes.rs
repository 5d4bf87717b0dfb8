//! `/sign-on`.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use contract::accounts::Session;
use contract::factors::SecondFactorNeeded;
use contract::sign_on::{BeginSignOn, LinkIdentity, PublicProvider, SignOnBegun};
use contract::{ErrorCode, Problem};
use garde::Validate;
use platform::error::{ApiError, ApiResult};
use platform::guard::{Access, Guard, Public, SignedIn};
use platform::http::{Body, Query};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::attempts::{self, NewAttempt};
use super::cookie;
use super::oidc::Answer;
use super::service::{self, domain_of};
use crate::identity_providers::{self, Provider};
use crate::random_secret::{RandomSecret, hash};
use crate::sessions::{self, ByProvider};
use crate::{Accounts, factors};

/// Providers anybody may sign in by
#[utoipa::path(
    operation_id = "list_public_providers",
    tag = "sign-on",
    responses((status = 200, description = "The providers", body = Vec<PublicProvider>)),
)]
#[get("/sign-on/providers")]
pub(super) async fn list_public_providers(guard: Guard<Public>) -> ApiResult<HttpResponse> {
    let providers = guard.db.read(async |conn| identity_providers::queries::public_list(conn).await).await?;
    Ok(HttpResponse::Ok().json(providers))
}

/// Begins to sign in by a provider
///
/// That of the address's organisation, or a certain one. The browser keeps a cookie until it is back.
#[utoipa::path(
    operation_id = "begin_sign_on",
    tag = "sign-on",
    request_body = BeginSignOn,
    responses(
        (status = 200, description = "Where to go", body = SignOnBegun),
        (status = 403, description = "`sign_on_failed`", body = Problem),
        (status = 404, description = "`sign_on_unknown`", body = Problem),
        (status = 422, description = "`invalid_fields`", body = Problem),
        (status = 503, description = "`provider_unreachable`", body = Problem),
    ),
)]
#[post("/sign-on/begin")]
pub(super) async fn begin_sign_on(
    guard: Guard<Public>,
    accounts: web::Data<Accounts>,
    body: Body<BeginSignOn>,
) -> ApiResult<HttpResponse> {
    let domain = body.email.as_deref().and_then(domain_of);
    let found = guard
        .db
        .read(async |conn| match (body.provider, &domain) {
            (Some(id), _) => identity_providers::queries::public_enabled(conn, id).await,
            (None, Some(domain)) => identity_providers::queries::public_of_domain(conn, domain).await,
            (None, None) => Ok(None),
        })
        .await?;
    let provider = Provider::try_from(found.ok_or(ErrorCode::SignOnUnknown)?)?;
    set_out(&guard, &accounts, &provider, None, body.email.as_deref()).await
}

/// Begins to add an identity to the account of the person signed in
#[utoipa::path(
    operation_id = "link_identity",
    tag = "sign-on",
    security(("bearer" = [])),
    request_body = LinkIdentity,
    responses(
        (status = 200, description = "Where to go", body = SignOnBegun),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`confirmation_needed`, `sign_on_failed`", body = Problem),
        (status = 404, description = "`sign_on_unknown`", body = Problem),
        (status = 503, description = "`provider_unreachable`", body = Problem),
    ),
)]
#[post("/sign-on/link")]
pub(super) async fn link_identity(
    guard: Guard<SignedIn>,
    accounts: web::Data<Accounts>,
    body: Body<LinkIdentity>,
) -> ApiResult<HttpResponse> {
    guard.confirmed()?;
    let user_id = guard.person()?.user_id;
    let found = guard
        .db
        .read(async |conn| identity_providers::queries::public_enabled(conn, body.provider).await)
        .await?;
    let provider = Provider::try_from(found.ok_or(ErrorCode::SignOnUnknown)?)?;
    set_out(&guard, &accounts, &provider, Some(user_id), None).await
}

/// Begins an attempt and tells the way out.
async fn set_out<P: Access>(
    guard: &Guard<P>,
    accounts: &Accounts,
    provider: &Provider,
    linking: Option<Uuid>,
    hint: Option<&str>,
) -> ApiResult<HttpResponse> {
    let (state, kept) = (RandomSecret::generate(), RandomSecret::generate());
    let way = (state.reveal(), kept.reveal());
    let url = accounts.sign_on.way_out(&guard.app, provider, way, hint).await?;
    let (state_hash, browser_hash) = (state.hash(), kept.hash());
    let attempt =
        NewAttempt { state_hash: &state_hash, browser_hash: &browser_hash, provider: provider.id, linking };
    let now = guard.now();
    guard.db.write(async |tx| attempts::insert(tx, &attempt, now).await).await?;
    let begun = SignOnBegun { url, provider: provider.name.clone() };
    Ok(HttpResponse::Ok().cookie(cookie::keep(&kept, accounts.https)).json(begun))
}

/// What a provider sends back with the browser.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Returning {
    /// Names the attempt.
    #[garde(length(max = 200))]
    state: String,
    /// Fetches what the person brought.
    #[garde(inner(length(max = 4096)))]
    code: Option<String>,
    /// Who answers.
    #[garde(inner(length(max = 500)))]
    iss: Option<String>,
    /// Why nobody was let in.
    #[garde(inner(length(max = 200)))]
    error: Option<String>,
}

/// Where a provider sends the browser back to
///
/// Leads on to a page, with the code of a refusal as `error` if there is one.
#[utoipa::path(
    operation_id = "return_from_provider",
    tag = "sign-on",
    params(Returning),
    responses((status = 303, description = "On to `/account/sign-on`, or `/account/security` where an identity was added")),
)]
#[get("/sign-on/callback")]
pub(super) async fn return_from_provider(
    guard: Guard<Public>,
    accounts: web::Data<Accounts>,
    request: HttpRequest,
    query: Query<Returning>,
) -> ApiResult<HttpResponse> {
    let page = match come_back(&guard, &accounts, &request, &query).await {
        Ok(linked) => if linked { "security" } else { "sign-on" }.to_owned(),
        Err(error) => {
            let code = error.code().code();
            tracing::info!(%error, "nobody came by a provider");
            format!("sign-on?error={code}")
        }
    };
    let location = format!("{}/account/{page}", guard.app.config.public_url());
    Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, location)).finish())
}

/// Takes the attempt, once, and notes who came; tells whether an identity was added.
async fn come_back(
    guard: &Guard<Public>,
    accounts: &Accounts,
    request: &HttpRequest,
    query: &Returning,
) -> ApiResult<bool> {
    let kept = cookie::read(request).ok_or(ErrorCode::SignOnOver)?;
    let (state, browser, now) = (hash(&query.state), hash(&kept), guard.now());
    // What is not there to be taken leaves no note.
    let taken = guard
        .db
        .write(async |tx| {
            let taken = attempts::take(tx, &state, &browser, now).await?;
            taken.ok_or_else(|| ErrorCode::SignOnOver.into())
        })
        .await?;
    if let Some(error) = &query.error {
        return Err(ApiError::new(ErrorCode::SignOnRefused).detail(error.clone()));
    }
    let code = query.code.as_deref().ok_or(ErrorCode::SignOnFailed)?;
    let found = guard
        .db
        .read(async |conn| identity_providers::queries::public_enabled(conn, taken.provider_id).await)
        .await?;
    let provider = Provider::try_from(found.ok_or(ErrorCode::SignOnUnknown)?)?;
    let answer =
        Answer { code, state: &query.state, iss: query.iss.as_deref(), kept: &kept, locale: guard.locale() };
    let arrival = accounts.sign_on.arrival(&guard.app, &provider, &answer).await?;
    guard
        .db
        .write(async |tx| {
            let user_id = service::arrive(tx, &guard.app, &provider, &arrival, taken.linking).await?;
            attempts::arrived(tx, &state, user_id, now).await
        })
        .await?;
    Ok(taken.linking.is_some())
}

/// Begins the session of whoever has just come back
///
/// The browser's cookie says who that is. A second factor is asked for as after a password, unless the
/// organisation is content with its provider's.
#[utoipa::path(
    operation_id = "finish_sign_on",
    tag = "sign-on",
    responses(
        (status = 201, description = "A session has begun", body = Session),
        (status = 202, description = "A second factor is asked for", body = SecondFactorNeeded),
        (status = 410, description = "`sign_on_over`", body = Problem),
    ),
)]
#[post("/sign-on/finish")]
pub(super) async fn finish_sign_on(
    guard: Guard<Public>,
    accounts: web::Data<Accounts>,
    request: HttpRequest,
) -> ApiResult<HttpResponse> {
    let browser = hash(&cookie::read(&request).ok_or(ErrorCode::SignOnOver)?);
    let now = guard.now();
    let finished = guard
        .db
        .write(async |tx| {
            let finished = attempts::finish(tx, &browser, now).await?;
            finished.ok_or_else(|| ErrorCode::SignOnOver.into())
        })
        .await?;
    let mut response = match finished.trusting.filter(|_| !finished.asked_elsewhere) {
        Some(org) => {
            let by = ByProvider { provider: finished.provider_id, trusting: Some(org) };
            let begun = sessions::begin_by(&guard, finished.user_id, by).await?;
            sessions::answer(&guard, &accounts, begun, false, HttpResponse::Created()).await?
        }
        None => {
            factors::admit(&guard, &accounts, (finished.user_id, Some(finished.provider_id)), false).await?
        }
    };
    response.add_cookie(&cookie::forget(accounts.https)).map_err(ApiError::internal)?;
    Ok(response)
}
