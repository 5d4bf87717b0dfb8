//! WhatsApp and Messenger, as Meta's Graph API takes messages.

use contract::channels::Channel;
use contract::deliveries::DeliveryState;
use serde_json::{Value, json};
use testkit::Reply;

use super::{Place, TEXT, TITLE, WHOLE, answer, body};

const NUMBER: &str = "+66 81-111-1111";
const PSID: &str = "5309416832480239";

fn error(status: u16, code: i64, subcode: Option<i64>) -> Reply {
    let mut error =
        json!({"message": "(#1) Said so", "type": "OAuthException", "code": code, "fbtrace_id": "A0"});
    if let Some(subcode) = subcode {
        error["error_subcode"] = subcode.into();
    }
    answer(status, &json!({"error": error}))
}

fn sent() -> Value {
    json!({
        "messaging_product": "whatsapp", "contacts": [{"input": "66811111111", "wa_id": "66811111111"}],
        "messages": [{"id": "wamid.HBgL0001"}],
    })
}

#[tokio::test]
async fn whatsapp_takes_a_text_or_the_template_that_was_approved() {
    let place = Place::new().await;
    place.account(Channel::Whatsapp).await;
    place.provider.reply([answer(200, &sent())]);
    let told = place.try_out(Channel::Whatsapp, NUMBER).await;
    assert_eq!((told.state, told.to.as_str()), (DeliveryState::Sent, "+66 … 11"));
    let request = place.only();
    assert_eq!(request.line, "POST /106540352242922/messages");
    assert_eq!(request.headers["authorization"], "Bearer meta-access-token-1");
    assert_eq!(
        body(&request),
        json!({
            "messaging_product": "whatsapp", "recipient_type": "individual", "to": "66811111111", "type": "text",
            "text": {"preview_url": false, "body": WHOLE},
        })
    );
    assert_eq!(
        place.app.count("SELECT count(*) FROM deliveries WHERE provider_id = 'wamid.HBgL0001'").await,
        1
    );

    let mut settings = place.settings(Channel::Whatsapp);
    settings["template"] = "ringside_notice".into();
    settings["template_language"] = "en_US".into();
    place.set(Channel::Whatsapp, &json!({"settings": settings})).await;
    place.provider.reply([answer(200, &sent())]);
    place.app.advance(chrono::TimeDelta::seconds(1));
    place.try_out(Channel::Whatsapp, NUMBER).await;
    let text = format!("{TITLE} {TEXT}");
    let template = json!({
        "name": "ringside_notice", "language": {"code": "en_US"},
        "components": [{"type": "body", "parameters": [{"type": "text", "text": text}]}],
    });
    let asked = body(&place.only());
    assert_eq!((&asked["type"], &asked["template"]), (&json!("template"), &template));
    assert!(asked.get("text").is_none());
}

#[tokio::test]
async fn each_code_of_whatsapp_has_its_own_end() {
    let place = Place::new().await;
    place.account(Channel::Whatsapp).await;
    for (reply, state, attempts, is_fault) in [
        (error(401, 190, None), DeliveryState::Queued, 1, true),
        (error(400, 132_001, None), DeliveryState::Queued, 1, true),
        (error(400, 130_429, None), DeliveryState::Queued, 0, true),
        (error(400, 131_056, None), DeliveryState::Queued, 1, true),
        (error(500, 131_000, None), DeliveryState::Queued, 1, true),
        (error(400, 131_047, None), DeliveryState::Failed, 1, false),
        (error(401, 190, None), DeliveryState::Queued, 1, true),
        (error(400, 100, None), DeliveryState::Failed, 1, false),
        (error(400, 131_026, None), DeliveryState::Failed, 1, false),
    ] {
        let says = format!("{reply:?}");
        let ended = place.refused(Channel::Whatsapp, NUMBER, reply).await;
        assert_eq!((ended.0, ended.1), (state, attempts), "{says}");
        assert_eq!(place.account_now(Channel::Whatsapp).await.fault.is_some(), is_fault, "{says}");
    }
}

#[tokio::test]
async fn messenger_takes_a_text_within_its_window() {
    let place = Place::new().await;
    place.account(Channel::Messenger).await;
    place.provider.reply([answer(200, &json!({"recipient_id": PSID, "message_id": "m_0001"}))]);
    let told = place.try_out(Channel::Messenger, PSID).await;
    assert_eq!((told.state, told.to.as_str()), (DeliveryState::Sent, "…0239"));
    let request = place.only();
    assert_eq!(request.line, "POST /1906385232743451/messages");
    assert_eq!(request.headers["authorization"], "Bearer meta-access-token-2");
    assert_eq!(
        body(&request),
        json!({"recipient": {"id": PSID}, "messaging_type": "UPDATE", "message": {"text": WHOLE}})
    );
    for (reply, state, attempts) in [
        (error(400, 190, None), DeliveryState::Queued, 1),
        (error(400, 613, None), DeliveryState::Queued, 0),
        (error(403, 4, None), DeliveryState::Queued, 0),
        (error(400, 10, Some(2_018_278)), DeliveryState::Failed, 1),
        (error(403, 10, None), DeliveryState::Queued, 1),
        (error(400, 551, None), DeliveryState::Failed, 1),
        (error(400, 100, Some(2_018_001)), DeliveryState::Failed, 1),
        (error(400, 1200, None), DeliveryState::Queued, 1),
    ] {
        let says = format!("{reply:?}");
        let ended = place.refused(Channel::Messenger, PSID, reply).await;
        assert_eq!((ended.0, ended.1), (state, attempts), "{says}");
    }
}
