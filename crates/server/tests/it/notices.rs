//! The notification centre over all areas: who is told what, once, and how far an announcement has got.

use contract::ErrorCode;
use contract::Page;
use contract::deliveries::DeliverySummary;
use contract::endpoints::{
    ANNOUNCE, CANCEL_ORDER, COUNT_NOTICES, GET_ANNOUNCEMENT, LIST_ANNOUNCEMENTS, LIST_DELIVERIES,
    LIST_NOTICES, MARK_ALL_NOTICES, MARK_NOTICE, PLACE_ORDER,
};
use contract::live::{LiveMessage, Refused};
use contract::notices::{Announcement, Notice, NoticeContent, UnreadCount};
use contract::orders::Order;
use domain::{Fact, Role};
use serde_json::{Value, json};
use testkit::{Caller, Setup, Socket, TestApp};

use crate::night::{Night, buyer};

fn setup() -> Setup {
    crate::setup().rooms(|_| std::sync::Arc::new(server::rooms::Topics))
}

async fn notices(app: &TestApp, by: &Caller) -> Vec<Notice> {
    app.to(LIST_NOTICES, &[]).by(by).ok::<Page<Notice>>().await.items
}

async fn unread(app: &TestApp, by: &Caller) -> i64 {
    app.to(COUNT_NOTICES, &[]).by(by).ok::<UnreadCount>().await.unread
}

async fn signed_in(app: &TestApp, by: &Caller) -> Socket {
    let mut socket = app.live().await;
    socket.say(&json!({"do": "sign_in", "token": by.token, "organisation": by.org_id})).await;
    socket
}

async fn subscribe(socket: &mut Socket, topic: &str) -> bool {
    socket.say(&json!({"do": "subscribe", "topics": [topic]})).await;
    match socket.hear_told().await {
        LiveMessage::Subscribed { allowed, why, .. } => {
            assert_eq!(why, (!allowed).then_some(Refused::NotPermitted));
            allowed
        }
        other => panic!("{other:?} answers no subscription"),
    }
}

#[tokio::test]
async fn a_buyer_with_an_account_finds_their_tickets_told_once_and_a_guest_is_only_written_to() {
    let app = setup().start().await;
    let night = Night::on_sale(&app, "demo-told", 10).await;
    let fan = app.person().await;
    let wish = json!({"event_id": night.event, "seats": [night.seats[0]], "buyer": buyer("fan")});
    let placed: Order = app.to(PLACE_ORDER, &[]).by(&fan).json(&wish).created().await;
    let mut socket = signed_in(&app, &fan).await;
    let topic = format!("notices:{}", fan.user_id);
    assert!(subscribe(&mut socket, &topic).await);
    let _ = night.pay(&app, &placed).await.expect(200);
    app.run_jobs().await;

    match socket.hear_told().await {
        LiveMessage::Changed { topic: heard, fact, .. } => {
            assert_eq!((heard, &fact["fact"]), (topic, &Value::from("notices_changed")));
        }
        other => panic!("{other:?}"),
    }
    let told = notices(&app, &fan).await;
    let reference = placed.reference.clone();
    let event = "Demo Fight Night".to_owned();
    assert_eq!(told.len(), 1);
    assert_eq!(
        told[0].content,
        NoticeContent::TicketsReady { event: event.clone(), reference: reference.clone() }
    );
    assert_eq!(told[0].link, Some(format!("/orders/{}", placed.id)));
    assert_eq!(unread(&app, &fan).await, 1);

    // The same fact told again, as after a lost worker, tells nobody twice.
    let org = night.owner.org_id.expect("an owner owns");
    let fact = Fact::OrderPaid { order_id: placed.id, event_id: night.event };
    app.context().db.write(async |tx| tx.emit(org, fact.clone()).await).await.expect("it is told");
    app.run_jobs().await;
    assert_eq!(notices(&app, &fan).await.len(), 1);

    let cancelled: Order = app.to(CANCEL_ORDER, &[&placed.id.to_string()]).by(&night.owner).ok().await;
    app.run_jobs().await;
    let told = notices(&app, &fan).await;
    assert_eq!(told[0].content, NoticeContent::OrderCancelled { event, reference: cancelled.reference });

    // Money that must go back is told to those who may see to it.
    let told = notices(&app, &night.owner).await;
    assert_eq!(told.iter().map(|notice| notice.content.name()).collect::<Vec<_>>(), ["payment_to_refund"]);

    night.sell(&app, "guest", &[&night.seats[1]]).await;
    app.run_jobs().await;
    assert_eq!(app.count("SELECT count(*) FROM notices").await, 3, "a guest has no notification centre");
}

