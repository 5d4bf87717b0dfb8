//! What an application is refused with: not a problem document but what RFC 6749 prescribes.

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use contract::oauth::OauthRefusal;
use platform::request::Prescribed;

/// A refusal of the token endpoint and its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refusal {
    error: &'static str,
    text: &'static str,
}

/// A result that tells of refusals, and so lets a transaction commit that found one.
pub(super) type Answer<T> = Result<T, Refusal>;

pub(super) const BAD_FORM: Refusal = invalid("invalid_request", "Send a form, each field once.");
pub(super) const NO_CLIENT: Refusal = invalid("invalid_client", "The application did not prove who it is.");
pub(super) const NOT_ALLOWED: Refusal =
    invalid("unauthorized_client", "The application is not registered for this.");
pub(super) const UNKNOWN_GRANT: Refusal = invalid("unsupported_grant_type", "There is no such grant.");
pub(super) const BAD_SCOPE: Refusal = invalid("invalid_scope", "More is asked for than may be given.");
pub(super) const BAD_GRANT: Refusal = invalid("invalid_grant", "The code or token is not good (any more).");

/// A refusal.
pub(super) const fn invalid(error: &'static str, text: &'static str) -> Refusal {
    Refusal { error, text }
}

impl Refusal {
    /// As it travels.
    pub(super) fn response(self) -> HttpResponse {
        let unknown = self.error == NO_CLIENT.error;
        let mut response =
            HttpResponse::build(if unknown { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST });
        if unknown {
            response.insert_header((header::WWW_AUTHENTICATE, "Basic realm=\"ringside\""));
        }
        let body = OauthRefusal { error: self.error.to_owned(), error_description: self.text.to_owned() };
        let mut response = response.insert_header((header::CACHE_CONTROL, "no-store")).json(body);
        response.extensions_mut().insert(Prescribed);
        response
    }
}
