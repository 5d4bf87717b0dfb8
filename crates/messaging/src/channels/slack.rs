//! Rooms in Slack, by incoming webhooks (<https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks>).

use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use platform::outside::Outside;
use serde_json::{Value, json};

use super::exchange::{self, Answer};
use super::words::{cut, in_one_line};
use super::{Accepted, Channel, Parcel, Refusal, Refused};
use crate::deliveries::Outgoing;

/// What the text of a section may have.
const MOST: usize = 3000;
/// What of it a title may take.
const MOST_TITLE: usize = 150;

/// Incoming webhooks.
pub(super) struct Slack(pub Outside);

impl Channel for Slack {
    fn send<'a>(&'a self, parcel: &'a Parcel) -> LocalBoxFuture<'a, Result<Accepted, Refused>> {
        self.hand_over(parcel).boxed_local()
    }
}

impl Slack {
    async fn hand_over(&self, parcel: &Parcel) -> Result<Accepted, Refused> {
        let body = body(&parcel.message);
        let answer = exchange::post(&self.0, &parcel.address, |request| request.json(&body)).await?;
        if answer.took() {
            return Ok(Accepted::default());
        }
        Err(answer.refused(meaning(&answer), answer.body.trim()))
    }
}

fn body(message: &Outgoing) -> Value {
    let section = |text: String| json!({"type": "section", "text": {"type": "mrkdwn", "text": text}});
    let title = in_one_line(&message.subject);
    let title = escaped(&title, MOST_TITLE);
    let mut blocks = vec![section(format!("*{title}*"))];
    let text = escaped(message.plain.trim(), MOST);
    if !text.is_empty() {
        blocks.push(section(text));
    }
    if let Some(link) = &message.link {
        blocks.push(section(format!("<{}>", escaped(link, MOST - 2))));
    }
    // `text` is what notifications show.
    json!({"text": title, "blocks": blocks})
}

/// Without what Slack reads as a link or as a call to everybody: `&`, `<` and `>`
/// (<https://docs.slack.dev/messaging/formatting-message-text#escaping>). No longer than `most`, with that.
fn escaped(text: &str, most: usize) -> String {
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let whole = escape(text);
    if whole.encode_utf16().count() <= most {
        return whole;
    }
    // Each may become as long as five.
    let longer = whole.encode_utf16().count() - text.encode_utf16().count();
    escape(&cut(text, most.saturating_sub(longer).max(most / 5)))
}

/// By what stands in the body (<https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors>).
fn meaning(answer: &Answer) -> Refusal {
    match answer.body.trim() {
        "no_service"
        | "no_service_id"
        | "no_active_hooks"
        | "no_team"
        | "team_disabled"
        | "invalid_token"
        | "channel_not_found"
        | "channel_is_archived" => Refusal::Gone,
        "action_prohibited" | "posting_to_general_channel_denied" => Refusal::Account,
        _ if answer.status == 404 => Refusal::Gone,
        _ => answer.meaning(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::words::tests::message;
    use super::*;

    #[test]
    fn what_calls_everybody_calls_nobody() {
        let body =
            body(&message("Gate <A>", "<!channel> Tom & Jerry", Some("https://ringside.example/?a=1&b=2")));
        let texts: Vec<_> = (0..3).map(|at| body["blocks"][at]["text"]["text"].as_str().unwrap()).collect();
        assert_eq!(
            texts,
            [
                "*Gate &lt;A&gt;*",
                "&lt;!channel&gt; Tom &amp; Jerry",
                "<https://ringside.example/?a=1&amp;b=2>"
            ]
        );
        assert_eq!(body["text"], "Gate &lt;A&gt;");
    }

    #[test]
    fn a_text_stays_short_enough_when_it_is_escaped() {
        for text in ["&".repeat(2999), "x".repeat(9000), format!("{}{}", "x".repeat(2900), "<".repeat(300))] {
            let escaped = escaped(&text, MOST);
            assert!(escaped.encode_utf16().count() <= MOST && escaped.ends_with('…'), "{}", escaped.len());
        }
    }
}
