//! What providers report, signed rightly and wrongly, late and twice.

use aws_lc_rs::hmac as sha1;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use contract::ErrorCode;
use contract::channel_accounts::ChannelAccount;
use contract::channels::Channel;
use contract::deliveries::DeliveryState;
use contract::endpoints::{RECEIVE_PROVIDER_REPORT, REMOVE_CHANNEL_ACCOUNT, VERIFY_PROVIDER_REPORTS};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use testkit::{Answer, Call};
use uuid::Uuid;

use super::{Place, answer};

const NUMBER: &str = "+66811111111";

fn hmac(key: &str, body: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("any length will do");
    mac.update(body);
    mac.finalize().into_bytes().to_vec()
}

/// As Twilio signs: the address, then the fields, sorted.
fn twilio_signature(token: &str, address: &str, fields: &[(&str, &str)]) -> String {
    let mut fields = fields.to_vec();
    fields.sort_unstable();
    let signed = fields.iter().fold(address.to_owned(), |signed, (name, value)| signed + name + value);
    let key = sha1::Key::new(sha1::HMAC_SHA1_FOR_LEGACY_USE_ONLY, token.as_bytes());
    STANDARD.encode(sha1::sign(&key, signed.as_bytes()))
}

impl Place {
    fn report(&self, account: &ChannelAccount) -> Call {
        self.app.to(RECEIVE_PROVIDER_REPORT, &[&account.id.to_string()])
    }

    /// A report of Twilio's, signed by a token.
    async fn twilio(&self, account: &ChannelAccount, token: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let signature = twilio_signature(token, &account.report_url, fields);
        let call = self.report(account).header("X-Twilio-Signature", &signature);
        call.bytes("application/x-www-form-urlencoded", body).await
    }

    /// A report of LINE's.
    pub(super) async fn line(&self, account: &ChannelAccount, secret: &str, events: Value) -> Answer {
        let body = json!({"destination": "U0", "events": events}).to_string();
        let signature = STANDARD.encode(hmac(secret, body.as_bytes()));
        self.report(account).header("X-Line-Signature", &signature).bytes("application/json", body).await
    }

    /// A report of Meta's.
    pub(super) async fn meta(&self, account: &ChannelAccount, secret: &str, body: &Value) -> Answer {
        let body = body.to_string();
        let signature = format!("sha256={}", hex::encode(hmac(secret, body.as_bytes())));
        self.report(account).header("X-Hub-Signature-256", &signature).bytes("application/json", body).await
    }

    /// A text message that the provider has taken as `sid`.
    async fn sent_sms(&self, sid: &str) -> Uuid {
        self.provider.reply([answer(201, &json!({"sid": sid}))]);
        let told = self.try_out(Channel::Sms, NUMBER).await;
        assert_eq!(told.state, DeliveryState::Sent);
        self.app.advance(TimeDelta::seconds(1));
        told.id
    }

    /// A verified contact method of somebody, known by its digest.
    async fn method(&self, channel: Channel, address: &str) -> Uuid {
        let id = Uuid::now_v7();
        let person = self.app.person().await.user_id;
        let keys = &self.app.state().keys;
        let sealed = hex::encode(keys.seal(&format!("contact method {id}"), address.as_bytes()));
        let mut mac = Hmac::<Sha256>::new_from_slice(&keys.derive("contact methods")).expect("any length");
        for part in [channel.name().as_bytes(), b"\0", self.org.as_bytes(), address.as_bytes()] {
            mac.update(part);
        }
        let digest = hex::encode(mac.finalize().into_bytes());
        let (org, name) = (self.org, channel.name());
        self.app
            .execute(&format!(
                "INSERT INTO contact_methods (id, user_id, org_id, channel, sealed, digest, shown, verified_at, created_at)
                 VALUES ('{id}', '{person}', '{org}', '{name}', '\\x{sealed}', '\\x{digest}', 'Demo Fan', now(), now())"
            ))
            .await;
        id
    }

    async fn is_gone(&self, method: Uuid) -> bool {
        let query =
            format!("SELECT count(*) FROM contact_methods WHERE id = '{method}' AND gone_at IS NOT NULL");
        self.app.count(&query).await == 1
    }
}

