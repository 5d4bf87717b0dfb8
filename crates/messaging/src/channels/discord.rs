//! Rooms in Discord, by webhooks (<https://discord.com/developers/docs/resources/webhook#execute-webhook>).

use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use platform::outside::Outside;
use serde_json::{Value, json};
use url::Url;

use super::exchange::{self, Answer};
use super::words::whole;
use super::{Accepted, Channel, Parcel, Refusal, Refused};

/// What a message may have.
const MOST: usize = 2000;

/// Webhooks.
pub(super) struct Discord(pub Outside);

impl Channel for Discord {
    fn send<'a>(&'a self, parcel: &'a Parcel) -> LocalBoxFuture<'a, Result<Accepted, Refused>> {
        self.hand_over(parcel).boxed_local()
    }
}

impl Discord {
    async fn hand_over(&self, parcel: &Parcel) -> Result<Accepted, Refused> {
        let mut address = Url::parse(&parcel.address)
            .map_err(|_| Refused::new(Refusal::Account, "its address cannot be read"))?;
        // So that the answer says whether it was taken, and by what id.
        address.query_pairs_mut().append_pair("wait", "true");
        // Nobody is called by what stands in a text.
        let body = json!({"content": whole(&parcel.message, MOST), "allowed_mentions": {"parse": []}});
        let answer = exchange::post(&self.0, address.as_str(), |request| request.json(&body)).await?;
        let said = answer.json();
        if answer.took() {
            return Ok(Accepted { provider_id: said["id"].as_str().map(str::to_owned) });
        }
        let words = said["message"].as_str().unwrap_or_default();
        Err(answer.refused(meaning(&answer, &said), words))
    }
}

/// By the codes of <https://discord.com/developers/docs/topics/opcodes-and-status-codes#json>.
fn meaning(answer: &Answer, said: &Value) -> Refusal {
    match (answer.status, said["code"].as_i64()) {
        // The exact pause stands in the body.
        (429, _) => {
            let pause =
                said["retry_after"].as_f64().and_then(|pause| Duration::try_from_secs_f64(pause).ok());
            Refusal::Busy(pause.or_else(|| answer.retry_after()))
        }
        // Unknown room, unknown webhook, a wrong token of one.
        (_, Some(10_003 | 10_015 | 50_027)) | (404, _) => Refusal::Gone,
        _ => answer.meaning(),
    }
}
