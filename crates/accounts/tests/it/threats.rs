//! Attempts to get in by force: each kind is noticed, slowed down, and shown to those who run Ringside.

use chrono::TimeDelta;
use contract::accounts::Session;
use contract::endpoints::{ACKNOWLEDGE_THREAT, GET_THREAT, LIFT_THREAT, LIST_THREATS};
use contract::threats::{Threat, ThreatKind, ThreatState};
use contract::{ErrorCode, Page};
use domain::OrganisationKind;
use serde_json::json;
use testkit::{Answer, TestApp};
use uuid::Uuid;

use crate::{found, setup, sign_up};

const HERE: &str = "198.51.100.7";

/// Three tries are a threat, and the test's own client is a proxy.
async fn start() -> TestApp {
    start_with(|_| {}).await
}

async fn start_with(change: impl FnOnce(&mut platform::config::Config) + 'static) -> TestApp {
    setup()
        .config(|config| {
            config.trusted_proxies = vec!["127.0.0.0/8".parse().expect("a network")];
            for threshold in [
                &mut config.threat_stuffing,
                &mut config.threat_distributed,
                &mut config.threat_enumeration,
                &mut config.threat_scanning,
                &mut config.threat_token_replay,
            ] {
                *threshold = 3;
            }
            change(config);
        })
        .start()
        .await
}

/// Somebody with a role in the organisation that runs Ringside.
async fn staff(app: &TestApp, role: &str) -> Session {
    let session = sign_up(app, &format!("{role}@platform.ringside.example")).await;
    let org = app.org_of("Ringside", OrganisationKind::Platform).await;
    let user = session.me.id;
    app.execute(&format!("INSERT INTO members (org_id, user_id, role) VALUES ('{org}', '{user}', '{role}')"))
        .await;
    session
}

async fn seen(app: &TestApp, by: &Session) -> Vec<Threat> {
    let page: Page<Threat> = app.to(LIST_THREATS, &[]).token(&by.access_token).ok().await;
    page.items
}

async fn wrong_password(app: &TestApp, email: &str, from: &str) -> Answer {
    let wish = json!({"email": email, "password": "a-wrong-guess"});
    app.post("/sessions").header("X-Forwarded-For", from).json(&wish).await
}

#[tokio::test]
async fn many_accounts_from_one_network_are_stuffing() {
    let app = start().await;
    let admin = staff(&app, "admin").await;
    for _ in 0..5 {
        wrong_password(&app, "one@demo.ringside.example", HERE).await.problem(ErrorCode::WrongCredentials);
    }
    assert_eq!(seen(&app, &admin).await, [], "one account is no stuffing");
    for who in ["two", "three"] {
        wrong_password(&app, &format!("{who}@demo.ringside.example"), HERE).await;
    }
    let threats = seen(&app, &admin).await;
    assert_eq!(threats.len(), 1);
    assert_eq!((threats[0].kind, threats[0].network.as_str()), (ThreatKind::Stuffing, HERE));
    assert_eq!((threats[0].count, threats[0].strikes, threats[0].state), (3, 1, ThreatState::Open));
    assert_eq!(threats[0].tightened_until, Some(app.clock.now() + TimeDelta::minutes(15)));
    app.run_jobs().await;
}

#[tokio::test]
async fn many_networks_at_one_account_are_told_and_none_is_slowed_down() {
    let app = start().await;
    let admin = staff(&app, "admin").await;
    // All addresses of one IPv6 subscriber are one network.
    for host in 1..=5 {
        wrong_password(&app, "one@demo.ringside.example", &format!("2001:db8:0:1::{host}")).await;
    }
    assert_eq!(seen(&app, &admin).await, []);
    for network in ["192.0.2.1", "192.0.2.2"] {
        wrong_password(&app, "One@demo.ringside.example", network).await;
    }
    let threats = seen(&app, &admin).await;
    assert_eq!(threats.len(), 1);
    assert_eq!((threats[0].kind, threats[0].network.as_str()), (ThreatKind::Distributed, ""));
    assert_eq!((threats[0].subject.len(), threats[0].tightened_until), (16, None));
    app.run_jobs().await;
}

