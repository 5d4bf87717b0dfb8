//! What LINE reports, as JSON (<https://developers.line.biz/en/reference/messaging-api/#webhook-event-objects>).

use serde::Deserialize;

use super::service::Said;

#[derive(Deserialize)]
struct Report {
    events: Vec<Event>,
}

#[derive(Deserialize)]
struct Event {
    r#type: String,
    source: Option<Source>,
    message: Option<Message>,
}

#[derive(Deserialize)]
struct Source {
    r#type: String,
    #[serde(rename = "userId")]
    user_id: Option<String>,
}

#[derive(Deserialize)]
struct Message {
    text: Option<String>,
}

/// What people did and wrote; groups and rooms are nobody's address.
pub(super) fn read(body: &[u8]) -> serde_json::Result<Vec<Said>> {
    let report: Report = serde_json::from_slice(body)?;
    Ok(report.events.into_iter().filter_map(said).collect())
}

fn said(event: Event) -> Option<Said> {
    let address = event.source.filter(|source| source.r#type == "user")?.user_id?;
    match event.r#type.as_str() {
        // Who takes the account away or blocks it is sent nothing any more, and is not told of.
        "unfollow" => Some(Said::Left(address)),
        "follow" => Some(Said::Back(address)),
        "message" => Some(Said::Wrote { address, shown: String::new(), text: event.message?.text? }),
        _ => None,
    }
}
