//! Live sockets keep the rights of their sign-in.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use chrono::TimeDelta;
use contract::accounts::{Member, Session};
use contract::live::{LiveMessage, Refused, SIGN_IN_OVER};
use domain::Permission;
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use platform::db::Db;
use platform::error::ApiResult;
use platform::guard::Actor;
use platform::live::{Entry, Rooms};
use serde_json::json;
use testkit::{Socket, TestApp};
use uuid::Uuid;

use crate::known::elsewhere;
use crate::{PASSWORD, found, join, letters, setup, sign_up};

const OWNER: &str = "owner@demo.ringside.example";
const STAFF: &str = "staff@demo.ringside.example";

/// `public` for everybody, `own` for whoever is signed in, `members:<org>` for those who may read them.
#[derive(Default)]
struct Halls {
    /// How often somebody came to the door of the members.
    asked: AtomicUsize,
}

impl Rooms for Halls {
    fn enter<'a>(
        &'a self,
        _: &'a Db,
        actor: &'a Actor,
        topic: &'a str,
    ) -> LocalBoxFuture<'a, ApiResult<Option<Entry>>> {
        let allowed = match topic.split_once(':') {
            None => topic == "public" || (topic == "own" && actor.person().is_some()),
            Some((_, org)) => {
                self.asked.fetch_add(1, SeqCst);
                org.parse().is_ok_and(|org| actor.can(Permission::MembersRead, org))
            }
        };
        async move { Ok(allowed.then(|| Entry::unseen(topic))) }.boxed_local()
    }
}

async fn start() -> TestApp {
    setup().rooms(|_| Arc::new(Halls::default())).start().await
}

async fn listening(app: &TestApp, session: &Session, org: Uuid) -> Socket {
    let mut socket = app.live().await;
    socket.say(&json!({"do": "sign_in", "token": session.access_token})).await;
    let topics = ["public".to_owned(), "own".to_owned(), members(org)];
    socket.say(&json!({"do": "subscribe", "topics": topics})).await;
    for topic in topics {
        assert_eq!(
            socket.hear().await,
            LiveMessage::Subscribed { topic, allowed: true, at: None, why: None }
        );
    }
    socket
}

fn members(org: Uuid) -> String {
    format!("members:{org}")
}

async fn tell(app: &TestApp, topic: &str) {
    app.state().bus.publish(topic, &json!(1)).await;
}

fn told(topic: &str) -> LiveMessage {
    LiveMessage::Changed { topic: topic.to_owned(), at: None, fact: json!(1) }
}

fn lost(topic: String) -> LiveMessage {
    let why = Some(Refused::NotPermitted);
    LiveMessage::Subscribed { topic, allowed: false, at: None, why }
}

#[tokio::test]
async fn a_lost_role_loses_its_topics_and_keeps_the_others() {
    let app = start().await;
    let owner = sign_up(&app, OWNER).await;
    let org = found(&app, &owner, "demo").await.id;
    let staff = join(&app, &owner, org, STAFF, "viewer").await;
    let mut of_staff = listening(&app, &staff, org).await;
    let mut of_owner = listening(&app, &owner, org).await;

    let path = format!("/members/{}", staff.me.id);
    let wish = json!({"role": "client"});
    let _: Member = app.patch(&path).token(&owner.access_token).json(&wish).ok().await;
    assert_eq!(of_staff.hear().await, lost(members(org)));
    tell(&app, &members(org)).await;
    tell(&app, "own").await;
    assert_eq!(of_staff.hear().await, told("own"), "and nothing of the members");
    assert_eq!(of_owner.hear().await, told(&members(org)));
    assert_eq!(of_owner.hear().await, told("own"));
    // Asking again does not help.
    of_staff.say(&json!({"do": "subscribe", "topics": [members(org)]})).await;
    assert_eq!(of_staff.hear().await, lost(members(org)));
}