#[tokio::test]
async fn asking_for_what_does_not_exist_is_enumeration_or_scanning() {
    let app = start().await;
    let admin = staff(&app, "admin").await;
    let fan = sign_up(&app, "fan@demo.ringside.example").await;
    let org = found(&app, &fan, "demo").await;
    let ask = |id: String| {
        let call = app.delete(&format!("/members/{id}")).token(&fan.access_token).in_org(org.id);
        call.header("X-Forwarded-For", HERE)
    };
    let same = Uuid::now_v7().to_string();
    for _ in 0..4 {
        ask(same.clone()).problem(ErrorCode::NotFound).await;
    }
    assert_eq!(seen(&app, &admin).await, [], "a page that asks again is no attempt");
    for _ in 0..2 {
        ask(Uuid::now_v7().to_string()).problem(ErrorCode::NotFound).await;
    }
    for path in ["/wp-login.php", "/.env", "/api/v2/users"] {
        let _ = app.fetch(path).header("X-Forwarded-For", "203.0.113.9").await.expect(404);
    }
    let kinds: Vec<_> = seen(&app, &admin).await.iter().map(|t| (t.kind, t.network.clone())).collect();
    // Outside of a server with all its routes an address below /api/ is told from an id by nothing.
    assert!(kinds.contains(&(ThreatKind::Enumeration, HERE.to_owned())), "{kinds:?}");
    app.forget_jobs().await;
}

#[tokio::test]
async fn tokens_that_are_not_good_are_counted() {
    let app = start().await;
    let admin = staff(&app, "admin").await;
    let from = |call: testkit::Call| call.header("X-Forwarded-For", HERE);
    from(app.get("/me").token("e30.e30.e30")).problem(ErrorCode::NotSignedIn).await;
    from(app.get("/me")).problem(ErrorCode::NotSignedIn).await;
    for _ in 0..2 {
        let refresh = app.post("/sessions/refresh").json(&json!({"refresh_token": "made-up"}));
        from(refresh).problem(ErrorCode::SessionEnded).await;
    }
    let threats = seen(&app, &admin).await;
    assert_eq!(threats.iter().map(|t| (t.kind, t.count)).collect::<Vec<_>>(), [(ThreatKind::TokenReplay, 3)]);
    app.run_jobs().await;
}

#[tokio::test]
async fn a_network_is_slowed_down_twice_as_long_each_time_until_it_is_lifted() {
    let app = start_with(|config| {
        config.rate_limits = true;
        config.limit_public_read = 80;
    })
    .await;
    let owner = staff(&app, "owner").await;
    let policy = async |from: &str| {
        let answer = app.get("/me").header("X-Forwarded-For", from).await;
        answer.header("ratelimit-policy").to_owned()
    };
    let attack = async |round: u32| {
        for n in 0..3 {
            let _ = app.fetch(&format!("/admin-{round}-{n}.php")).header("X-Forwarded-For", HERE).await;
        }
    };
    let (whole, quarter) = ("\"public_read\";q=80;w=60", "\"public_read\";q=20;w=60");
    assert_eq!(policy(HERE).await, whole);
    attack(1).await;
    assert_eq!(policy(HERE).await, quarter);
    assert_eq!(policy("198.51.100.8").await, whole, "others have theirs");
    app.advance(TimeDelta::minutes(9));
    attack(2).await;
    let threat = seen(&app, &owner).await.remove(0);
    assert_eq!((threat.kind, threat.strikes, threat.count), (ThreatKind::Scanning, 2, 6));
    assert_eq!(threat.tightened_until, Some(app.clock.now() + TimeDelta::minutes(30)));
    // Another process learns it from the database.
    app.state().threats.refresh(&app.state().db).await.expect("the database answers");
    assert!(app.state().suspects(HERE.parse().expect("an address")));

    let id = threat.id.to_string();
    let lift = || app.to(LIFT_THREAT, &[&id]).token(&owner.access_token);
    let lifted: Threat = lift().ok().await;
    assert_eq!(lifted.tightened_until, Some(app.clock.now()));
    assert_eq!(policy(HERE).await, whole);
    let again: Threat = lift().ok().await;
    assert_eq!(again, lifted);
    assert_eq!(app.count("SELECT count(*) FROM audit_log WHERE action = 'threat.lifted'").await, 1);

    attack(3).await;
    assert_eq!(policy(HERE).await, quarter);
    app.advance(TimeDelta::minutes(61));
    assert_eq!(policy(HERE).await, whole, "it ends by itself");
    app.run_jobs().await;
}

