//! `/me/contact-methods`, `/me/preferences` and `/me/quiet-hours`.

use chrono::TimeDelta;
use contract::channels::{Channel, Topic};
use contract::contact_methods::{
    ContactLink, ContactMethod, ContactOffer, NotificationPreferences, QuietHours,
};
use contract::deliveries::{Delivery, DeliveryState, DeliverySummary};
use contract::endpoints::{
    ADD_PHONE, CHANGE_PREFERENCES, CONFIRM_CONTACT, GET_DELIVERY, GET_PREFERENCES, LIST_CONTACT_METHODS,
    LIST_CONTACT_OFFERS, LIST_DELIVERIES, REMOVE_CONTACT, REMOVE_QUIET_HOURS, RETRY_DELIVERY,
    SET_QUIET_HOURS, START_CONTACT_LINK, TEST_CONTACT,
};
use contract::{ErrorCode, Page};
use domain::Role;
use serde_json::json;
use testkit::{Caller, Setup, TestApp};
use uuid::Uuid;

async fn app() -> TestApp {
    Setup::new().routes(messaging::configure).jobs(messaging::jobs).start().await
}

/// An organisation with accounts for text messages and LINE, and somebody who works there.
async fn staffed(app: &TestApp) -> (Uuid, Caller) {
    let org = app.org("Demo Promotions").await;
    for channel in ["sms", "line"] {
        app.execute(&format!(
            "INSERT INTO channel_accounts (id, org_id, channel, sealed, shown, per_minute, created_at, changed_at)
             VALUES (gen_random_uuid(), '{org}', '{channel}', '\\x00', '{{}}', 60, now(), now())"
        ))
        .await;
    }
    let member = app.member(org, Role::Viewer).await;
    (org, member)
}

/// The code of the text message that waits to be sent.
async fn code(app: &TestApp) -> String {
    use diesel_async::RunQueryDsl as _;
    #[derive(diesel::QueryableByName)]
    struct Row {
        #[diesel(sql_type = diesel::sql_types::Text)]
        plain: String,
    }
    let query = "SELECT plain FROM deliveries WHERE template = 'contact_code' ORDER BY id DESC LIMIT 1";
    let row: Row = app.sql(async |conn| Ok(diesel::sql_query(query).get_result(conn).await?)).await;
    app.forget_jobs().await;
    row.plain.split(' ').next().expect("it begins with the code").to_owned()
}

#[tokio::test]
async fn a_phone_is_proved_by_the_code_that_went_there() {
    let app = app().await;
    let (org, member) = staffed(&app).await;
    let wish = json!({"org_id": org, "number": "0066 (81) 234-5678"});
    let phone: ContactMethod = app.to(ADD_PHONE, &[]).by(&member).json(&wish).created().await;
    assert_eq!((phone.channel, phone.shown.as_str(), phone.verified_at), (Channel::Sms, "+66 … 78", None));
    assert_eq!(phone.organisation.as_deref(), Some("Demo Promotions"));
    let id = phone.id.to_string();
    let (sent, path) = (code(&app).await, [id.as_str()]);
    let confirm = |code: &str| app.to(CONFIRM_CONTACT, &path).by(&member).json(&json!({"code": code}));
    let wrong = if sent == "000000" { "000001" } else { "000000" };
    confirm(wrong).problem(ErrorCode::WrongProof).await;
    app.to(TEST_CONTACT, &path).by(&member).problem(ErrorCode::WrongState).await;
    let spaced = format!("{} {}", &sent[..3], &sent[3..]);
    let proved: ContactMethod = confirm(&spaced).ok().await;
    assert_eq!(proved.verified_at, Some(app.clock.now()));
    confirm(&sent).problem(ErrorCode::ChallengeOver).await;

    // The same number once more is the same phone, and nothing is sent.
    let again: ContactMethod = app.to(ADD_PHONE, &[]).by(&member).json(&wish).created().await;
    assert_eq!((again, app.count("SELECT count(*) FROM jobs").await), (proved, 0));
    let hidden = "SELECT count(*) FROM contact_methods WHERE contact_methods::text LIKE '%812345678%'";
    assert_eq!(app.count(hidden).await, 0);
    let stranger = app.person().await;
    app.to(REMOVE_CONTACT, &path).by(&stranger).problem(ErrorCode::NotFound).await;
    app.to(REMOVE_CONTACT, &path).by(&member).no_content().await;
}