#[tokio::test]
async fn what_became_of_a_text_message_is_shown_whatever_order_it_is_told_in() {
    let place = Place::new().await;
    let account = place.account(Channel::Sms).await;
    let token = "twilio-auth-token-1";
    let (first, second) = (place.sent_sms("SM1").await, place.sent_sms("SM2").await);
    let tell = async |sid: &str, status: &str, code: &str| {
        let fields = [("MessageSid", sid), ("MessageStatus", status), ("ErrorCode", code), ("To", NUMBER)];
        let told = place.twilio(&account, token, &fields).await.expect(200);
        assert!(told.body.is_empty());
    };
    tell("SM1", "sending", "").await;
    assert_eq!(place.state(first).await, DeliveryState::Sent);
    tell("SM1", "delivered", "").await;
    assert_eq!(place.state(first).await, DeliveryState::Delivered);
    // Late and twice.
    tell("SM1", "sent", "").await;
    tell("SM1", "delivered", "").await;
    assert_eq!(place.state(first).await, DeliveryState::Delivered);

    tell("SM2", "undelivered", "30005").await;
    let told = place.delivery(second).await.summary;
    assert_eq!(told.state, DeliveryState::Returned);
    assert_eq!(told.last_error.as_deref(), Some("the provider reports error 30005"));
    tell("SM2", "delivered", "").await;
    assert_eq!(place.state(second).await, DeliveryState::Returned, "it stays what it was");
    assert!(told.sent_at.is_some());
    // Nobody asked for this: the log of what people do says nothing of it.
    let noted = "SELECT count(*) FROM audit_log WHERE action LIKE '%report%'";
    assert_eq!(place.app.count(noted).await, 0);
    let _ = place.provider.take();
}

#[tokio::test]
async fn what_is_not_signed_with_the_accounts_key_changes_nothing() {
    let place = Place::new().await;
    let account = place.account(Channel::Sms).await;
    let id = place.sent_sms("SM1").await;
    let fields = [("MessageSid", "SM1"), ("MessageStatus", "delivered")];
    place.twilio(&account, "another-token", &fields).await.problem(ErrorCode::BadSignature);
    let form = "MessageSid=SM1&MessageStatus=delivered";
    let kind = "application/x-www-form-urlencoded";
    place.report(&account).bytes(kind, form).problem(ErrorCode::BadSignature).await;
    // Signed for another address.
    let elsewhere = twilio_signature("twilio-auth-token-1", "https://elsewhere.example/", &fields);
    let call = place.report(&account).header("X-Twilio-Signature", &elsewhere);
    call.bytes(kind, form).problem(ErrorCode::BadSignature).await;
    // Altered on its way.
    let signature = twilio_signature("twilio-auth-token-1", &account.report_url, &fields);
    let call = place.report(&account).header("X-Twilio-Signature", &signature);
    call.bytes(kind, "MessageSid=SM1&MessageStatus=failed").problem(ErrorCode::BadSignature).await;
    assert_eq!(place.state(id).await, DeliveryState::Sent);

    // The address is part of it, with what stands behind the question mark.
    let address = format!("{}?bodySHA256=0", account.report_url);
    let signature = twilio_signature("twilio-auth-token-1", &address, &fields);
    let path = format!("/provider-reports/{}?bodySHA256=0", account.id);
    let call = place.app.post(&path).header("X-Twilio-Signature", &signature);
    let _ = call.bytes(kind, form).await.expect(200);
    assert_eq!(place.state(id).await, DeliveryState::Delivered);

    let other = place.account(Channel::Line).await;
    let events = json!([{"type": "unfollow", "source": {"type": "user", "userId": "U1"}}]);
    place.line(&other, "wrong", events).await.problem(ErrorCode::BadSignature);
    place.report(&other).bytes("application/json", "{}").problem(ErrorCode::BadSignature).await;
    place.line(&other, "line-channel-secret-1", json!("x")).await.problem(ErrorCode::MalformedJson);
    let nobody = Uuid::now_v7().to_string();
    let call = place.app.to(RECEIVE_PROVIDER_REPORT, &[&nobody]);
    call.bytes("application/json", "{}").problem(ErrorCode::NotFound).await;
    place.app.to(REMOVE_CHANNEL_ACCOUNT, &["sms"]).by(&place.owner).no_content().await;
    place.twilio(&account, "twilio-auth-token-1", &fields).await.problem(ErrorCode::NotFound);
}

