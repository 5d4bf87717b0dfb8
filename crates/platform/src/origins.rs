//! Pages of other origins: which of them may call the API (CORS, by configuration), and that none of
//! them makes a browser act with its cookie (cross-site request forgery).

use actix_web::body::BoxBody;
use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use contract::ErrorCode;

use crate::config::Config;
use crate::error::{ApiError, ApiResult};

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
/// The one route that pages of other sites post to, those of identity providers. It looks at no cookie and
/// acts for nobody: what is sent there is signed.
const FROM_ELSEWHERE: &str = "/api/v1/sign-on/saml/{provider_id}";
const METHODS: &str = "GET, POST, PUT, PATCH, DELETE";
const ASKS_WITH: &str =
    "authorization, content-type, idempotency-key, order-access, ringside-organisation, if-none-match";
const MAY_READ: &str = "ratelimit, ratelimit-policy, retry-after, x-request-id, content-disposition, etag";

/// Refuses what a browser was made to send by a page of another site. Asked where a request comes with
/// a cookie and changes something; what programs send says nothing of a site and passes, for a program
/// has no cookie of somebody else.
///
/// The browser says where a request began (Fetch Metadata, `Sec-Fetch-Site`); where it does not, on
/// plain HTTP, its `Origin` must be ours: the public address, or the host that was called.
pub(crate) fn refuse_cross_site(request: &HttpRequest, config: &Config) -> ApiResult<()> {
    let headers = request.headers();
    let safe = [Method::GET, Method::HEAD, Method::OPTIONS].contains(request.method());
    if safe || !headers.contains_key(header::COOKIE) {
        return Ok(());
    }
    if request.match_pattern().as_deref() == Some(FROM_ELSEWHERE) {
        return Ok(());
    }
    let ours = match (headers.get(FETCH_SITE), headers.get(header::ORIGIN)) {
        (Some(site), _) => matches!(site.as_bytes(), b"same-origin" | b"none"),
        (None, Some(origin)) => origin.to_str().is_ok_and(|origin| is_ours(origin, headers, config)),
        (None, None) => true,
    };
    if ours { Ok(()) } else { Err(ApiError::new(ErrorCode::CrossSite)) }
}

fn is_ours(origin: &str, headers: &HeaderMap, config: &Config) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let called = origin.split_once("://").map(|(_, authority)| authority);
    origin == config.public_origin() || (called.is_some() && called == host)
}

/// The page's origin, when the settings let it call the API.
fn allowed<'a>(headers: &'a HeaderMap, config: &Config) -> Option<&'a HeaderValue> {
    let origin = headers.get(header::ORIGIN)?;
    let text = origin.to_str().ok()?;
    config.cors_origins.iter().any(|known| known == text).then_some(origin)
}

/// The answer to a browser that asks before it calls (a preflight); `None` for any other request.
pub(crate) fn preflight(request: &ServiceRequest, config: &Config) -> Option<HttpResponse<BoxBody>> {
    let headers = request.headers();
    let asks = *request.method() == Method::OPTIONS
        && headers.contains_key(header::ORIGIN)
        && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
        && request.path().starts_with("/api/");
    if !asks {
        return None;
    }
    let mut response = HttpResponse::NoContent();
    if allowed(headers, config).is_some() {
        response
            .insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, METHODS))
            .insert_header((header::ACCESS_CONTROL_ALLOW_HEADERS, ASKS_WITH))
            .insert_header((header::ACCESS_CONTROL_MAX_AGE, "600"));
    }
    Some(response.finish())
}

/// Lets the page read the answer when its origin is configured. Credentials are never allowed: such
/// pages send an access token, and the cookie stays with ours. Only asked when any is configured.
pub(crate) fn share(request: &HeaderMap, config: &Config, answer: &mut HeaderMap) {
    answer.append(header::VARY, HeaderValue::from_static("origin"));
    if let Some(origin) = allowed(request, config) {
        answer.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        answer.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(MAY_READ));
    }
}
