//! Notifications of browsers: a message is encrypted for the browser (RFC 8291) and left with its push service
//! (RFC 8030), which knows us by our key (RFC 8292).

mod payload;
mod seal;

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use contract::channels::Topic;
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use lettre::message::Mailbox;
use p256::{PublicKey, SecretKey};
use platform::clock::Clock;
use platform::config::Config;
use platform::outside::{LeadsNowhere, Outside};
use reqwest::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use reqwest::{Method, Response};
use serde::{Deserialize, Serialize};

use super::vapid::Pair;
use super::{Accepted, Channel, Parcel, Refusal, Refused};
use crate::deliveries::Outgoing;
use seal::Browser;

/// A text is made to fill a multiple of this, so that its length says little.
const STEP: usize = 512;

/// A subscription as the Push API gives it (W3C, `PushSubscription.toJSON`): the sealed address of a browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Subscription {
    pub endpoint: String,
    pub p256dh: String,
    pub auth: String,
}

/// The key of a browser; none when it is not a point of P-256.
pub(crate) fn subscriber(p256dh: &str) -> Option<PublicKey> {
    let bytes = URL_SAFE_NO_PAD.decode(p256dh.trim_end_matches('=')).ok()?;
    PublicKey::from_sec1_bytes(&bytes).ok().filter(|_| bytes.len() == 65)
}

/// All push services there are: the browser says which is its own.
pub(crate) struct WebPush {
    outside: Outside,
    clock: Clock,
    key: Pair,
    /// Whom a push service may ask: `mailto:…`.
    subject: String,
    /// Where links within this installation begin.
    home: String,
}

impl WebPush {
    /// Puts it together.
    ///
    /// # Errors
    /// `mail_from` cannot be read.
    pub(super) fn new(outside: Outside, clock: Clock, key: Pair, config: &Config) -> anyhow::Result<Self> {
        let from: Mailbox = config.mail_from.parse()?;
        let subject = format!("mailto:{}", from.email);
        Ok(Self { outside, clock, key, subject, home: config.public_url() })
    }

    async fn hand_over(&self, parcel: &Parcel) -> Result<Accepted, Refused> {
        let never = |why: &str| Refused::new(Refusal::Never, why);
        let subscription: Subscription =
            serde_json::from_str(&parcel.address).map_err(|_| never("the subscription cannot be read"))?;
        let body = self.sealed(&subscription, &parcel.message);
        let body = body.ok_or_else(|| never("the message cannot be encrypted for this browser"))?;
        let now = self.clock.now();
        let authorisation = self.key.authorisation(&subscription.endpoint, &self.subject, now);
        let authorisation = authorisation.ok_or_else(|| never("the endpoint is no address"))?;
        let message = &parcel.message;
        let request = self.outside.request(Method::POST, &subscription.endpoint);
        let request = request.ok_or_else(|| never("its push service may not be asked"))?;
        let answer = request
            .header(AUTHORIZATION, authorisation)
            .header(CONTENT_ENCODING, "aes128gcm")
            .header(CONTENT_TYPE, "application/octet-stream")
            .header("ttl", lasts(message.topic).as_secs())
            .header("urgency", urgency(message.topic))
            // Of two with the same name only the later one waits: what is sent twice is shown once.
            .header("topic", message.id.simple().to_string())
            .body(body)
            .send()
            .await
            .map_err(|error| unanswered(&error))?;
        judge(&answer, now)
    }

    fn sealed(&self, subscription: &Subscription, message: &Outgoing) -> Option<Vec<u8>> {
        let auth = URL_SAFE_NO_PAD.decode(subscription.auth.trim_end_matches('=')).ok()?;
        let key = subscriber(&subscription.p256dh)?;
        let text = payload::of(message, &self.home, seal::MOST);
        let length = text.len().next_multiple_of(STEP);
        let own: SecretKey = Pair::generate().into_secret();
        seal::seal(text.as_bytes(), length, &Browser { key: &key, auth: &auth }, &own, &rand::random())
    }
}

impl Channel for WebPush {
    fn send<'a>(&'a self, parcel: &'a Parcel) -> LocalBoxFuture<'a, Result<Accepted, Refused>> {
        self.hand_over(parcel).boxed_local()
    }
}

/// How long a push service keeps it for a browser that is away (RFC 8030, 5.2).
const fn lasts(topic: Topic) -> Duration {
    match topic {
        Topic::Operations => Duration::from_hours(4),
        Topic::Account | Topic::News | Topic::Announcements => Duration::from_hours(24),
        Topic::Orders => Duration::from_hours(72),
    }
}

/// How much it matters to a device that saves power (RFC 8030, 5.3).
const fn urgency(topic: Topic) -> &'static str {
    match topic {
        Topic::Account | Topic::Operations => "high",
        Topic::Orders => "normal",
        Topic::News | Topic::Announcements => "low",
    }
}

/// What an answer says (RFC 8030, 5 and 7; RFC 8292, 4.2). No word of the answer is repeated: it may name the endpoint, which is a
/// secret.
fn judge(answer: &Response, now: DateTime<Utc>) -> Result<Accepted, Refused> {
    let status = answer.status().as_u16();
    let said = |what| Err(Refused::new(what, format!("the push service answered {status}")));
    match status {
        200..300 => {
            let named = answer.headers().get(LOCATION).and_then(|value| value.to_str().ok());
            // The end of it is what parts it from others.
            let provider_id = named.and_then(|named| named.rsplit('/').next()).filter(|id| id.len() <= 200);
            Ok(Accepted { provider_id: provider_id.map(str::to_owned) })
        }
        404 | 410 => said(Refusal::Gone),
        429 => said(Refusal::Busy(retry_after(answer, now))),
        // Our key or our clock: nothing that the browser or its owner could mend.
        401 | 403 | 408 | 500.. => said(Refusal::Later),
        _ => said(Refusal::Never),
    }
}

/// How long it wants to be left alone (RFC 9110, 10.2.3): seconds, or a date.
fn retry_after(answer: &Response, now: DateTime<Utc>) -> Option<Duration> {
    let value = answer.headers().get(RETRY_AFTER)?.to_str().ok()?.trim();
    match value.parse::<u32>() {
        Ok(seconds) => Some(Duration::from_secs(seconds.into())),
        Err(_) => (DateTime::parse_from_rfc2822(value).ok()?.to_utc() - now).to_std().ok(),
    }
}

/// Why there is no answer. What the library says of it names the endpoint: it is not repeated.
fn unanswered(error: &reqwest::Error) -> Refused {
    if LeadsNowhere::caused(error) {
        return Refused::new(
            Refusal::Never,
            "the name of its push service leads to no address that may be asked",
        );
    }
    let why = if error.is_timeout() { "no answer in time" } else { "no connection to its push service" };
    Refused::new(Refusal::Later, why)
}
