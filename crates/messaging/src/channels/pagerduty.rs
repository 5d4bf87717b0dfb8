//! Services in PagerDuty, by its Events API v2: `POST /v2/enqueue`
//! (<https://developer.pagerduty.com/docs/send-alert-event>).

use contract::destinations::Severity;
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use platform::outside::Outside;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::exchange;
use super::words::{cut, in_one_line};
use super::{Accepted, Channel, Parcel, Refusal, Refused};

/// Where the API stands; that of the European region stands elsewhere.
const API: &str = "https://events.pagerduty.com";
/// What a summary may have.
const MOST: usize = 1024;
/// What is told of the text beside it.
const MOST_DETAILS: usize = 8_000;

/// The address of a service, as it is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Service {
    /// Who knows it may raise alerts.
    pub routing_key: String,
    /// How grave they are.
    pub severity: Severity,
    /// Where the API stands, when not at the documented address.
    pub api: Option<String>,
}

/// The Events API.
pub(super) struct Pagerduty(pub Outside);

impl Channel for Pagerduty {
    fn send<'a>(&'a self, parcel: &'a Parcel) -> LocalBoxFuture<'a, Result<Accepted, Refused>> {
        self.hand_over(parcel).boxed_local()
    }
}

impl Pagerduty {
    async fn hand_over(&self, parcel: &Parcel) -> Result<Accepted, Refused> {
        let service: Service = serde_json::from_str(&parcel.address)
            .map_err(|_| Refused::new(Refusal::Account, "its address cannot be read"))?;
        let api = service.api.as_deref().unwrap_or(API).trim_end_matches('/');
        let body = body(parcel, &service);
        let answer =
            exchange::post(&self.0, &format!("{api}/v2/enqueue"), |request| request.json(&body)).await?;
        let said = answer.json();
        if answer.took() {
            return Ok(Accepted { provider_id: said["dedup_key"].as_str().map(str::to_owned) });
        }
        let faults: Vec<&str> =
            said["errors"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let words = faults.join("; ");
        let about_key = answer.status == 400 && words.to_lowercase().contains("routing");
        let what = if about_key { Refusal::Account } else { answer.meaning() };
        // What they say of a key may repeat it.
        Err(answer.refused(what, &words.replace(&service.routing_key, "…")))
    }
}

fn body(parcel: &Parcel, service: &Service) -> Value {
    let message = &parcel.message;
    let mut body = json!({
        "routing_key": service.routing_key,
        "event_action": "trigger",
        // Sent twice it is one alert.
        "dedup_key": message.id,
        "client": "Ringside",
        "payload": {
            "summary": cut(&in_one_line(&message.subject), MOST),
            "source": "Ringside",
            "severity": service.severity,
            "timestamp": message.created_at,
            "custom_details": {"text": cut(message.plain.trim(), MOST_DETAILS)},
        },
    });
    if let Some(link) = &message.link {
        body["links"] = json!([{"href": link, "text": "Ringside"}]);
        body["client_url"] = link.as_str().into();
    }
    body
}
