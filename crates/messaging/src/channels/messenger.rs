//! Messenger, by its Send API: `POST /{page id}/messages`
//! (<https://developers.facebook.com/docs/messenger-platform/reference/send-api>). It knows no key by which it sends
//! once. A message is taken within 24 hours of the reader's last one.

use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use platform::outside::Outside;
use serde_json::json;

use super::exchange::{self, api, needed};
use super::meta::{self, Fault};
use super::words::whole;
use super::{Accepted, Channel, Parcel, Refusal, Refused};

/// What a text may have.
const MOST: usize = 2000;

/// The Send API.
pub(super) struct Messenger(pub Outside);

impl Channel for Messenger {
    fn send<'a>(&'a self, parcel: &'a Parcel) -> LocalBoxFuture<'a, Result<Accepted, Refused>> {
        self.hand_over(parcel).boxed_local()
    }
}

impl Messenger {
    async fn hand_over(&self, parcel: &Parcel) -> Result<Accepted, Refused> {
        let (page, token) = (needed(parcel, "page_id")?, needed(parcel, "access_token")?);
        let address = format!("{}/{page}/messages", api(parcel, meta::API));
        let body = json!({
            "recipient": {"id": parcel.address},
            "messaging_type": "UPDATE",
            "message": {"text": whole(&parcel.message, MOST)},
        });
        let answer =
            exchange::post(&self.0, &address, |request| request.bearer_auth(token).json(&body)).await?;
        if answer.took() {
            let id = answer.json()["message_id"].as_str().map(str::to_owned);
            return Ok(Accepted { provider_id: id });
        }
        Err(meta::refused(&answer, meaning))
    }
}

/// By the codes of <https://developers.facebook.com/docs/messenger-platform/error-codes>.
fn meaning(fault: &Fault) -> Option<Refusal> {
    Some(match (fault.code, fault.subcode) {
        // Passing.
        (1200, _) => Refusal::Later,
        // The reader left, blocked the page, or there is nobody of this id.
        (551, _) | (100, 2_018_001) | (200, 1_545_041) => Refusal::Gone,
        // The reader has not written for 24 hours.
        (10, 2_018_278 | 2_018_065 | 2_018_108) => Refusal::Never,
        (100, _) => Refusal::Never,
        _ => return None,
    })
}
