//! Rooms in Microsoft Teams, by webhooks of its Workflows that take an adaptive card
//! (<https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using>).

use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use platform::outside::Outside;
use serde_json::{Value, json};

use super::exchange::{self, Answer};
use super::words::{cut, in_one_line};
use super::{Accepted, Channel, Parcel, Refusal, Refused};
use crate::deliveries::Outgoing;

/// What of a text is shown: a card may have 28 KiB, and a character up to four bytes in UTF-8 and six in JSON.
const MOST: usize = 4000;
const MOST_LINES: usize = 60;

/// Workflows.
pub(super) struct Teams(pub Outside);

impl Channel for Teams {
    fn send<'a>(&'a self, parcel: &'a Parcel) -> LocalBoxFuture<'a, Result<Accepted, Refused>> {
        self.hand_over(parcel).boxed_local()
    }
}

impl Teams {
    async fn hand_over(&self, parcel: &Parcel) -> Result<Accepted, Refused> {
        let body = body(&parcel.message);
        let answer = exchange::post(&self.0, &parcel.address, |request| request.json(&body)).await?;
        if answer.took() {
            return Ok(Accepted::default());
        }
        let said = answer.json();
        let code = said["error"]["code"].as_str().unwrap_or_default();
        Err(answer.refused(meaning(&answer, code), code))
    }
}

/// Rich text, in which nothing is read as markup.
fn line(text: &str, bold: bool) -> Value {
    let run = if bold {
        json!({"type": "TextRun", "text": text, "weight": "Bolder", "size": "Medium"})
    } else {
        json!({"type": "TextRun", "text": text})
    };
    json!({"type": "RichTextBlock", "inlines": [run]})
}

fn body(message: &Outgoing) -> Value {
    let text = cut(message.plain.trim(), MOST);
    let lines = text.lines().filter(|text| !text.trim().is_empty()).take(MOST_LINES);
    let mut rows = vec![line(&cut(&in_one_line(&message.subject), 200), true)];
    rows.extend(lines.map(|text| line(text, false)));
    let mut card = json!({
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": rows,
    });
    if let Some(link) = &message.link {
        card["actions"] = json!([{"type": "Action.OpenUrl", "title": "Ringside", "url": link}]);
    }
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": card,
        }],
    })
}

/// By the codes of Azure Logic Apps, which Workflows are made of.
fn meaning(answer: &Answer, code: &str) -> Refusal {
    match code {
        // It was removed or switched off.
        "WorkflowNotFound" | "WorkflowTriggerNotFound" | "WorkflowTriggerIsNotEnabled" => Refusal::Gone,
        _ if answer.status == 404 => Refusal::Gone,
        _ => answer.meaning(),
    }
}
