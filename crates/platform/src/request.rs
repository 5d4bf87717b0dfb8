//! What is known of a request, and the middleware around all of them: an id for each, one log line
//! for each, security headers on each answer, and a problem document for whatever went wrong.

use std::cell::RefCell;
use std::net::IpAddr;
use std::time::{Instant, SystemTime};

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, web};
use contract::ErrorCode;
use domain::Locale;
use tracing::Instrument as _;
use uuid::{Builder, Uuid};

use crate::config::Config;
use crate::error::ApiError;
use crate::state::App;
use crate::threats::Refusal;
use crate::{guard, network, origins};

tokio::task_local! {
    static CURRENT: Uuid;
}

/// The id of the request being answered, without hyphens; empty outside of one.
#[must_use]
pub fn current_id() -> String {
    CURRENT.try_with(|id| id.simple().to_string()).unwrap_or_default()
}

/// What a handler may want to know of the request.
#[derive(Debug, Clone)]
pub struct RequestInfo {
    /// Leads to the log.
    pub id: String,
    /// `POST`.
    pub method: String,
    /// The path without the query.
    pub path: String,
    /// Where it came from; behind a trusted proxy, what the proxy says.
    pub ip: Option<IpAddr>,
    /// Whether the caller's connection was encrypted, by us or by a trusted proxy.
    pub https: bool,
    /// The caller's program.
    pub user_agent: Option<String>,
    /// The best language for the caller.
    pub locale: Locale,
    /// The key that makes a repeated POST harmless.
    pub idempotency_key: Option<String>,
    /// The secret of a guest's order or hold.
    pub order_access: Option<String>,
}

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const ORDER_ACCESS: HeaderName = HeaderName::from_static("order-access");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The best language for who sent these headers.
pub(crate) fn spoken(headers: &header::HeaderMap) -> Locale {
    let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    asked.map(Locale::negotiate).unwrap_or_default()
}

impl RequestInfo {
    pub(crate) fn of(request: &HttpRequest, app: &App) -> Self {
        let text = |name: HeaderName| {
            request.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
        };
        let caller = network::caller(request, &app.config.trusted_proxies);
        Self {
            id: current_id(),
            method: request.method().to_string(),
            path: request.path().to_owned(),
            ip: caller.ip,
            https: caller.https,
            user_agent: text(header::USER_AGENT).map(|agent| agent.chars().take(300).collect()),
            locale: spoken(request.headers()),
            idempotency_key: text(IDEMPOTENCY_KEY),
            order_access: text(ORDER_ACCESS),
        }
    }
}

/// Where a request came from; behind a trusted proxy, what the proxy says.
pub(crate) fn caller_ip(request: &HttpRequest, app: &App) -> Option<IpAddr> {
    network::caller(request, &app.config.trusted_proxies).ip
}

/// Whether a proxy we trust says that the caller's own connection to it was not encrypted.
#[must_use]
pub fn came_in_the_clear(request: &HttpRequest, app: &App) -> bool {
    request.headers().contains_key("x-forwarded-proto")
        && network::trusts_peer(request, &app.config.trusted_proxies)
        && !network::caller(request, &app.config.trusted_proxies).https
}

/// What the guard found out, for the log line.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    pub user: Option<Uuid>,
    pub org: Option<Uuid>,
}

/// Response headers the guard wants set (`RateLimit` and its like).
#[derive(Debug, Default)]
pub(crate) struct ExtraHeaders(pub RefCell<Vec<(HeaderName, HeaderValue)>>);

/// A UUIDv7 from the thread's own generator: unlike `Uuid::now_v7` it asks the system for nothing.
fn new_id() -> Uuid {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let millis = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
    Builder::from_unix_timestamp_millis(millis, &rand::random()).into_uuid()
}

/// The middleware: wrap it outermost.
pub async fn observe(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let id = new_id();
    let span = tracing::info_span!("request", request_id = %id.simple());
    CURRENT.scope(id, answer(id, request, next).instrument(span)).await
}

