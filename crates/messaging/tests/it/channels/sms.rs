//! Text messages, as Twilio's API takes them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use contract::channels::Channel;
use contract::deliveries::DeliveryState;
use serde_json::{Value, json};

use super::{Place, WHOLE, answer, busy, form};

const TO: &str = "+66 81 111 1111";

fn error(code: i64, words: &str) -> Value {
    json!({"code": code, "message": words, "more_info": format!("https://www.twilio.com/docs/errors/{code}"), "status": 400})
}

#[tokio::test]
async fn a_message_goes_out_as_the_api_wants_it() {
    let place = Place::new().await;
    let account = place.account(Channel::Sms).await;
    place.provider.reply([answer(201, &json!({"sid": "SM0001", "status": "queued", "error_code": null}))]);
    let told = place.try_out(Channel::Sms, TO).await;
    assert_eq!((told.state, told.attempts, told.last_error), (DeliveryState::Sent, 1, None));
    assert_eq!((told.to.as_str(), told.channel), ("+66 … 11", Channel::Sms));

    let request = place.only();
    assert_eq!(request.line, "POST /2010-04-01/Accounts/AC0123/Messages.json");
    assert_eq!(request.headers["content-type"], "application/x-www-form-urlencoded");
    let key = STANDARD.encode("AC0123:twilio-auth-token-1");
    assert_eq!(request.headers["authorization"], format!("Basic {key}"));
    let fields = form(&request.body);
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(
        fields,
        [
            ("To", "+66811111111"),
            ("From", "+66200000000"),
            ("Body", WHOLE),
            ("StatusCallback", account.report_url.as_str()),
        ]
    );
    let kept = "SELECT count(*) FROM deliveries WHERE provider_id = 'SM0001' AND typed_address IS NULL";
    assert_eq!(place.app.count(kept).await, 1, "the address went with the message");
}

#[tokio::test]
async fn a_messaging_service_chooses_the_sender() {
    let place = Place::new().await;
    let mut settings = place.settings(Channel::Sms);
    settings["messaging_service_sid"] = "MG0123".into();
    place.set(Channel::Sms, &json!({"settings": settings})).await;
    place.provider.reply([answer(201, &json!({"sid": "SM0001"}))]);
    place.try_out(Channel::Sms, TO).await;
    let fields = form(&place.only().body);
    assert_eq!(fields[1], ("MessagingServiceSid".to_owned(), "MG0123".to_owned()));
    assert!(fields.iter().all(|(name, _)| name != "From"));
}

#[tokio::test]
async fn each_refusal_has_its_own_end() {
    let place = Place::new().await;
    place.account(Channel::Sms).await;
    for code in [21211, 21614] {
        let ended = place.refused(Channel::Sms, TO, answer(400, &error(code, "Not a mobile number"))).await;
        let why = format!("answered 400: {code} Not a mobile number");
        assert_eq!(ended, (DeliveryState::Failed, 1, why));
        assert_eq!(place.account_now(Channel::Sms).await.fault, None);
    }
    let ended = place.refused(Channel::Sms, TO, answer(400, &error(21610, "Unsubscribed recipient"))).await;
    assert_eq!((ended.0, ended.1), (DeliveryState::Failed, 1));

    let wrong_key = answer(401, &error(20003, "Authenticate with twilio-auth-token-1"));
    let ended = place.refused(Channel::Sms, TO, wrong_key).await;
    assert_eq!(ended, (DeliveryState::Queued, 1, "answered 401: 20003 Authenticate with …".to_owned()));
    let fault = place.account_now(Channel::Sms).await.fault;
    assert_eq!(fault.as_deref(), Some("answered 401: 20003 Authenticate with …"), "and no key in it");

    let ended = place.refused(Channel::Sms, TO, busy("7", &error(20429, "Too many requests"))).await;
    let why = "answered 429: 20429 Too many requests".to_owned();
    assert_eq!(ended, (DeliveryState::Queued, 0, why), "no attempt is counted");

    // The account is good again, and what is shown of it too.
    place.app.advance(TimeDelta::seconds(8));
    place.provider.reply([answer(201, &json!({"sid": "SM0002"}))]);
    assert_eq!(place.try_out(Channel::Sms, TO).await.state, DeliveryState::Sent);
    assert_eq!(place.account_now(Channel::Sms).await.fault, None);
}