#[tokio::test]
async fn a_code_takes_five_answers_and_a_quarter_of_an_hour_and_few_are_sent() {
    let app = app().await;
    let (org, member) = staffed(&app).await;
    let add = || app.to(ADD_PHONE, &[]).by(&member).json(&json!({"org_id": org, "number": "+66812345678"}));
    let phone: ContactMethod = add().created().await;
    let id = phone.id.to_string();
    let confirm = |code: &str| app.to(CONFIRM_CONTACT, &[&id]).by(&member).json(&json!({"code": code}));
    let first = code(&app).await;
    let wrong = if first == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        confirm(wrong).problem(ErrorCode::WrongProof).await;
    }
    confirm(&first).problem(ErrorCode::ChallengeOver).await;

    let again: ContactMethod = add().created().await;
    assert_eq!(again.id, phone.id);
    let second = code(&app).await;
    app.advance(TimeDelta::minutes(15));
    confirm(&second).problem(ErrorCode::ChallengeOver).await;
    for _ in 0..3 {
        add().await.expect(201);
    }
    app.forget_jobs().await;
    add().problem(ErrorCode::TooManyRequests).await;
    app.advance(TimeDelta::days(1));
    add().await.expect(201);
    let third = code(&app).await;
    let _: ContactMethod = confirm(&third).ok().await;
}

#[tokio::test]
async fn a_code_is_not_sent_late_nor_again_and_staff_do_not_read_it() {
    let app = app().await;
    let (org, member) = staffed(&app).await;
    let wish = json!({"org_id": org, "number": "+66812345678"});
    let _: ContactMethod = app.to(ADD_PHONE, &[]).by(&member).json(&wish).created().await;
    let owner = app.member(org, Role::Owner).await;
    let list =
        async || app.to(LIST_DELIVERIES, &[]).by(&owner).ok::<Page<DeliverySummary>>().await.items.remove(0);
    let id = list().await.id.to_string();
    let read: Delivery = app.to(GET_DELIVERY, &[&id]).by(&owner).ok().await;
    assert_eq!((read.summary.state, read.text.as_str()), (DeliveryState::Queued, ""));

    app.advance(TimeDelta::minutes(16));
    app.run_jobs().await;
    let late = list().await;
    assert_eq!((late.state, late.last_error.as_deref()), (DeliveryState::Failed, Some("the code is over")));
    assert_eq!(app.count("SELECT count(*) FROM deliveries WHERE plain <> ''").await, 0);
    app.to(RETRY_DELIVERY, &[&id]).by(&owner).problem(ErrorCode::WrongState).await;
}

#[tokio::test]
async fn a_person_is_offered_whom_they_have_to_do_with_and_what_is_set_up() {
    let app = app().await;
    let (org, member) = staffed(&app).await;
    let offers: Vec<ContactOffer> = app.to(LIST_CONTACT_OFFERS, &[]).by(&member).ok().await;
    let named: Vec<_> = offers.iter().map(|offer| (offer.org_id, offer.channel)).collect();
    assert_eq!(named, [(org, Channel::Line), (org, Channel::Sms)]);
    let line = json!({"org_id": org, "channel": "line"});
    let link: ContactLink = app.to(START_CONTACT_LINK, &[]).by(&member).json(&line).created().await;
    assert!(link.code.starts_with("LINK-") && link.organisation == "Demo Promotions", "{link:?}");
    assert_eq!(link.expires_at, app.clock.now() + TimeDelta::minutes(15));

    let stranger = app.person().await;
    let offers: Vec<ContactOffer> = app.to(LIST_CONTACT_OFFERS, &[]).by(&stranger).ok().await;
    assert!(offers.is_empty());
    app.to(START_CONTACT_LINK, &[]).by(&stranger).json(&line).problem(ErrorCode::NotFound).await;
    let phone = json!({"org_id": org, "number": "+66812345678"});
    app.to(ADD_PHONE, &[]).by(&stranger).json(&phone).problem(ErrorCode::NotFound).await;
    for bad in
        [json!({"org_id": org, "channel": "whatsapp"}), json!({"org_id": Uuid::nil(), "channel": "line"})]
    {
        app.to(START_CONTACT_LINK, &[]).by(&member).json(&bad).problem(ErrorCode::NotFound).await;
    }
    let sms = json!({"org_id": org, "channel": "sms"});
    app.to(START_CONTACT_LINK, &[]).by(&member).json(&sms).problem(ErrorCode::InvalidFields).await;
    let local = json!({"org_id": org, "number": "081 234 5678"});
    let refused = app.to(ADD_PHONE, &[]).by(&member).json(&local).problem(ErrorCode::InvalidFields).await;
    assert_eq!(refused.fields[0].field, "number");
}

