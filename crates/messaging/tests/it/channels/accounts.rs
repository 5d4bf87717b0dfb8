//! Setting accounts up: keys go in and do not come out.

use contract::ErrorCode;
use contract::channel_accounts::ChannelAccount;
use contract::channels::Channel;
use contract::endpoints::{
    LIST_CHANNEL_ACCOUNTS, REMOVE_CHANNEL_ACCOUNT, SET_CHANNEL_ACCOUNT, TEST_CHANNEL_ACCOUNT,
};
use domain::{Permission, Role};
use serde_json::{Value, json};

use super::{Place, answer};

#[tokio::test]
async fn keys_go_in_and_do_not_come_out() {
    let place = Place::new().await;
    let account = place.account(Channel::Sms).await;
    let settings: Vec<_> =
        account.settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let api = place.api();
    assert_eq!(
        settings,
        [("account_sid", "AC0123"), ("api", api.as_str()), ("auth_token", "…en-1"), ("from", "+66200000000")]
    );
    assert_eq!((account.per_minute, account.enabled, account.fault.as_deref()), (60, true, None));
    assert!(account.report_url.ends_with(&format!("/api/v1/provider-reports/{}", account.id)));
    let open = "SELECT count(*) FROM channel_accounts WHERE shown::text LIKE '%twilio-auth%'
                   OR position('twilio-auth' in encode(sealed, 'escape')) > 0";
    assert_eq!(place.app.count(open).await, 0);
    let told = "SELECT count(*) FROM audit_log WHERE action = 'channel_account.set' AND after::text NOT LIKE '%twilio-auth%'";
    assert_eq!(place.app.count(told).await, 1);

    // What is left out of secrets stays; what is left out of the rest goes.
    let mut wish = json!({"settings": {"account_sid": "AC0456", "messaging_service_sid": "MG1"}, "per_minute": 120, "enabled": false});
    let call = place.app.to(SET_CHANNEL_ACCOUNT, &["sms"]).by(&place.owner).json(&wish);
    let refused = call.problem(ErrorCode::InvalidFields).await;
    assert_eq!(refused.fields[0].field, "settings.auth_token", "a key does not follow to another server");
    wish["settings"]["api"] = place.api().into();
    let changed = place.set(Channel::Sms, &wish).await;
    assert_eq!((changed.id, changed.per_minute, changed.enabled), (account.id, 120, false));
    let names: Vec<_> = changed.settings.keys().map(String::as_str).collect();
    assert_eq!(names, ["account_sid", "api", "auth_token", "messaging_service_sid"]);
    assert_eq!(changed.settings["auth_token"], "…en-1");

    let test =
        place.app.to(TEST_CHANNEL_ACCOUNT, &["sms"]).by(&place.owner).json(&json!({"to": "+66811111111"}));
    test.problem(ErrorCode::WrongState).await;
    place.app.to(REMOVE_CHANNEL_ACCOUNT, &["sms"]).by(&place.owner).no_content().await;
    place.app.to(REMOVE_CHANNEL_ACCOUNT, &["sms"]).by(&place.owner).problem(ErrorCode::NotFound).await;
    let left: Vec<ChannelAccount> = place.app.to(LIST_CHANNEL_ACCOUNTS, &[]).by(&place.owner).ok().await;
    assert!(left.is_empty());
}

