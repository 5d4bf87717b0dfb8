//! `/keys`, and programs that act by them.

use chrono::TimeDelta;
use contract::accounts::{Member, Session};
use contract::keys::{ApiKey, KeyUsage, NewApiKey};
use contract::roles::RoleEntry;
use contract::{ErrorCode, Page};
use serde_json::{Value, json};
use testkit::{Call, TestApp};

use crate::{PASSWORD, found, join, roles, setup, sign_up, start};

const OWNER: &str = "owner@demo.ringside.example";

fn create(app: &TestApp, by: &Session, wish: &Value) -> Call {
    app.post("/keys").token(&by.access_token).json(wish)
}

/// A key that may see members.
async fn key(app: &TestApp, by: &Session) -> NewApiKey {
    create(app, by, &json!({"name": "Demo export", "permissions": ["members.read"]})).created().await
}

fn rotate(app: &TestApp, by: &Session, key: &ApiKey, wish: &Value) -> Call {
    app.post(&format!("/keys/{}/rotate", key.id)).token(&by.access_token).json(wish)
}

fn members(app: &TestApp, secret: &str) -> Call {
    app.get("/members").token(secret)
}

async fn sign_in(app: &TestApp) -> Session {
    let wish = json!({"email": OWNER, "password": PASSWORD, "token_in_body": true});
    app.post("/sessions").json(&wish).created().await
}

#[tokio::test]
async fn a_key_does_what_it_may_and_is_shown_once() {
    let app = start().await;
    let owner = sign_up(&app, OWNER).await;
    let org = found(&app, &owner, "demo").await.id;
    let new = key(&app, &owner).await;
    assert!(new.secret.starts_with(&format!("rsk_{}_", new.key.id.simple())));
    let _: Page<Member> = members(&app, &new.secret).ok().await;
    let _: Page<Member> = members(&app, &new.secret).in_org(org).ok().await;

    // A scope it does not have, what people do for themselves, and what asks for a person.
    app.get("/keys").token(&new.secret).problem(ErrorCode::NotPermitted).await;
    app.get("/me").token(&new.secret).problem(ErrorCode::NotPermitted).await;
    let all = json!({"name": "All", "permissions": ["keys.manage", "organisation.manage"]});
    let manager: NewApiKey = create(&app, &owner, &all).created().await;
    let more = json!({"name": "More", "permissions": ["keys.manage"]});
    app.post("/keys").token(&manager.secret).json(&more).problem(ErrorCode::ConfirmationNeeded).await;

    // Neither the list nor any table holds the secret.
    let list = app.get("/keys").token(&owner.access_token).await.expect(200);
    let secret = new.secret.rsplit('_').next().unwrap();
    assert!(!list.text().contains(secret));
    let kept =
        format!("SELECT count(*) FROM idempotency_keys WHERE position('{secret}'::bytea IN answer) > 0");
    assert_eq!(app.count(&kept).await, 0);
    let altered = format!("{}x", new.secret);
    members(&app, &altered).problem(ErrorCode::NotSignedIn).await;
    members(&app, "rsk_").problem(ErrorCode::NotSignedIn).await;
}

#[tokio::test]
async fn a_repeated_request_makes_one_key_and_keeps_its_secret_sealed() {
    let app = start().await;
    let owner = sign_up(&app, OWNER).await;
    found(&app, &owner, "demo").await;
    let wish = json!({"name": "Demo export", "permissions": ["members.read"]});
    let one: NewApiKey = create(&app, &owner, &wish).key("k").created().await;
    let same: NewApiKey = create(&app, &owner, &wish).key("k").created().await;
    assert_eq!(one, same);
    let secret = one.secret.rsplit('_').next().unwrap();
    let kept =
        format!("SELECT count(*) FROM idempotency_keys WHERE position('{secret}'::bytea IN answer) > 0");
    assert_eq!(app.count(&kept).await, 0);
    assert_eq!(app.count("SELECT count(*) FROM idempotency_keys WHERE key = 'k'").await, 1);
}