#[tokio::test]
async fn who_is_removed_from_an_organisation_is_a_person_still() {
    let app = start().await;
    let owner = sign_up(&app, OWNER).await;
    let org = found(&app, &owner, "demo").await.id;
    let staff = join(&app, &owner, org, STAFF, "viewer").await;
    let mut socket = app.live().await;
    socket.say(&json!({"do": "sign_in", "token": staff.access_token, "organisation": org})).await;
    socket.say(&json!({"do": "subscribe", "topics": ["own", members(org)]})).await;
    assert_eq!(
        socket.hear().await,
        LiveMessage::Subscribed { topic: "own".into(), allowed: true, at: None, why: None }
    );
    assert_eq!(
        socket.hear().await,
        LiveMessage::Subscribed { topic: members(org), allowed: true, at: None, why: None }
    );

    let path = format!("/members/{}", staff.me.id);
    app.delete(&path).token(&owner.access_token).no_content().await;
    assert_eq!(socket.hear().await, lost(members(org)));
    tell(&app, "own").await;
    assert_eq!(socket.hear().await, told("own"));
}

#[tokio::test]
async fn a_socket_ends_with_its_session_and_others_go_on() {
    let app = start().await;
    let owner = sign_up(&app, OWNER).await;
    let org = found(&app, &owner, "demo").await.id;
    let credentials = json!({"email": OWNER, "password": PASSWORD, "token_in_body": true});
    let other: Session = app.post("/sessions").json(&credentials).created().await;
    let mut here = listening(&app, &owner, org).await;
    let mut there = listening(&app, &other, org).await;

    app.delete("/sessions/current").token(&owner.access_token).no_content().await;
    assert_eq!(here.closed().await, SIGN_IN_OVER);
    tell(&app, "own").await;
    assert_eq!(there.hear().await, told("own"));

    app.delete("/sessions").token(&other.access_token).no_content().await;
    assert_eq!(there.closed().await, SIGN_IN_OVER);
    letters(&app).await;
}

#[tokio::test]
async fn many_changes_at_once_are_looked_at_together() {
    let halls = Arc::new(Halls::default());
    let rooms: Arc<dyn Rooms> = halls.clone();
    let app = setup().rooms(|_| rooms).start().await;
    let owner = sign_up(&app, OWNER).await;
    let org = found(&app, &owner, "demo").await.id;
    let mut socket = listening(&app, &owner, org).await;
    let before = halls.asked.load(SeqCst);
    for _ in 0..100 {
        app.state().db.rights_changed();
    }
    app.execute("UPDATE members SET role = 'client'").await;
    assert_eq!(socket.hear().await, lost(members(org)));
    let asked = halls.asked.load(SeqCst) - before;
    assert!(asked < 10, "asked {asked} times");
}

#[tokio::test]
async fn what_another_process_ends_is_heard_of() {
    let app = start().await;
    let owner = sign_up(&app, OWNER).await;
    let org = found(&app, &owner, "demo").await.id;
    let mut socket = listening(&app, &owner, org).await;
    elsewhere(&app, "UPDATE sessions SET ended_at = now()").await;
    assert_eq!(socket.closed().await, SIGN_IN_OVER);
}

#[tokio::test]
async fn a_socket_ends_with_its_token_unless_the_next_one_is_shown() {
    let app = start().await;
    let owner = sign_up(&app, OWNER).await;
    let org = found(&app, &owner, "demo").await.id;
    let mut idle = listening(&app, &owner, org).await;
    let mut busy = listening(&app, &owner, org).await;
    app.advance(accounts::ACCESS_LIFETIME - TimeDelta::seconds(1));
    let refresh = json!({"refresh_token": owner.refresh_token});
    let next: Session = app.post("/sessions/refresh").json(&refresh).ok().await;
    busy.say(&json!({"do": "sign_in", "token": next.access_token})).await;
    busy.say(&json!({"do": "subscribe", "topics": ["own"]})).await;
    assert_eq!(
        busy.hear().await,
        LiveMessage::Subscribed { topic: "own".to_owned(), allowed: true, at: None, why: None }
    );

    // The clock of the test moves without the sockets' own: a change of rights has them look.
    app.advance(TimeDelta::seconds(1));
    app.state().db.rights_changed();
    assert_eq!(idle.closed().await, SIGN_IN_OVER);
    tell(&app, "own").await;
    assert_eq!(busy.hear().await, told("own"));
}

#[tokio::test]
async fn a_token_that_is_not_good_is_told_apart_from_a_lost_connection() {
    let app = start().await;
    let mut socket = app.live().await;
    socket.say(&json!({"do": "sign_in", "token": "made-up"})).await;
    assert_eq!(socket.closed().await, SIGN_IN_OVER);
}