#[tokio::test]
async fn a_report_that_is_faster_than_our_note_is_looked_at_once_more() {
    let place = Place::new().await;
    let account = place.account(Channel::Sms).await;
    let fields = [("MessageSid", "SM7"), ("MessageStatus", "delivered")];
    let _ = place.twilio(&account, "twilio-auth-token-1", &fields).await.expect(200);
    let id = place.sent_sms("SM7").await;
    assert_eq!(place.state(id).await, DeliveryState::Sent);
    place.later(TimeDelta::seconds(30)).await;
    assert_eq!(place.state(id).await, DeliveryState::Delivered);
    // One that is of no message of ours is let go.
    let fields = [("MessageSid", "SM8"), ("MessageStatus", "delivered")];
    let _ = place.twilio(&account, "twilio-auth-token-1", &fields).await.expect(200);
    place.later(TimeDelta::seconds(30)).await;
    assert_eq!(place.app.count("SELECT count(*) FROM jobs").await, 0);
}

#[tokio::test]
async fn one_account_says_nothing_of_anothers_messages() {
    let place = Place::new().await;
    place.account(Channel::Sms).await;
    let id = place.sent_sms("SM1").await;
    let org = place.app.org("Demo Rivals").await;
    let owner = place.app.member(org, domain::Role::Owner).await;
    let rivals = Place { org, owner, ..place };
    let theirs = rivals.account(Channel::Sms).await;
    let fields = [("MessageSid", "SM1"), ("MessageStatus", "failed"), ("ErrorCode", "30005")];
    let _ = rivals.twilio(&theirs, "twilio-auth-token-1", &fields).await.expect(200);
    rivals.later(TimeDelta::seconds(30)).await;
    let still = format!("SELECT count(*) FROM deliveries WHERE id = '{id}' AND state = 'sent'");
    assert_eq!(rivals.app.count(&still).await, 1);
}

#[tokio::test]
async fn whoever_wants_nothing_more_is_sent_nothing_more() {
    let place = Place::new().await;
    let sms = place.account(Channel::Sms).await;
    let line = place.account(Channel::Line).await;
    let (phone, chat) = (place.method(Channel::Sms, NUMBER).await, place.method(Channel::Line, "U1").await);
    let write = async |text: &str| {
        let fields = [("MessageSid", "SM9"), ("SmsStatus", "received"), ("From", NUMBER), ("Body", text)];
        let _ = place.twilio(&sms, "twilio-auth-token-1", &fields).await.expect(200);
    };
    write("Please stop by at the gate").await;
    assert!(!place.is_gone(phone).await, "a sentence is no wish");
    write(" Stop ").await;
    write("STOP").await;
    assert!(place.is_gone(phone).await);
    assert!(!place.is_gone(chat).await, "one way is not another");
    write("start").await;
    assert!(!place.is_gone(phone).await);

    let event = |kind: &str| json!([{"type": kind, "source": {"type": "user", "userId": "U1"}, "webhookEventId": "01H"}]);
    let secret = "line-channel-secret-1";
    let _ = place.line(&line, secret, event("unfollow")).await.expect(200);
    assert!(place.is_gone(chat).await);
    let _ = place.line(&line, secret, event("unfollow")).await.expect(200);
    let _ = place.line(&line, secret, event("follow")).await.expect(200);
    assert!(!place.is_gone(chat).await);
    let _ = place.line(&line, secret, json!([])).await.expect(200);
}

fn whatsapp(number: &str, value: Value) -> Value {
    let mut value = value;
    value["messaging_product"] = "whatsapp".into();
    value["metadata"] = json!({"display_phone_number": "66200000000", "phone_number_id": number});
    json!({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [{"field": "messages", "value": value}]}]})
}