#[tokio::test]
async fn notices_are_read_and_unread_by_their_owner_alone() {
    let app = setup().start().await;
    let org = app.org("Demo Promotions").await;
    let owner = app.member(org, Role::Owner).await;
    let colleague = app.member(org, Role::Viewer).await;
    for title in ["One", "Two", "Three"] {
        let wish = json!({"title": title, "text": "Demo"});
        let _: Announcement = app.to(ANNOUNCE, &[]).by(&owner).json(&wish).created().await;
        app.run_jobs().await;
    }
    let [three, two, one] = notices(&app, &colleague).await.try_into().expect("three notices");
    let id = two.id.to_string();
    let marked: Notice = app.to(MARK_NOTICE, &[&id]).by(&colleague).json(&json!({"read": true})).ok().await;
    assert_eq!(marked.read_at, Some(app.clock.now()));
    let rest: Page<Notice> = app.get("/notices?unread=true").by(&colleague).ok().await;
    assert_eq!(rest.items.iter().map(|notice| notice.id).collect::<Vec<_>>(), [three.id, one.id]);
    let _: Notice = app.to(MARK_NOTICE, &[&id]).by(&colleague).json(&json!({"read": false})).ok().await;
    assert_eq!(unread(&app, &colleague).await, 3);

    // What came after what was seen stays unread.
    let left: UnreadCount =
        app.to(MARK_ALL_NOTICES, &[]).by(&colleague).json(&json!({"up_to": two.id})).ok().await;
    assert_eq!(left.unread, 1);
    assert_eq!(unread(&app, &owner).await, 3, "another's are theirs");
    let wish = json!({"read": true});
    app.to(MARK_NOTICE, &[&id]).by(&owner).json(&wish).problem(ErrorCode::NotFound).await;
    app.to(LIST_NOTICES, &[]).problem(ErrorCode::NotSignedIn).await;
    let mut socket = signed_in(&app, &owner).await;
    assert!(!subscribe(&mut socket, &format!("notices:{}", colleague.user_id)).await);
    app.run_jobs().await;
}

