//! LINE, by its Messaging API: `POST /v2/bot/message/push`
//! (<https://developers.line.biz/en/reference/messaging-api/#send-push-message>).

use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use platform::outside::Outside;
use serde_json::{Value, json};

use super::exchange::{self, Answer, api, needed};
use super::words::whole;
use super::{Accepted, Channel, Parcel, Refusal, Refused};

/// Where the API stands.
const API: &str = "https://api.line.me";
/// What a text may have, in UTF-16 code units.
const MOST: usize = 5_000;

/// The push API.
pub(super) struct Line(pub Outside);

impl Channel for Line {
    fn send<'a>(&'a self, parcel: &'a Parcel) -> LocalBoxFuture<'a, Result<Accepted, Refused>> {
        self.hand_over(parcel).boxed_local()
    }
}

impl Line {
    async fn hand_over(&self, parcel: &Parcel) -> Result<Accepted, Refused> {
        let token = needed(parcel, "channel_access_token")?;
        let message = json!({"type": "text", "text": whole(&parcel.message, MOST)});
        let body = json!({"to": parcel.address, "messages": [message]});
        let address = format!("{}/v2/bot/message/push", api(parcel, API));
        let answer = exchange::post(&self.0, &address, |request| {
            // Sent with the very first try, so that a second one after a lost answer is not a second message.
            request.bearer_auth(token).header("X-Line-Retry-Key", parcel.message.id.to_string()).json(&body)
        })
        .await?;
        let said = answer.json();
        let known = answer.status == 409 && answer.headers.contains_key("x-line-accepted-request-id");
        if answer.took() || known {
            let id = said["sentMessages"][0]["id"].as_str();
            return Ok(Accepted { provider_id: id.map(str::to_owned) });
        }
        let words = said["message"].as_str().unwrap_or_default();
        Err(answer.refused(meaning(&answer, &said), words))
    }
}

fn meaning(answer: &Answer, said: &Value) -> Refusal {
    let words = said["message"].as_str().unwrap_or_default();
    match answer.status {
        // That passes with the month or with a larger plan, and not with a pause.
        429 if words.contains("monthly limit") => Refusal::Account,
        400 if is_about_reader(said) => Refusal::Gone,
        _ => answer.meaning(),
    }
}

/// Whether the provider knows nobody of this id.
fn is_about_reader(said: &Value) -> bool {
    let details = said["details"].as_array();
    let named = details.is_some_and(|all| all.iter().any(|detail| detail["property"] == "to"));
    named || said["message"].as_str().is_some_and(|words| words.contains("'to'"))
}