async fn answer(
    id: Uuid,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    // The router changes the request while it finds the way: nobody may hold a second handle meanwhile.
    let app = request.app_data::<web::Data<App>>().cloned();
    let at_once = app.as_ref().and_then(|app| {
        origins::preflight(&request, &app.config).or_else(|| app.shelf.ready(&request, started))
    });
    let mut response = match at_once {
        _ if too_large(request.headers()) => {
            let refusal = ApiError::new(ErrorCode::HeadersTooLarge);
            request.into_response(actix_web::ResponseError::error_response(&refusal))
        }
        Some(answer) => request.into_response(answer),
        None => next.call(request).await.map_err(as_problem)?.map_into_boxed_body(),
    };
    if let Some(app) = &app {
        response = counted(app, response).await;
    }
    if let Some(app) = &app
        && response.status().is_client_error()
    {
        Box::pin(notice(app, &response)).await;
    }
    if !is_problem(&response) {
        response = repaired(response);
    }
    set_headers(id, app.as_ref().map(|app| &app.config), &mut response);
    log(response.request(), response.status().as_u16(), started);
    Ok(response)
}

/// At most 64 headers with 16 KiB altogether; what is far beyond that the HTTP library cuts off.
fn too_large(headers: &header::HeaderMap) -> bool {
    let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    headers.len() > 64 || bytes > 16 << 10
}

/// A refusal may be part of an attempt to get in.
async fn notice(app: &App, response: &ServiceResponse<BoxBody>) {
    let request = response.request();
    let code = response.response().error().and_then(|error| error.as_error::<ApiError>()).map(ApiError::code);
    let sent = |name: &str| request.headers().contains_key(name);
    let refusal = Refusal {
        code,
        status: response.status(),
        path: request.path(),
        token: sent("authorization"),
        secret: sent("order-access") || request.query_string().contains("access="),
    };
    let ip = network::caller(request, &app.config.trusted_proxies).ip;
    app.threats.refused(&app.db, ip, &refusal).await;
}

/// What of the API no guard has seen (unknown addresses, wrong methods, pages from the shelf) counts as a
/// stranger's all the same.
async fn counted(app: &App, response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let request = response.request();
    let guarded = request.extensions().get::<ExtraHeaders>().is_some();
    if guarded
        || !app.limits.are_on()
        || !request.path().starts_with("/api/")
        || request.method() == actix_web::http::Method::OPTIONS
    {
        return response;
    }
    match Box::pin(guard::limit_stranger(request, app)).await {
        Ok(()) => response,
        Err(refusal) => response.into_response(actix_web::ResponseError::error_response(&refusal)),
    }
}

/// An error that is not ours (a framework's) becomes a problem document all the same.
fn as_problem(error: Error) -> Error {
    if error.as_error::<ApiError>().is_some() {
        return error;
    }
    let status = error.as_response_error().status_code();
    let problem = ApiError::new(code_of(status.as_u16()));
    if status.is_server_error() {
        return problem.caused_by(anyhow::anyhow!("{error}")).into();
    }
    problem.detail(error.to_string()).into()
}

fn code_of(status: u16) -> ErrorCode {
    match status {
        404 => ErrorCode::NotFound,
        405 => ErrorCode::MethodNotAllowed,
        413 => ErrorCode::BodyTooLarge,
        415 => ErrorCode::UnsupportedMediaType,
        400..=499 => ErrorCode::MalformedRequest,
        503 => ErrorCode::Unavailable,
        _ => ErrorCode::Internal,
    }
}

/// Marks, among the extensions of an answer, a refusal whose form another standard prescribes (OAuth, RFC
/// 6749): it is no problem document and goes out as it is.
#[derive(Debug, Clone, Copy)]
pub struct Prescribed;

fn is_problem(response: &ServiceResponse<BoxBody>) -> bool {
    let status = response.status();
    if response.response().extensions().get::<Prescribed>().is_some() {
        return true;
    }
    if !status.is_client_error() && !status.is_server_error() {
        return true;
    }
    let kind = response.headers().get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/problem+json"))
}

