//! Text messages, by an API like Twilio's: `POST /2010-04-01/Accounts/{sid}/Messages.json`
//! (<https://www.twilio.com/docs/messaging/api/message-resource>). It knows no key by which it sends once.

use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use platform::outside::Outside;

use super::exchange::{self, Answer, api, needed, setting};
use super::words::whole;
use super::{Accepted, Channel, Parcel, Refusal, Refused};

/// Where the API stands.
const API: &str = "https://api.twilio.com";
/// What a body may have: a longer one is refused (error 21617).
const MOST: usize = 1600;

/// The messages API.
pub(super) struct Sms(pub Outside);

impl Channel for Sms {
    fn send<'a>(&'a self, parcel: &'a Parcel) -> LocalBoxFuture<'a, Result<Accepted, Refused>> {
        self.hand_over(parcel).boxed_local()
    }
}

impl Sms {
    async fn hand_over(&self, parcel: &Parcel) -> Result<Accepted, Refused> {
        let (sid, token) = (needed(parcel, "account_sid")?, needed(parcel, "auth_token")?);
        let sender = match setting(parcel, "messaging_service_sid") {
            Some(service) => ("MessagingServiceSid", service),
            None => ("From", needed(parcel, "from")?),
        };
        let body = whole(&parcel.message, MOST);
        let mut fields = vec![("To", parcel.address.as_str()), sender, ("Body", body.as_str())];
        fields.extend(parcel.callback.as_deref().map(|callback| ("StatusCallback", callback)));
        let address = format!("{}/2010-04-01/Accounts/{sid}/Messages.json", api(parcel, API));
        let answer = exchange::post(&self.0, &address, |request| {
            exchange::form(request.basic_auth(sid, Some(token)), &fields)
        })
        .await?;
        let said = answer.json();
        if answer.took() {
            return Ok(Accepted { provider_id: said["sid"].as_str().map(str::to_owned) });
        }
        let words = format!("{} {}", said["code"], said["message"].as_str().unwrap_or_default());
        let words: &str = if said["code"].is_null() { "" } else { &words };
        Err(answer.refused(meaning(&answer, said["code"].as_i64()), words))
    }
}

/// By the codes of <https://www.twilio.com/docs/api/errors>.
fn meaning(answer: &Answer, code: Option<i64>) -> Refusal {
    match code {
        // The reader wants nothing more from this number.
        Some(21610) => Refusal::Gone,
        // Too fast, or too much waits to be sent.
        Some(20429 | 14107 | 21611 | 63038) => Refusal::Busy(answer.retry_after()),
        // The key, the sender or the account itself.
        Some(20003 | 20005 | 20404 | 21212 | 21603 | 21606 | 21608 | 21659 | 21660 | 21701 | 21703) => {
            Refusal::Account
        }
        // No number, not one that takes text messages, or nowhere that is written to.
        Some(21211 | 21214 | 21217 | 21408 | 21602 | 21604 | 21612 | 21614 | 21617) => Refusal::Never,
        _ => answer.meaning(),
    }
}
