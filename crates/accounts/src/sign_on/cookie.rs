//! The cookie that binds an attempt to the browser it began in. It comes along when the provider sends
//! the browser back (`Lax`), and travels to these routes only.

use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};

use super::attempts::LASTS;
use crate::random_secret::RandomSecret;

const NAME: &str = "ringside_sign_on";
const PATH: &str = "/api/v1/sign-on";

pub(super) fn keep(secret: &RandomSecret, secure: bool) -> Cookie<'static> {
    build(secret.reveal().to_owned(), secure, Duration::seconds(LASTS.num_seconds()))
}

pub(super) fn forget(secure: bool) -> Cookie<'static> {
    build(String::new(), secure, Duration::ZERO)
}

/// What the browser kept.
pub(super) fn read(request: &HttpRequest) -> Option<String> {
    let cookie = request.cookie(NAME)?;
    (!cookie.value().is_empty()).then(|| cookie.value().to_owned())
}

fn build(value: String, secure: bool, max_age: Duration) -> Cookie<'static> {
    Cookie::build(NAME, value)
        .path(PATH)
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(secure)
        .max_age(max_age)
        .finish()
}