#[tokio::test]
async fn what_does_not_hold_is_named() {
    let place = Place::new().await;
    let fault_of = async |channel: &str, settings: Value| {
        let call = place.app.to(SET_CHANNEL_ACCOUNT, &[channel]).by(&place.owner);
        let problem = call.json(&json!({"settings": settings})).problem(ErrorCode::InvalidFields).await;
        (problem.fields[0].field.clone(), problem.fields[0].code.clone())
    };
    let whole = |changed: Value| {
        let mut settings = place.settings(Channel::Sms);
        for (name, value) in changed.as_object().expect("an object") {
            settings[name] = value.clone();
        }
        settings
    };
    let fault = |field: &str, code: &str| (format!("settings.{field}"), code.to_owned());
    assert_eq!(fault_of("sms", json!({"account_sid": "AC1"})).await, fault("auth_token", "required"));
    assert_eq!(fault_of("sms", whole(json!({"from": " "}))).await, fault("from", "required"));
    assert_eq!(fault_of("sms", whole(json!({"page_id": "1"}))).await, fault("page_id", "unknown"));
    assert_eq!(
        fault_of("sms", whole(json!({"account_sid": "AC1/../x"}))).await,
        fault("account_sid", "pattern")
    );
    assert_eq!(fault_of("sms", whole(json!({"auth_token": "a\nb"}))).await, fault("auth_token", "pattern"));
    for api in ["https://10.0.0.1", "http://api.twilio.example.com:80/x#y", "ftp://127.0.0.1"] {
        assert_eq!(
            fault_of("sms", whole(json!({"api": api}))).await,
            fault("api", "address_not_allowed"),
            "{api}"
        );
    }
    assert_eq!(fault_of("line", json!({})).await, fault("channel_access_token", "required"));

    for channel in ["email", "slack", "web_push", "pigeon"] {
        let call = place.app.to(SET_CHANNEL_ACCOUNT, &[channel]).by(&place.owner);
        call.json(&json!({"settings": {}})).problem(ErrorCode::NotFound).await;
    }
    place.account(Channel::Line).await;
    for (channel, to) in [("line", "no id"), ("line", "ab/../c")] {
        let call = place.app.to(TEST_CHANNEL_ACCOUNT, &[channel]).by(&place.owner);
        let problem = call.json(&json!({"to": to})).problem(ErrorCode::InvalidFields).await;
        assert_eq!((problem.fields[0].field.as_str(), problem.fields[0].code.as_str()), ("to", "pattern"));
    }
    assert_eq!(place.app.count("SELECT count(*) FROM deliveries").await, 0);
}

#[tokio::test]
async fn only_those_who_look_after_the_organisation_set_accounts() {
    let place = Place::new().await;
    place.account(Channel::Line).await;
    let scanner = place.app.member(place.org, Role::Scanner).await;
    let reader = place.owner.without(Permission::OrganisationManage);
    let body = json!({"settings": place.settings(Channel::Line)});
    for by in [&scanner, &reader] {
        let refused = ErrorCode::NotPermitted;
        place.app.to(SET_CHANNEL_ACCOUNT, &["line"]).by(by).json(&body).problem(refused).await;
        place.app.to(REMOVE_CHANNEL_ACCOUNT, &["line"]).by(by).problem(refused).await;
        place
            .app
            .to(TEST_CHANNEL_ACCOUNT, &["line"])
            .by(by)
            .json(&json!({"to": "U4af"}))
            .problem(refused)
            .await;
    }
    let seen: Vec<ChannelAccount> = place.app.to(LIST_CHANNEL_ACCOUNTS, &[]).by(&reader).ok().await;
    assert_eq!(seen.len(), 1);

    // Another organisation has its own, and sees none of ours.
    let org = place.app.org("Demo Rivals").await;
    let stranger = place.app.member(org, Role::Owner).await;
    let seen: Vec<ChannelAccount> = place.app.to(LIST_CHANNEL_ACCOUNTS, &[]).by(&stranger).ok().await;
    assert!(seen.is_empty());
    place.app.to(REMOVE_CHANNEL_ACCOUNT, &["line"]).by(&stranger).problem(ErrorCode::NotFound).await;
    let theirs: ChannelAccount =
        place.app.to(SET_CHANNEL_ACCOUNT, &["line"]).by(&stranger).json(&body).ok().await;
    assert_ne!(theirs.id, place.account_now(Channel::Line).await.id);
}

#[tokio::test]
async fn a_test_asked_for_twice_with_one_key_is_one_test() {
    let place = Place::new().await;
    place.account(Channel::Line).await;
    place.provider.reply([answer(200, &json!({"sentMessages": [{"id": "1"}]}))]);
    let call = || {
        place
            .app
            .to(TEST_CHANNEL_ACCOUNT, &["line"])
            .by(&place.owner)
            .key("once")
            .json(&json!({"to": "U4af"}))
    };
    let (first, second) = (call().send().await.expect(201).value(), call().send().await.expect(201).value());
    assert_eq!(first, second);
    place.app.run_jobs().await;
    assert_eq!(place.provider.take().len(), 1);
}