#[tokio::test]
async fn whatsapp_reports_of_its_number() {
    let place = Place::new().await;
    let account = place.account(Channel::Whatsapp).await;
    let (ours, secret) = ("106540352242922", "meta-app-secret-1");
    let sent = |id: &str| answer(200, &json!({"messages": [{"id": id}]}));
    place.provider.reply([sent("wamid.1"), sent("wamid.2")]);
    let first = place.try_out(Channel::Whatsapp, NUMBER).await.id;
    place.app.advance(TimeDelta::seconds(1));
    let second = place.try_out(Channel::Whatsapp, NUMBER).await.id;
    let status = |id: &str, status: &str| json!({"id": id, "status": status, "timestamp": "1795176000", "recipient_id": "66811111111"});
    let report = json!({"statuses": [status("wamid.1", "sent"), status("wamid.1", "delivered")]});
    let _ = place.meta(&account, secret, &whatsapp("999", report.clone())).await.expect(200);
    assert_eq!(place.state(first).await, DeliveryState::Sent, "of another number of the app");
    place.meta(&account, "wrong", &whatsapp(ours, report.clone())).await.problem(ErrorCode::BadSignature);
    let _ = place.meta(&account, secret, &whatsapp(ours, report)).await.expect(200);
    assert_eq!(place.state(first).await, DeliveryState::Delivered);

    let mut failed = status("wamid.2", "failed");
    failed["errors"] = json!([{"code": 131_047, "title": "Re-engagement message", "error_data": {"details": "More than 24 hours have passed"}}]);
    let _ = place.meta(&account, secret, &whatsapp(ours, json!({"statuses": [failed]}))).await.expect(200);
    let told = place.delivery(second).await.summary;
    assert_eq!(told.state, DeliveryState::Returned);
    assert_eq!(
        told.last_error.as_deref(),
        Some("the provider reports 131047: More than 24 hours have passed")
    );
    let _ = place
        .meta(&account, secret, &whatsapp(ours, json!({"statuses": [status("wamid.2", "read")]})))
        .await
        .expect(200);
    assert_eq!(place.state(second).await, DeliveryState::Returned);
}

#[tokio::test]
async fn messenger_reports_of_its_page() {
    let place = Place::new().await;
    let account = place.account(Channel::Messenger).await;
    place.provider.reply([answer(200, &json!({"recipient_id": "1", "message_id": "m_1"}))]);
    let id = place.try_out(Channel::Messenger, "5309416832480239").await.id;
    let report = |page: &str| {
        let event =
            json!({"sender": {"id": "5309416832480239"}, "delivery": {"mids": ["m_1"], "watermark": 1}});
        json!({"object": "page", "entry": [{"id": page, "time": 1, "messaging": [event]}]})
    };
    let _ = place.meta(&account, "meta-app-secret-2", &report("2")).await.expect(200);
    assert_eq!(place.state(id).await, DeliveryState::Sent);
    let _ = place.meta(&account, "meta-app-secret-2", &report("1906385232743451")).await.expect(200);
    assert_eq!(place.state(id).await, DeliveryState::Delivered);
}

#[tokio::test]
async fn meta_is_told_that_the_address_is_ours_when_it_knows_what_was_agreed_upon() {
    let place = Place::new().await;
    let account = place.account(Channel::Whatsapp).await;
    let ask = |id: Uuid, mode: &str, token: &str| {
        let query = format!("?hub.mode={mode}&hub.challenge=1158201444&hub.verify_token={token}");
        place.app.get(&format!("/provider-reports/{id}{query}"))
    };
    let told = ask(account.id, "subscribe", "meta-verify-token-1").await.expect(200);
    assert_eq!(
        (told.text().as_str(), told.header("content-type")),
        ("1158201444", "text/plain; charset=utf-8")
    );
    ask(account.id, "subscribe", "wrong").problem(ErrorCode::BadSignature).await;
    ask(account.id, "unsubscribe", "meta-verify-token-1").problem(ErrorCode::BadSignature).await;
    let line = place.account(Channel::Line).await;
    ask(line.id, "subscribe", "x").problem(ErrorCode::NotFound).await;
    ask(Uuid::now_v7(), "subscribe", "x").problem(ErrorCode::NotFound).await;
    let call = place.app.to(VERIFY_PROVIDER_REPORTS, &[&account.id.to_string()]);
    call.problem(ErrorCode::MalformedRequest).await;
}