/// A bare refusal of the framework (an extractor's, the router's 405) gets its document.
fn repaired(response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let (request, old) = response.into_parts();
    let problem = match old.error() {
        Some(error) if error.as_error::<ApiError>().is_none() && old.status().is_client_error() => {
            ApiError::new(code_of(old.status().as_u16())).detail(error.to_string())
        }
        _ => ApiError::new(code_of(old.status().as_u16())),
    };
    let mut new = actix_web::ResponseError::error_response(&problem);
    if let Some(allow) = old.headers().get(header::ALLOW) {
        new.headers_mut().insert(header::ALLOW, allow.clone());
    }
    ServiceResponse::new(request, new)
}

type Header = (HeaderName, HeaderValue);

const fn header(name: &'static str, value: &'static str) -> Header {
    (HeaderName::from_static(name), HeaderValue::from_static(value))
}

/// On every answer.
const ALWAYS: [Header; 3] = [
    header("x-content-type-options", "nosniff"),
    header("x-frame-options", "DENY"),
    header("cross-origin-resource-policy", "same-origin"),
];

/// On what a browser may show as a page. JSON, with `nosniff`, never is one, and these would be half of
/// a small answer.
const FOR_PAGES: [Header; 4] = [
    // Addresses of orders carry a secret: no other site learns them.
    header("referrer-policy", "same-origin"),
    header("cross-origin-opener-policy", "same-origin"),
    header("cross-origin-embedder-policy", "require-corp"),
    header(
        "permissions-policy",
        "accelerometer=(), bluetooth=(), camera=(self), display-capture=(), geolocation=(), gyroscope=(), \
         hid=(), idle-detection=(), magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()",
    ),
];

fn is_json(headers: &header::HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    kind.is_some_and(|kind| {
        kind.starts_with(b"application/json") || kind.starts_with(b"application/problem+json")
    })
}

/// A year; browsers that came by HTTPS once use nothing else (RFC 6797).
const STRICT_TRANSPORT: HeaderValue = HeaderValue::from_static("max-age=31536000");

fn set_headers(id: Uuid, config: Option<&Config>, response: &mut ServiceResponse<BoxBody>) {
    let extra = response.request().extensions_mut().remove::<ExtraHeaders>();
    if let Some(config) = config.filter(|config| !config.cors_origins.is_empty()) {
        let request = response.request().clone();
        origins::share(request.headers(), config, response.headers_mut());
    }
    let headers = response.headers_mut();
    if config.is_some_and(Config::is_https) {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, STRICT_TRANSPORT);
    }
    let for_pages = if is_json(headers) { &[] } else { &FOR_PAGES[..] };
    for (name, value) in ALWAYS.iter().chain(for_pages) {
        headers.insert(name.clone(), value.clone());
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        let nothing = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
        headers.insert(header::CONTENT_SECURITY_POLICY, nothing);
    }
    if let Ok(value) = HeaderValue::from_str(id.simple().encode_lower(&mut Uuid::encode_buffer())) {
        headers.insert(REQUEST_ID, value);
    }
    for (name, value) in extra.map(|extra| extra.0.take()).unwrap_or_default() {
        headers.insert(name, value);
    }
}

fn log(request: &HttpRequest, status: u16, started: Instant) {
    let micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    if let Some(app) = request.app_data::<web::Data<App>>() {
        app.metrics.answered(status, micros);
    }
    // Finding the pattern walks the routes once more: only for a line that is written.
    if !tracing::enabled!(tracing::Level::INFO) {
        return;
    }
    let seen = request.extensions().get::<Seen>().cloned().unwrap_or_default();
    let pattern = request.match_pattern();
    let operation = pattern.as_deref().unwrap_or("-");
    tracing::info!(
        method = %request.method(),
        operation,
        path = request.path(),
        status,
        micros,
        actor = seen.user.map(tracing::field::display),
        org = seen.org.map(tracing::field::display),
        "answered"
    );
}
