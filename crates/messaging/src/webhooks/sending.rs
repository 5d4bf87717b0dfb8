//! One attempt to send a webhook.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use contract::webhooks::WebhookFault;
use platform::config::Config;
use platform::outside::{LeadsNowhere, Manner, Outside, Reach};
use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Method, Response};
use sha2::{Digest as _, Sha256};

use super::queries::Due;
use super::schedule;
use crate::signature;

/// How long the body of an answer may take, once its head is here.
const BODY_PATIENCE: Duration = Duration::from_secs(2);
/// What is kept of an answer.
const MOST_BYTES: usize = 16 << 10;
const MOST_HEADERS: usize = 40;
const LONGEST_HEADER: usize = 500;
const USER_AGENT: &str = "Ringside-Webhooks";

/// How an attempt went.
#[derive(Debug)]
pub(super) struct Attempt {
    pub(super) started_at: DateTime<Utc>,
    pub(super) duration_ms: i32,
    pub(super) request_headers: BTreeMap<String, String>,
    pub(super) body_sha256: String,
    pub(super) status: Option<u16>,
    pub(super) response_headers: BTreeMap<String, String>,
    pub(super) response_body: String,
    pub(super) fault: Option<WebhookFault>,
    /// How long the receiver wants to be left alone.
    pub(super) retry_after: Option<TimeDelta>,
}

/// Where webhooks may go.
pub(super) fn reach(config: &Config) -> Reach {
    Reach::with(config.webhook_networks.clone())
}

/// What sends them.
pub(super) fn client(config: &Config) -> anyhow::Result<Outside> {
    let patience = Duration::from_secs(config.webhook_seconds);
    Outside::new(reach(config), &Manner { patience, dns: config.dns_resolver, user_agent: USER_AGENT })
}

/// Sends it, signed with each of the secrets. Whatever happens is an attempt that went somehow.
pub(super) async fn send(
    outside: &Outside,
    due: &Due,
    secrets: &[String],
    now: DateTime<Utc>,
) -> anyhow::Result<Attempt> {
    let headers = headers(due, secrets, now)?;
    let begun = Instant::now();
    let answered = ask(outside, due, &headers).await;
    let mut attempt = Attempt {
        started_at: now,
        duration_ms: i32::try_from(begun.elapsed().as_millis()).unwrap_or(i32::MAX),
        request_headers: headers,
        body_sha256: hex::encode(Sha256::digest(due.payload.as_bytes())),
        status: None,
        response_headers: BTreeMap::new(),
        response_body: String::new(),
        fault: None,
        retry_after: None,
    };
    match answered {
        Err(fault) => attempt.fault = Some(fault),
        Ok(answer) => {
            let retry_after = answer.headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok());
            attempt.retry_after = retry_after.and_then(|value| schedule::retry_after(value, now));
            attempt.fault = (!(200..300).contains(&answer.status)).then_some(WebhookFault::Refused);
            attempt.status = Some(answer.status);
            attempt.response_headers = shown(&answer.headers);
            attempt.response_body = answer.body;
        }
    }
    Ok(attempt)
}

fn headers(due: &Due, secrets: &[String], now: DateTime<Utc>) -> anyhow::Result<BTreeMap<String, String>> {
    let id = webhook_id(due.id);
    let signatures: Option<Vec<String>> =
        secrets.iter().map(|secret| signature::sign(secret, &id, now, due.payload.as_bytes())).collect();
    let signatures =
        signatures.filter(|all| !all.is_empty()).context("an endpoint has no secret of the form")?;
    Ok([
        ("content-type", "application/json".to_owned()),
        ("user-agent", USER_AGENT.to_owned()),
        ("webhook-id", id),
        ("webhook-timestamp", now.timestamp().to_string()),
        ("webhook-signature", signatures.join(" ")),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into())
}

/// What travels as `webhook-id`.
pub(super) fn webhook_id(delivery: uuid::Uuid) -> String {
    format!("msg_{}", delivery.simple())
}

struct Answer {
    status: u16,
    headers: HeaderMap,
    body: String,
}

async fn ask(
    outside: &Outside,
    due: &Due,
    headers: &BTreeMap<String, String>,
) -> Result<Answer, WebhookFault> {
    let request = outside.request(Method::POST, &due.url).ok_or(WebhookFault::AddressNotAllowed)?;
    let request = headers.iter().fold(request, |request, (name, value)| request.header(name, value));
    let response = request.body(due.payload.clone()).send().await.map_err(|error| fault(&error))?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Ok(Answer { status, headers, body: beginning(response).await })
}

/// The beginning of an answer; what comes after it is not waited for. What it says is told by its status already:
/// a body that is slow or breaks off changes nothing.
async fn beginning(mut response: Response) -> String {
    let mut body = Vec::new();
    let read = async {
        while let Ok(Some(chunk)) = response.chunk().await {
            body.extend_from_slice(&chunk);
            if body.len() >= MOST_BYTES {
                break;
            }
        }
    };
    // What has come by then is kept.
    let _ = tokio::time::timeout(BODY_PATIENCE, read).await;
    body.truncate(MOST_BYTES);
    // PostgreSQL keeps no NUL in a text.
    String::from_utf8_lossy(&body).replace('\0', "\u{fffd}")
}

fn fault(error: &reqwest::Error) -> WebhookFault {
    match error {
        error if LeadsNowhere::caused(error) => WebhookFault::AddressNotAllowed,
        error if error.is_timeout() => WebhookFault::TimedOut,
        _ => WebhookFault::Unreachable,
    }
}

fn shown(headers: &HeaderMap) -> BTreeMap<String, String> {
    let cut = |value: &[u8]| String::from_utf8_lossy(&value[..value.len().min(LONGEST_HEADER)]).into_owned();
    headers.iter().take(MOST_HEADERS).map(|(name, value)| (name.to_string(), cut(value.as_bytes()))).collect()
}