#[tokio::test]
async fn a_key_may_no_more_than_its_maker() {
    let app = start().await;
    let owner = sign_up(&app, OWNER).await;
    let org = found(&app, &owner, "demo").await.id;
    let clerk = join(&app, &owner, org, "clerk@demo.ringside.example", "client").await;
    let role: RoleEntry = roles::create(&app, &owner, "Keys", &["keys.read", "keys.manage"]).created().await;
    let wish = json!({"role": "client", "custom_role": roles::id(&role)});
    let path = format!("/members/{}", clerk.me.id);
    let _: Member = app.patch(&path).token(&owner.access_token).json(&wish).ok().await;
    let wish = json!({"name": "Mine", "permissions": ["members.read"]});
    create(&app, &clerk, &wish).problem(ErrorCode::NotPermitted).await;
    // Nor do they come by a secret that may more.
    let strong = key(&app, &owner).await.key;
    rotate(&app, &clerk, &strong, &json!({})).problem(ErrorCode::NotPermitted).await;
    // Ending one takes nothing but trust.
    app.delete(&format!("/keys/{}", strong.id)).token(&clerk.access_token).no_content().await;
}

#[tokio::test]
async fn a_rotated_key_works_with_both_secrets_until_the_overlap_ends() {
    let app = start().await;
    let owner = sign_up(&app, OWNER).await;
    found(&app, &owner, "demo").await;
    let old = key(&app, &owner).await;
    let new: NewApiKey = rotate(&app, &owner, &old.key, &json!({})).ok().await;
    assert_eq!(new.key.id, old.key.id);
    assert_eq!(new.key.old_secret_until, Some(app.clock.now() + TimeDelta::hours(24)));
    app.advance(TimeDelta::hours(24) - TimeDelta::seconds(1));
    for secret in [&old.secret, &new.secret] {
        let _: Page<Member> = members(&app, secret).ok().await;
    }
    app.advance(TimeDelta::seconds(1));
    members(&app, &old.secret).problem(ErrorCode::NotSignedIn).await;
    let _: Page<Member> = members(&app, &new.secret).ok().await;

    // At once: a secret that got lost.
    let owner = sign_in(&app).await;
    let safe: NewApiKey = rotate(&app, &owner, &old.key, &json!({"overlap_hours": 0})).ok().await;
    members(&app, &new.secret).problem(ErrorCode::NotSignedIn).await;
    let _: Page<Member> = members(&app, &safe.secret).ok().await;
    rotate(&app, &owner, &old.key, &json!({"overlap_hours": 721})).problem(ErrorCode::InvalidFields).await;
}

#[tokio::test]
async fn two_rotations_at_once_leave_one_present_secret() {
    let app = start().await;
    let owner = sign_up(&app, OWNER).await;
    found(&app, &owner, "demo").await;
    let made = key(&app, &owner).await.key;
    let body = json!({});
    let (one, other) =
        tokio::join!(rotate(&app, &owner, &made, &body).send(), rotate(&app, &owner, &made, &body).send());
    assert_eq!((one.status.as_u16(), other.status.as_u16()), (200, 200));
    let present = "SELECT count(*) FROM api_key_secrets WHERE ends_at IS NULL";
    assert_eq!(app.count(present).await, 1);
}

#[tokio::test]
async fn a_key_ends_when_revoked_or_expired() {
    let app = start().await;
    let owner = sign_up(&app, OWNER).await;
    found(&app, &owner, "demo").await;
    let made = key(&app, &owner).await;
    let path = format!("/keys/{}", made.key.id);
    app.delete(&path).token(&owner.access_token).no_content().await;
    members(&app, &made.secret).problem(ErrorCode::NotSignedIn).await;
    app.delete(&path).token(&owner.access_token).no_content().await;
    rotate(&app, &owner, &made.key, &json!({})).problem(ErrorCode::WrongState).await;
    assert_eq!(app.count("SELECT count(*) FROM audit_log WHERE action = 'key.revoked'").await, 1);

    let end = app.clock.now() + TimeDelta::minutes(5);
    let wish = json!({"name": "Brief", "permissions": ["members.read"], "expires_at": end});
    let brief: NewApiKey = create(&app, &owner, &wish).created().await;
    let _: Page<Member> = members(&app, &brief.secret).ok().await;
    app.advance(TimeDelta::minutes(5));
    members(&app, &brief.secret).problem(ErrorCode::NotSignedIn).await;
    create(&app, &owner, &wish).problem(ErrorCode::InvalidFields).await;
}