#[tokio::test]
async fn twenty_ways_to_a_person_are_enough() {
    let app = app().await;
    let (org, member) = staffed(&app).await;
    app.execute(&format!(
        "INSERT INTO contact_methods (id, user_id, channel, sealed, digest, shown, verified_at, created_at)
         SELECT gen_random_uuid(), '{}', 'web_push', '\\x00', int4send(n), 'Demo browser', now(), now()
           FROM generate_series(1, 20) AS n",
        member.user_id
    ))
    .await;
    let line = json!({"org_id": org, "channel": "line"});
    app.to(START_CONTACT_LINK, &[]).by(&member).json(&line).problem(ErrorCode::WrongState).await;
    let phone = json!({"org_id": org, "number": "+66812345678"});
    app.to(ADD_PHONE, &[]).by(&member).json(&phone).problem(ErrorCode::WrongState).await;
    let methods: Vec<ContactMethod> = app.to(LIST_CONTACT_METHODS, &[]).by(&member).ok().await;
    assert_eq!(methods.len(), 20);
}

fn wanted(of: &NotificationPreferences, topic: Topic, channel: Channel) -> Option<(bool, bool)> {
    let topic = of.topics.iter().find(|it| it.topic == topic)?;
    let channel = topic.channels.iter().find(|it| it.channel == channel)?;
    Some((channel.wanted, channel.always))
}

#[tokio::test]
async fn people_choose_what_reaches_them_but_for_what_always_does() {
    let app = app().await;
    let (_, member) = staffed(&app).await;
    let fan = app.person().await;
    let first: NotificationPreferences = app.to(GET_PREFERENCES, &[]).by(&fan).ok().await;
    assert_eq!(wanted(&first, Topic::Orders, Channel::Email), Some((true, true)));
    assert_eq!(wanted(&first, Topic::News, Channel::Email), Some((false, false)));
    assert_eq!(wanted(&first, Topic::Orders, Channel::Sms), Some((true, false)));
    assert_eq!(wanted(&first, Topic::Operations, Channel::Email), None, "for staff only");
    assert_eq!(wanted(&first, Topic::Orders, Channel::Slack), None);
    let staff: NotificationPreferences = app.to(GET_PREFERENCES, &[]).by(&member).ok().await;
    assert_eq!(wanted(&staff, Topic::Operations, Channel::WebPush), Some((true, false)));

    let changes = json!({"changes": [
        {"topic": "news", "channel": "email", "wanted": true}, {"topic": "orders", "channel": "sms", "wanted": false},
    ]});
    let now: NotificationPreferences = app.to(CHANGE_PREFERENCES, &[]).by(&fan).json(&changes).ok().await;
    assert_eq!(wanted(&now, Topic::News, Channel::Email), Some((true, false)));
    assert_eq!(wanted(&now, Topic::Orders, Channel::Sms), Some((false, false)));
    assert_eq!(wanted(&now, Topic::Orders, Channel::Line), Some((true, false)), "what is not named stays");

    let fixed = json!({"changes": [{"topic": "account", "channel": "email", "wanted": false}]});
    let refused =
        app.to(CHANGE_PREFERENCES, &[]).by(&fan).json(&fixed).problem(ErrorCode::InvalidFields).await;
    assert_eq!(
        (refused.fields[0].field.as_str(), refused.fields[0].code.as_str()),
        ("changes[0].wanted", "always")
    );
    let room = json!({"changes": [{"topic": "news", "channel": "slack", "wanted": true}]});
    app.to(CHANGE_PREFERENCES, &[]).by(&fan).json(&room).problem(ErrorCode::InvalidFields).await;
    assert_eq!(app.count("SELECT count(*) FROM notification_preferences").await, 2);
}

#[tokio::test]
async fn quiet_hours_are_times_of_a_place() {
    let app = app().await;
    let fan = app.person().await;
    let set = |zone: &str, begins: &str, ends: &str| {
        app.to(SET_QUIET_HOURS, &[])
            .by(&fan)
            .json(&json!({"time_zone": zone, "begins": begins, "ends": ends}))
    };
    for (bad, field) in [
        (("Asia/Nowhere", "22:00", "07:00"), "time_zone"),
        (("Asia/Bangkok", "25:00", "07:00"), "begins"),
        (("Asia/Bangkok", "22:00", "7 o'clock"), "ends"),
        (("Asia/Bangkok", "22:00", "22:00"), "ends"),
    ] {
        let refused = set(bad.0, bad.1, bad.2).problem(ErrorCode::InvalidFields).await;
        assert_eq!(refused.fields[0].field, field, "{bad:?}");
    }
    let kept: QuietHours = set("Asia/Bangkok", "22:00", "07:30").ok().await;
    let shown =
        async || app.to(GET_PREFERENCES, &[]).by(&fan).ok::<NotificationPreferences>().await.quiet_hours;
    assert_eq!(shown().await, Some(kept));
    app.to(REMOVE_QUIET_HOURS, &[]).by(&fan).no_content().await;
    assert_eq!(shown().await, None);
}