#[tokio::test]
async fn a_threat_that_was_looked_at_is_over_and_the_next_one_is_new() {
    let app = start().await;
    let admin = staff(&app, "admin").await;
    let attack = async |round: u32| {
        for n in 0..3 {
            let _ = app.fetch(&format!("/admin-{round}-{n}.php")).header("X-Forwarded-For", HERE).await;
        }
    };
    attack(1).await;
    let id = seen(&app, &admin).await[0].id.to_string();
    for _ in 0..2 {
        let threat: Threat = app.to(ACKNOWLEDGE_THREAT, &[&id]).token(&admin.access_token).ok().await;
        assert_eq!(threat.state, ThreatState::Acknowledged);
    }
    assert_eq!(app.count("SELECT count(*) FROM audit_log WHERE action = 'threat.acknowledged'").await, 1);
    attack(2).await;
    let threats = seen(&app, &admin).await;
    assert_eq!(
        threats.iter().map(|t| t.state).collect::<Vec<_>>(),
        [ThreatState::Open, ThreatState::Acknowledged]
    );
    let one: Threat = app.to(GET_THREAT, &[&id]).token(&admin.access_token).ok().await;
    assert_eq!(one, threats[1]);

    app.advance(TimeDelta::days(91));
    app.run_timer("forget_threats").await;
    assert_eq!(app.count("SELECT count(*) FROM threats").await, 0);
    app.run_jobs().await;
}

#[tokio::test]
async fn only_those_who_run_ringside_see_threats() {
    let app = start().await;
    let fan = sign_up(&app, "fan@demo.ringside.example").await;
    app.to(LIST_THREATS, &[]).token(&fan.access_token).problem(ErrorCode::NotPermitted).await;
    let _ = found(&app, &fan, "demo").await;
    app.to(LIST_THREATS, &[]).token(&fan.access_token).problem(ErrorCode::NotFound).await;
    let operator = staff(&app, "operator").await;
    app.to(LIST_THREATS, &[]).token(&operator.access_token).problem(ErrorCode::NotPermitted).await;
    app.to(LIST_THREATS, &[]).problem(ErrorCode::NotSignedIn).await;
    let id = Uuid::now_v7().to_string();
    let admin = staff(&app, "admin").await;
    app.to(GET_THREAT, &[&id]).token(&admin.access_token).problem(ErrorCode::NotFound).await;
    app.to(LIFT_THREAT, &[&id]).token(&admin.access_token).problem(ErrorCode::NotFound).await;
}

#[tokio::test]
async fn loopback_is_nobodys_attempt() {
    let app = setup().config(|config| config.threat_scanning = 1).start().await;
    for n in 0..5 {
        let _ = app.fetch(&format!("/admin-{n}.php")).await.expect(404);
    }
    assert_eq!(app.count("SELECT count(*) FROM threats").await, 0);
}

#[tokio::test]
async fn redis_counts_tries_too() {
    let app = setup()
        .redis()
        .config(|config| {
            config.threat_scanning = 3;
            config.trusted_proxies = vec!["127.0.0.0/8".parse().expect("a network")];
        })
        .start()
        .await;
    for n in [1, 1, 1, 2] {
        let _ = app.fetch(&format!("/admin-{n}.php")).header("X-Forwarded-For", HERE).await.expect(404);
    }
    assert_eq!(app.count("SELECT count(*) FROM threats").await, 0);
    let _ = app.fetch("/admin-3.php").header("X-Forwarded-For", HERE).await.expect(404);
    assert_eq!(app.count("SELECT count(*) FROM threats").await, 1);
    app.forget_jobs().await;
}
