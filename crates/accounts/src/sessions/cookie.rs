//! The cookie in which a browser keeps its refresh token. Scripts cannot read it, other sites cannot
//! send it, and it travels to the session routes only.

use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};

use crate::tokens::{REFRESH_LIFETIME, RefreshToken};

const NAME: &str = "ringside_refresh";
const PATH: &str = "/api/v1/sessions";

/// The cookie that keeps `token`; `secure` when people reach us by HTTPS.
pub(crate) fn keep(token: &RefreshToken, secure: bool) -> Cookie<'static> {
    build(token.reveal().to_owned(), secure, Duration::seconds(REFRESH_LIFETIME.num_seconds()))
}

/// The cookie that makes a browser forget its token.
pub(crate) fn forget(secure: bool) -> Cookie<'static> {
    build(String::new(), secure, Duration::ZERO)
}

/// The token a browser sent.
pub(crate) fn read(request: &HttpRequest) -> Option<RefreshToken> {
    let cookie = request.cookie(NAME)?;
    (!cookie.value().is_empty()).then(|| RefreshToken::presented(cookie.value()))
}

fn build(value: String, secure: bool, max_age: Duration) -> Cookie<'static> {
    Cookie::build(NAME, value)
        .path(PATH)
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(secure)
        .max_age(max_age)
        .finish()
}
