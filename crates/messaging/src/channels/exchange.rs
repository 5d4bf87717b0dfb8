//! One request to a provider's API and its answer: what all of them have in common.

use std::time::Duration;

use platform::outside::{LeadsNowhere, Outside};
use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::Value;

use super::{Parcel, Refusal, Refused};

/// As much of an answer is read: providers say less.
const MOST_BYTES: usize = 64 << 10;
/// As much of what a provider says is kept.
const MOST_WORDS: usize = 300;

/// What a provider answered, other than that it takes no more or does not work.
#[derive(Debug)]
pub(super) struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    /// Whether it was taken.
    pub fn took(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The body as JSON; `Null` for anything else.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or(Value::Null)
    }

    /// How long the provider wants to be left alone: seconds (RFC 9110, 10.2.3), in Discord's case with a fraction.
    pub fn retry_after(&self) -> Option<Duration> {
        let seconds: f64 = self.headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
        Duration::try_from_secs_f64(seconds).ok()
    }

    /// A refusal, with the provider's own words.
    pub fn refused(&self, what: Refusal, words: &str) -> Refused {
        let words: String = words.chars().filter(|c| !c.is_control()).take(MOST_WORDS).collect();
        let status = self.status;
        Refused::new(
            what,
            if words.is_empty() {
                format!("answered {status}")
            } else {
                format!("answered {status}: {words}")
            },
        )
    }

    /// What a status means where the provider says nothing more exact.
    pub fn meaning(&self) -> Refusal {
        match self.status {
            429 => Refusal::Busy(self.retry_after()),
            // Redirects are not followed: the address is not the right one.
            300..400 | 401 | 403 | 404 | 405 => Refusal::Account,
            410 => Refusal::Gone,
            400..500 if self.status != 408 => Refusal::Never,
            _ => Refusal::Later,
        }
    }
}

/// Posts something; `with` puts headers and body to the request.
///
/// # Errors
/// The address may not be asked, nobody answers, or the answer is 408 or one of 500 and above: its words tell
/// nothing that holds.
pub(super) async fn post(
    outside: &Outside,
    address: &str,
    with: impl FnOnce(RequestBuilder) -> RequestBuilder,
) -> Result<Answer, Refused> {
    let request = outside
        .request(Method::POST, address)
        .ok_or_else(|| Refused::new(Refusal::Account, "its address may not be asked"))?;
    let response = with(request).send().await.map_err(|error| unanswered(&error))?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = match beginning(response).await {
        Ok(body) => body,
        // It was taken; sent again it would arrive twice.
        Err(_) if (200..300).contains(&status) => String::new(),
        Err(error) => return Err(unanswered(&error)),
    };
    let answer = Answer { status, headers, body };
    match answer.status {
        408 | 500.. => Err(answer.refused(Refusal::Later, "")),
        _ => Ok(answer),
    }
}

/// Why there is no answer. What the library says of it names the address, and with it secrets: it is not repeated.
fn unanswered(error: &reqwest::Error) -> Refused {
    if LeadsNowhere::caused(error) {
        return Refused::new(Refusal::Account, "its name leads to no address that may be asked");
    }
    let why = if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "no connection"
    } else {
        "the connection broke off"
    };
    Refused::new(Refusal::Later, why)
}

async fn beginning(mut response: Response) -> Result<String, reqwest::Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        body.extend_from_slice(&chunk);
        if body.len() >= MOST_BYTES {
            break;
        }
    }
    Ok(String::from_utf8_lossy(&body).into_owned())
}

/// A form (`application/x-www-form-urlencoded`) as the body.
pub(super) fn form(request: RequestBuilder, fields: &[(&str, &str)]) -> RequestBuilder {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    request.header("content-type", "application/x-www-form-urlencoded").body(body)
}

/// One of the account's settings, when it has it.
pub(super) fn setting<'a>(parcel: &'a Parcel, name: &str) -> Option<&'a str> {
    parcel.account.as_ref()?.get(name)?.as_str().filter(|value| !value.is_empty())
}

/// One of the account's settings that nothing goes without.
///
/// # Errors
/// The account is refused when it is missing.
pub(super) fn needed<'a>(parcel: &'a Parcel, name: &str) -> Result<&'a str, Refused> {
    setting(parcel, name).ok_or_else(|| Refused::new(Refusal::Account, format!("the account has no {name}")))
}

/// Where the provider's API stands: the address of the account, else the documented one.
pub(super) fn api<'a>(parcel: &'a Parcel, documented: &'a str) -> &'a str {
    setting(parcel, contract::channel_accounts::API).unwrap_or(documented).trim_end_matches('/')
}
