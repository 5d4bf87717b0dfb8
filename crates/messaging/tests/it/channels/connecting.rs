//! A person connects a chat by sending the code they were shown, and is reached there.

use chrono::TimeDelta;
use contract::channels::Channel;
use contract::contact_methods::{ContactLink, ContactMethod};
use contract::endpoints::{LIST_CONTACT_METHODS, START_CONTACT_LINK, TEST_CONTACT};
use serde_json::{Value, json};

use super::{Place, answer, body};

impl Place {
    async fn code(&self, channel: Channel) -> String {
        let wish = json!({"org_id": self.org, "channel": channel});
        let link: ContactLink =
            self.app.to(START_CONTACT_LINK, &[]).by(&self.owner).json(&wish).created().await;
        link.code
    }

    async fn methods(&self) -> Vec<ContactMethod> {
        self.app.to(LIST_CONTACT_METHODS, &[]).by(&self.owner).ok().await
    }

    async fn write_by_line(&self, account: &contract::channel_accounts::ChannelAccount, text: &str) {
        let source = json!({"type": "user", "userId": "U4af4980629"});
        let event = json!({"type": "message", "source": source, "message": {"type": "text", "id": "1", "text": text}});
        let _ = self.line(account, "line-channel-secret-1", json!([event])).await.expect(200);
    }
}

#[tokio::test]
async fn a_line_chat_is_connected_by_its_code_and_reached() {
    let place = Place::new().await;
    let account = place.account(Channel::Line).await;
    let code = place.code(Channel::Line).await;
    place.write_by_line(&account, "hello there").await;
    place.write_by_line(&account, "LINK-2222-2222").await;
    assert!(place.methods().await.is_empty(), "no code, and none that is good");
    place.write_by_line(&account, &code).await;
    // Told twice it is one chat.
    place.write_by_line(&account, &code).await;
    let methods = place.methods().await;
    assert_eq!(methods.len(), 1);
    assert_eq!((methods[0].channel, methods[0].verified_at), (Channel::Line, Some(place.app.clock.now())));

    let sent = json!({"sentMessages": [{"id": "1"}]});
    place.provider.reply([answer(200, &sent)]);
    let test = place.app.to(TEST_CONTACT, &[&methods[0].id.to_string()]).by(&place.owner).await;
    assert!(test.status.is_success(), "{}", test.text());
    place.app.run_jobs().await;
    assert_eq!(body(&place.only())["to"], "U4af4980629");

    let gone = json!([{"type": "unfollow", "source": {"type": "user", "userId": "U4af4980629"}}]);
    let _ = place.line(&account, "line-channel-secret-1", gone).await.expect(200);
    assert!(place.methods().await[0].gone_at.is_some());
}

#[tokio::test]
async fn a_whatsapp_chat_is_connected_by_its_code_and_reached() {
    let place = Place::new().await;
    let account = place.account(Channel::Whatsapp).await;
    let code = place.code(Channel::Whatsapp).await;
    let wrote = |number: &str| -> Value {
        let message = json!({"from": "66812345678", "id": "wamid.A", "timestamp": "1", "type": "text", "text": {"body": code}});
        let value = json!({
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "66200000000", "phone_number_id": number},
            "contacts": [{"profile": {"name": "Demo Fan"}, "wa_id": "66812345678"}],
            "messages": [message],
        });
        json!({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [{"field": "messages", "value": value}]}]})
    };
    let _ = place.meta(&account, "meta-app-secret-1", &wrote("999")).await.expect(200);
    assert!(place.methods().await.is_empty(), "to another number of the app");
    let _ = place.meta(&account, "meta-app-secret-1", &wrote("106540352242922")).await.expect(200);
    let methods = place.methods().await;
    assert_eq!((methods.len(), methods[0].shown.as_str()), (1, "Demo Fan"));

    place.app.advance(TimeDelta::seconds(1));
    place.provider.reply([answer(200, &json!({"messages": [{"id": "wamid.B"}]}))]);
    let test = place.app.to(TEST_CONTACT, &[&methods[0].id.to_string()]).by(&place.owner).await;
    assert!(test.status.is_success(), "{}", test.text());
    place.app.run_jobs().await;
    assert_eq!(body(&place.only())["to"], "66812345678");
}
