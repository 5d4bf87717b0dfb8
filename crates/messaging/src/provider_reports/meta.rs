//! What Meta reports, as JSON: of WhatsApp
//! (<https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components>) and of Messenger
//! (<https://developers.facebook.com/docs/messenger-platform/reference/webhook-events>).

use contract::deliveries::DeliveryState;
use serde::Deserialize;
use serde_json::Value;

use super::service::{Became, Said};

#[derive(Deserialize)]
struct Report {
    entry: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    id: Option<String>,
    #[serde(default)]
    changes: Vec<Change>,
    #[serde(default)]
    messaging: Vec<Value>,
}

#[derive(Deserialize)]
struct Change {
    value: Value,
}

fn text(value: &Value) -> Option<&str> {
    value.as_str().filter(|text| !text.is_empty())
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// Of WhatsApp, as far as it is about this number: one app may look after several.
pub(super) fn whatsapp(number: &str, body: &[u8]) -> serde_json::Result<Vec<Said>> {
    let report: Report = serde_json::from_slice(body)?;
    let changes = report.entry.into_iter().flat_map(|entry| entry.changes);
    let ours = changes.filter(|change| change.value["metadata"]["phone_number_id"] == number);
    Ok(ours.flat_map(|change| of_number(&change.value)).collect())
}

fn of_number(value: &Value) -> Vec<Said> {
    let name = |id: &str| {
        let contact = list(&value["contacts"]).find(|contact| contact["wa_id"] == id)?;
        text(&contact["profile"]["name"]).map(str::to_owned)
    };
    let wrote = list(&value["messages"]).filter_map(|message| {
        let from = text(&message["from"])?;
        let text = text(&message["text"]["body"])?.to_owned();
        let shown = name(from).unwrap_or_else(|| format!("+{from}"));
        Some(Said::Wrote { address: from.to_owned(), shown, text })
    });
    list(&value["statuses"]).filter_map(status).chain(wrote).collect()
}

fn status(status: &Value) -> Option<Said> {
    let state = match status["status"].as_str()? {
        "delivered" | "read" => DeliveryState::Delivered,
        "failed" => DeliveryState::Returned,
        _ => return None,
    };
    let fault = &status["errors"][0];
    let words = text(&fault["error_data"]["details"]).or_else(|| text(&fault["title"]));
    let why = fault["code"].as_i64().map(|code| {
        let words: String = words.unwrap_or_default().chars().filter(|c| !c.is_control()).take(300).collect();
        format!("the provider reports {code}: {words}")
    });
    Some(Said::Became(Became {
        provider_id: text(&status["id"])?.to_owned(),
        state,
        why,
        // No such number at WhatsApp, as when it is sent.
        gone: fault["code"] == 131_026,
    }))
}

/// Of Messenger, as far as it is about this page.
pub(super) fn messenger(page: &str, body: &[u8]) -> serde_json::Result<Vec<Said>> {
    let report: Report = serde_json::from_slice(body)?;
    let ours = report.entry.into_iter().filter(|entry| entry.id.as_deref() == Some(page));
    Ok(ours.flat_map(|entry| entry.messaging).flat_map(|event| of_page(&event)).collect())
}

fn of_page(event: &Value) -> Vec<Said> {
    let delivered = list(&event["delivery"]["mids"]).filter_map(text).map(|id| {
        let provider_id = id.to_owned();
        Said::Became(Became { provider_id, state: DeliveryState::Delivered, why: None, gone: false })
    });
    let message = &event["message"];
    // What the page itself has written comes back as well.
    let theirs = message["is_echo"] != true;
    let wrote = text(&event["sender"]["id"]).zip(text(&message["text"])).filter(|_| theirs);
    let wrote = wrote.map(|(from, said)| Said::Wrote {
        address: from.to_owned(),
        shown: String::new(),
        text: said.to_owned(),
    });
    delivered.chain(wrote).collect()
}