#[tokio::test]
async fn an_announcement_reaches_all_who_work_there_and_says_how_far_it_has_got() {
    let app = setup().start().await;
    let org = app.org("Demo Promotions").await;
    let owner = app.member(org, Role::Owner).await;
    let scanner = app.member(org, Role::Scanner).await;
    let client = app.member(org, Role::Client).await;
    let stranger = app.member(app.org("Other Promotions").await, Role::Owner).await;
    // More than are told in one go.
    app.execute(&format!(
        "WITH people AS (INSERT INTO people (id, email, name, password_hash)
             SELECT gen_random_uuid(), 'crew' || n || '@demo.ringside.example', 'Demo Crew', '' FROM generate_series(1, 60) AS n
             RETURNING id)
         INSERT INTO members (org_id, user_id, role) SELECT '{org}', id, 'scanner' FROM people"
    ))
    .await;
    let mut socket = signed_in(&app, &owner).await;
    assert!(subscribe(&mut socket, &format!("announcements:{org}")).await);

    let wish = json!({"title": "Doors at 17:00", "text": "Half an hour earlier.", "roles": ["scanner"]});
    app.to(ANNOUNCE, &[]).by(&scanner).json(&wish).problem(ErrorCode::NotPermitted).await;
    let made: Announcement = app.to(ANNOUNCE, &[]).by(&owner).json(&wish).created().await;
    assert_eq!((made.total, made.told, made.done_at), (None, 0, None));
    app.run_jobs().await;
    let id = made.id.to_string();
    let done: Announcement = app.to(GET_ANNOUNCEMENT, &[&id]).by(&owner).ok().await;
    assert_eq!((done.total, done.told, done.read), (Some(61), 61, 0));
    assert!(done.done_at.is_some());
    // Made, the first fifty, and the rest.
    for _ in 0..3 {
        assert!(matches!(socket.hear_told().await, LiveMessage::Changed { .. }));
    }

    let told = notices(&app, &scanner).await;
    assert_eq!(told.len(), 1);
    let NoticeContent::Announcement { title, text, by } = &told[0].content else { panic!("{told:?}") };
    assert_eq!((title.as_str(), text.as_str()), ("Doors at 17:00", "Half an hour earlier."));
    assert!(!by.is_empty());
    for other in [&owner, &client, &stranger] {
        assert!(notices(&app, other).await.is_empty());
    }
    let wish = json!({"up_to": told[0].id});
    let _: UnreadCount = app.to(MARK_ALL_NOTICES, &[]).by(&scanner).json(&wish).ok().await;
    let done: Announcement = app.to(GET_ANNOUNCEMENT, &[&id]).by(&owner).ok().await;
    assert_eq!(done.read, 1);
    // By mail, too, unless they want none.
    let mails: Page<DeliverySummary> = app.get("/deliveries?q=Doors&limit=200").by(&owner).ok().await;
    assert_eq!(mails.items.len(), 61);

    app.execute(&format!(
        "INSERT INTO notification_preferences (user_id, topic, channel, wanted)
         VALUES ('{}', 'announcements', 'email', false)",
        scanner.user_id
    ))
    .await;
    let wish = json!({"title": "Everybody", "text": "Thank you."});
    let _: Announcement = app.to(ANNOUNCE, &[]).by(&owner).json(&wish).created().await;
    app.run_jobs().await;
    assert_eq!(notices(&app, &owner).await.len(), 1);
    assert!(notices(&app, &client).await.is_empty(), "who is served does not work there");
    let mails: Page<DeliverySummary> = app.get("/deliveries?q=Everybody&limit=200").by(&owner).ok().await;
    assert_eq!(mails.items.len(), 61, "62 work there, one wants no mail");

    let id = made.id.to_string();
    app.to(GET_ANNOUNCEMENT, &[&id]).by(&stranger).problem(ErrorCode::NotFound).await;
    let none: Page<Announcement> = app.to(LIST_ANNOUNCEMENTS, &[]).by(&stranger).ok().await;
    assert!(none.items.is_empty());
    let mut other = signed_in(&app, &stranger).await;
    assert!(!subscribe(&mut other, &format!("announcements:{org}")).await);
}

#[tokio::test]
async fn rooms_of_a_team_hear_of_what_they_asked_for() {
    let app = setup().start().await;
    let org = app.org("Demo Promotions").await;
    let owner = app.member(org, Role::Owner).await;
    let room = |name: &str, topic: &str, enabled: bool| {
        format!(
            "INSERT INTO destinations (id, org_id, channel, name, topics, sealed, shown, enabled, created_at, changed_at)
             VALUES (gen_random_uuid(), '{org}', 'slack', '{name}', ARRAY['{topic}'], '', 'hooks.demo.example', {enabled}, now(), now());"
        )
    };
    let rooms = [
        room("Crew", "announcements", true),
        room("Errors", "operations", true),
        room("Closed", "announcements", false),
    ];
    app.execute(&rooms.concat()).await;
    let wish = json!({"title": "Doors at 17:00", "text": "Half an hour earlier."});
    let _: Announcement = app.to(ANNOUNCE, &[]).by(&owner).json(&wish).created().await;
    app.run_jobs_and_see().await;
    let sent: Page<DeliverySummary> = app.to(LIST_DELIVERIES, &[]).by(&owner).ok().await;
    let to: Vec<&str> =
        sent.items.iter().filter(|it| it.channel.to_a_team()).map(|it| it.to.as_str()).collect();
    assert_eq!(to, ["Crew"]);
}