#[tokio::test]
async fn a_key_is_good_from_its_networks_only() {
    let app =
        setup().config(|config| config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()]).start().await;
    let owner = sign_up(&app, OWNER).await;
    found(&app, &owner, "demo").await;
    let wish = json!({"name": "Demo", "permissions": ["members.read"], "networks": ["203.0.113.0/24"]});
    let made: NewApiKey = create(&app, &owner, &wish).created().await;
    let from = |ip| members(&app, &made.secret).header("X-Forwarded-For", ip);
    let _: Page<Member> = from("203.0.113.9").ok().await;
    from("198.51.100.9").problem(ErrorCode::NetworkNotAllowed).await;
    let wrong = json!({"name": "Demo", "permissions": ["members.read"], "networks": ["here"]});
    create(&app, &owner, &wrong).problem(ErrorCode::InvalidFields).await;
}

#[tokio::test]
async fn a_key_is_its_organisations() {
    let app = start().await;
    let owner = sign_up(&app, OWNER).await;
    found(&app, &owner, "demo").await;
    let made = key(&app, &owner).await;
    let stranger = sign_up(&app, "stranger@demo.ringside.example").await;
    let theirs = found(&app, &stranger, "strangers").await.id;
    let by = |call: Call| call.token(&stranger.access_token);
    let path = format!("/keys/{}", made.key.id);
    by(app.delete(&path)).problem(ErrorCode::NotFound).await;
    by(app.get(&format!("{path}/usage"))).problem(ErrorCode::NotFound).await;
    rotate(&app, &stranger, &made.key, &json!({})).problem(ErrorCode::NotFound).await;
    let list: Page<ApiKey> = by(app.get("/keys")).ok().await;
    assert_eq!(list.items, []);
    members(&app, &made.secret).in_org(theirs).problem(ErrorCode::NotPermitted).await;
    let _: Page<Member> = members(&app, &made.secret).ok().await;
}

#[tokio::test]
async fn keys_want_a_person_who_has_just_confirmed() {
    let app = start().await;
    let owner = sign_up(&app, OWNER).await;
    found(&app, &owner, "demo").await;
    let made = key(&app, &owner).await.key;
    app.execute("UPDATE sessions SET confirmed_at = confirmed_at - interval '16 minutes'").await;
    let wish = json!({"name": "Demo", "permissions": ["members.read"]});
    create(&app, &owner, &wish).problem(ErrorCode::ConfirmationNeeded).await;
    rotate(&app, &owner, &made, &json!({})).problem(ErrorCode::ConfirmationNeeded).await;
}

#[tokio::test]
async fn uses_are_counted_by_day_and_written_together() {
    let app = start().await;
    let owner = sign_up(&app, OWNER).await;
    found(&app, &owner, "demo").await;
    let made = key(&app, &owner).await;
    for _ in 0..3 {
        let _: Page<Member> = members(&app, &made.secret).ok().await;
    }
    assert_eq!(app.count("SELECT count(*) FROM api_key_uses").await, 0, "no write with each request");
    accounts::write_key_uses(app.state()).await.unwrap();
    let last = app.clock.now();
    app.advance(TimeDelta::days(1));
    let _: Page<Member> = members(&app, &made.secret).ok().await;
    accounts::write_key_uses(app.state()).await.unwrap();
    let _: Page<Member> = members(&app, &made.secret).ok().await;
    accounts::write_key_uses(app.state()).await.unwrap();
    accounts::write_key_uses(app.state()).await.unwrap();

    let owner = sign_in(&app).await;
    let path = format!("/keys/{}/usage", made.key.id);
    let usage: KeyUsage = app.get(&path).token(&owner.access_token).ok().await;
    assert_eq!(usage.days.iter().map(|day| day.requests).collect::<Vec<_>>(), [3, 2]);
    assert_eq!(usage.days[0].day, last.date_naive());
    let list: Page<ApiKey> = app.get("/keys").token(&owner.access_token).ok().await;
    assert_eq!(list.items[0].last_used_at, Some(app.clock.now()));
}

#[tokio::test]
async fn programs_have_a_measure_of_their_own() {
    let app = setup().config(|config| config.rate_limits = true).start().await;
    let owner = sign_up(&app, OWNER).await;
    found(&app, &owner, "demo").await;
    let made = key(&app, &owner).await;
    let answer = members(&app, &made.secret).await.expect(200);
    assert_eq!(answer.header("ratelimit-policy"), "\"integrator\";q=3000;w=60");
    assert!(
        answer.header("ratelimit").starts_with("\"integrator\";r=2999"),
        "{}",
        answer.header("ratelimit")
    );
}
