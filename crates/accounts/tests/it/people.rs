//! `/people` and `/me`.

use chrono::TimeDelta;
use contract::ErrorCode;
use contract::accounts::{Me, Session};
use contract::privacy::Consent;
use platform::privacy::Holders;
use serde_json::{Value, json};
use testkit::{Call, TestApp};

use crate::{PASSWORD, ask, cookie, letters, only_letter, sign_up, start, token};

const FAN: &str = "fan@demo.ringside.example";

fn verify(app: &TestApp, token: &str) -> Call {
    app.post("/people/verify").json(&json!({"token": token, "token_in_body": true}))
}

fn wish(email: &str, password: &str) -> Value {
    json!({"email": email, "password": password, "name": "Demo Fan"})
}

#[tokio::test]
async fn an_account_opens_with_the_letters_link() {
    let app = start().await;
    let wish = json!({
        "email": "Fan@Demo.Ringside.example", "password": PASSWORD, "name": " Demo Fan ", "locale": "th",
    });
    let answer = app.post("/people").json(&wish).await.expect(202);
    assert_eq!(answer.text(), "");
    let letter = only_letter(&app, "Fan@Demo.Ringside.example", "verify_address").await;

    let session: Session = verify(&app, &token(&letter)).created().await;
    assert_eq!(session.me.email, "Fan@Demo.Ringside.example");
    assert_eq!(session.me.name, "Demo Fan");
    assert_eq!(session.me.locale, domain::Locale::Th);
    assert_eq!(session.me.memberships, []);
    let seen: Me = app.get("/me").token(&session.access_token).ok().await;
    assert_eq!(seen, session.me);

    // The link is good once.
    verify(&app, &token(&letter)).problem(ErrorCode::LinkSpent).await;
    verify(&app, "made-up").problem(ErrorCode::LinkSpent).await;
}

#[tokio::test]
async fn a_link_is_good_for_a_day() {
    let app = start().await;
    ask(&app, FAN).await;
    let letter = only_letter(&app, FAN, "verify_address").await;
    app.advance(TimeDelta::hours(24));
    verify(&app, &token(&letter)).problem(ErrorCode::LinkSpent).await;
    // Signing up again helps.
    sign_up(&app, FAN).await;
}

#[tokio::test]
async fn nobody_signs_in_before_the_address_is_proven_and_only_the_right_password_learns_why() {
    let app = start().await;
    ask(&app, FAN).await;
    let letter = only_letter(&app, FAN, "verify_address").await;
    let sign_in = |password: &str| app.post("/sessions").json(&json!({"email": FAN, "password": password}));
    sign_in("another-password").problem(ErrorCode::WrongCredentials).await;
    sign_in(PASSWORD).problem(ErrorCode::AddressUnverified).await;

    let _: Session = verify(&app, &token(&letter)).created().await;
    let _: Session = sign_in(PASSWORD).created().await;
}

#[tokio::test]
async fn the_proof_is_sent_again_but_not_at_once() {
    let app = start().await;
    ask(&app, FAN).await;
    let first = only_letter(&app, FAN, "verify_address").await;
    let again = async || {
        let _ = app.post("/people/verifications").json(&json!({"email": FAN})).await.expect(202);
    };
    again().await;
    assert!(letters(&app).await.is_empty(), "the first letter was a moment ago");
    app.advance(TimeDelta::minutes(1));
    again().await;
    only_letter(&app, FAN, "verify_address").await;
    app.advance(TimeDelta::minutes(1));
    again().await;
    assert!(letters(&app).await.is_empty(), "the wait doubles");

    // The first link is as good as the second.
    let _: Session = verify(&app, &token(&first)).created().await;
    app.advance(TimeDelta::hours(1));
    again().await;
    let _ = app
        .post("/people/verifications")
        .json(&json!({"email": "no@demo.ringside.example"}))
        .await
        .expect(202);
    assert!(letters(&app).await.is_empty(), "nothing is left to prove");
}

#[tokio::test]
async fn whoever_signs_up_with_a_strange_address_gets_no_part_in_the_account() {
    let app = start().await;
    let _ = app.post("/people").json(&wish(FAN, "a-stranger-knows-this-one")).await.expect(202);
    let _stranger = only_letter(&app, FAN, "verify_address").await;
    app.advance(TimeDelta::minutes(1));
    ask(&app, FAN).await;
    let own = only_letter(&app, FAN, "verify_address").await;

    let _: Session = verify(&app, &token(&own)).created().await;
    let by_stranger = json!({"email": FAN, "password": "a-stranger-knows-this-one"});
    app.post("/sessions").json(&by_stranger).problem(ErrorCode::WrongCredentials).await;
    let _: Session = app.post("/sessions").json(&json!({"email": FAN, "password": PASSWORD})).created().await;
}

#[tokio::test]
async fn the_answer_does_not_tell_whether_an_address_has_an_account() {
    let app = start().await;
    sign_up(&app, FAN).await;
    let known = app.post("/people").json(&wish("FAN@demo.ringside.example", PASSWORD)).await.expect(202);
    only_letter(&app, FAN, "address_in_use").await;
    let unknown = app.post("/people").json(&wish("new@demo.ringside.example", PASSWORD)).await.expect(202);
    only_letter(&app, "new@demo.ringside.example", "verify_address").await;
    assert_eq!(known.body, unknown.body);
    assert_eq!(app.count("SELECT count(*) FROM people").await, 2);

    // Nobody can fill the owner's mail box.
    let _ = app.post("/people").json(&wish(FAN, PASSWORD)).await.expect(202);
    assert!(letters(&app).await.is_empty());
}

#[tokio::test]
async fn of_many_who_sign_up_with_one_address_at_once_one_has_it() {
    let app = start().await;
    let all = (0..8).map(|_| app.post("/people").json(&wish(FAN, PASSWORD)).send());
    for answer in futures_util::future::join_all(all).await {
        let _ = answer.expect(202);
    }
    only_letter(&app, FAN, "verify_address").await;
    assert_eq!(app.count("SELECT count(*) FROM people").await, 1);
}

#[tokio::test]
async fn what_was_typed_rests_sealed() {
    let app = start().await;
    ask(&app, FAN).await;
    let open = app.count("SELECT count(*) FROM jobs WHERE payload::text ILIKE '%fan@%'").await;
    assert_eq!((open, app.count("SELECT count(*) FROM jobs").await), (0, 1));
    let letter = only_letter(&app, FAN, "verify_address").await;
    let kept = format!(
        "SELECT count(*) FROM account_links WHERE token_hash = convert_to('{}', 'UTF8')",
        token(&letter)
    );
    assert_eq!(app.count(&kept).await, 0);
}

#[tokio::test]
async fn a_browser_keeps_its_refresh_token_where_scripts_cannot_read_it() {
    let app = start().await;
    ask(&app, FAN).await;
    let letter = only_letter(&app, FAN, "verify_address").await;
    let answer = app.post("/people/verify").json(&json!({"token": token(&letter)})).await.expect(201);
    assert_eq!(answer.json::<Session>().refresh_token, None);
    let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().collect();
    assert_eq!(cookies.len(), 2);
    for cookie in cookies {
        let cookie = cookie.to_str().unwrap();
        for part in ["HttpOnly", "SameSite=Strict", "Path=/api/v1/sessions", "Max-Age="] {
            assert!(cookie.contains(part), "{part} is missing in {cookie}");
        }
    }
    assert!(
        !cookie(&answer, "ringside_refresh=").is_empty() && !cookie(&answer, "ringside_device=").is_empty()
    );
}

#[tokio::test]
async fn a_cookie_insists_on_https_where_people_use_it() {
    let app = crate::setup()
        .config(|config| config.public_url = Some("https://ringside.example".into()))
        .start()
        .await;
    sign_up(&app, FAN).await;
    let answer = app.post("/sessions").json(&json!({"email": FAN, "password": PASSWORD})).await.expect(201);
    for cookie in answer.headers.get_all("set-cookie") {
        assert!(cookie.to_str().unwrap().contains("Secure"));
    }
}

#[tokio::test]
async fn every_wrong_field_is_named() {
    let app = start().await;
    let wish = json!({"email": "nobody", "password": "short", "name": ""});
    let problem = app.post("/people").json(&wish).problem(ErrorCode::InvalidFields).await;
    let mut faults: Vec<_> =
        problem.fields.iter().map(|fault| (fault.field.as_str(), fault.code.as_str())).collect();
    faults.sort_unstable();
    assert_eq!(faults, [("email", "not_an_address"), ("name", "too_short"), ("password", "too_short")]);
}

#[tokio::test]
async fn a_password_that_is_easily_guessed_is_refused_and_nothing_is_kept() {
    let app = start().await;
    for weak in ["password1", "demofan2026"] {
        let wish = wish("fan@demo.ringside.example", weak);
        let problem = app.post("/people").json(&wish).problem(ErrorCode::WeakPassword).await;
        assert_eq!(problem.fields[0].field, "password");
    }
    sign_up(&app, "fan@demo.ringside.example").await;
}

#[tokio::test]
async fn a_sign_up_sent_twice_writes_one_letter() {
    let app = start().await;
    let send = |wish: Value| app.post("/people").key("sign-up-1").json(&wish);
    for _ in 0..2 {
        let _ = send(wish(FAN, PASSWORD)).await.expect(202);
    }
    assert_eq!(app.count("SELECT count(*) FROM jobs").await, 1);
    only_letter(&app, FAN, "verify_address").await;

    send(wish("other@demo.ringside.example", PASSWORD)).problem(ErrorCode::IdempotencyKeyReused).await;
}

#[tokio::test]
async fn a_person_changes_name_and_language() {
    let app = start().await;
    let session = sign_up(&app, FAN).await;
    let change = |wish: Value| app.patch("/me").token(&session.access_token).json(&wish);
    let me: Me = change(json!({"name": " Another Fan ", "locale": "th"})).ok().await;
    assert_eq!((me.name.as_str(), me.locale), ("Another Fan", domain::Locale::Th));
    let same: Me = change(json!({})).ok().await;
    assert_eq!(same, me);
    change(json!({"name": ""})).problem(ErrorCode::InvalidFields).await;
    change(json!({"email": "other@demo.ringside.example"})).problem(ErrorCode::InvalidFields).await;
}

#[tokio::test]
async fn a_field_nobody_knows_is_refused() {
    let app = start().await;
    let mut wish = wish("fan@demo.ringside.example", PASSWORD);
    wish["role"] = json!("owner");
    let problem = app.post("/people").json(&wish).problem(ErrorCode::InvalidFields).await;
    assert_eq!(problem.fields[0].code, "unknown");
}

#[tokio::test]
async fn a_password_is_never_kept_as_it_is() {
    let app = start().await;
    sign_up(&app, "fan@demo.ringside.example").await;
    let hashed = app.count("SELECT count(*) FROM people WHERE password_hash LIKE '$argon2id$%'").await;
    assert_eq!(hashed, 1);
}

#[tokio::test]
async fn what_is_agreed_to_at_sign_up_is_kept_and_must_be_in_force() {
    let app = start().await;
    let [first, second, news] = ["1", "2", "3"].map(|n| format!("01900000-0000-7000-8000-00000000000{n}"));
    app.execute(&format!(
        "INSERT INTO policies (id, kind, version, texts, published_at) VALUES
         ('{first}', 'privacy', 1, '{{}}', now()), ('{second}', 'privacy', 2, '{{}}', now()),
         ('{news}', 'marketing', 1, '{{}}', now())"
    ))
    .await;
    let mut asked = wish(FAN, PASSWORD);
    for wrong in [first.as_str(), "01900000-0000-7000-8000-000000000009"] {
        asked["accepted"] = json!([second, wrong]);
        let refused = app.post("/people").json(&asked).problem(ErrorCode::PolicyOutdated).await;
        assert_eq!(refused.fields[0].field, "accepted[1]");
    }
    assert!(letters(&app).await.is_empty(), "nothing is half done");
    assert_eq!(app.count("SELECT count(*) FROM people").await, 0);

    asked["accepted"] = json!([second, news]);
    let _ = app.post("/people").json(&asked).await.expect(202);
    let letter = only_letter(&app, FAN, "verify_address").await;
    let session: Session = verify(&app, &token(&letter)).created().await;
    let said: Vec<Consent> = app.get("/me/consents").token(&session.access_token).ok().await;
    assert!(said.len() == 2 && said.iter().all(|consent| consent.given), "{said:?}");
    let kept = "SELECT count(*) FROM consents WHERE how = 'sign_up' AND ip = '127.0.0.1' AND given";
    assert_eq!(app.count(kept).await, 2);
    assert_eq!(app.count("SELECT count(*) FROM audit_log WHERE action = 'consent.given'").await, 1);
}

#[tokio::test]
async fn an_account_nobody_proves_is_gone_after_a_week_and_the_address_is_free() {
    let app = crate::setup()
        .jobs(|registry| {
            let holders: Holders = std::sync::Arc::new([std::sync::Arc::new(accounts::privacy::People)]);
            let print: accounts::privacy::Print = std::sync::Arc::new(|_, _| Ok(Vec::new()));
            accounts::privacy::jobs(registry, &holders, &print);
        })
        .start()
        .await;
    sign_up(&app, "proven@demo.ringside.example").await;
    let policy = "01900000-0000-7000-8000-000000000001";
    app.execute(&format!(
        "INSERT INTO policies (id, kind, version, texts, published_at) VALUES ('{policy}', 'privacy', 1, '{{}}', now())"
    ))
    .await;
    let mut asked = wish(FAN, PASSWORD);
    asked["accepted"] = json!([policy]);
    let _ = app.post("/people").json(&asked).await.expect(202);
    only_letter(&app, FAN, "verify_address").await;
    let there = async || app.count("SELECT count(*) FROM people").await;
    app.advance(TimeDelta::days(7));
    app.run_timer("let_go").await;
    assert_eq!(there().await, 2, "not before its time");

    // Who asks anew has the day of the new letter, however old the account is.
    let _ = app.post("/people/verifications").json(&json!({"email": FAN})).await.expect(202);
    only_letter(&app, FAN, "verify_address").await;
    app.advance(TimeDelta::hours(23));
    app.run_timer("let_go").await;
    assert_eq!(there().await, 2, "a letter is on its way");
    app.advance(TimeDelta::hours(1));
    app.run_timer("let_go").await;
    assert_eq!(there().await, 1);
    assert_eq!(app.count("SELECT count(*) FROM consents").await, 0);

    sign_up(&app, FAN).await;
    app.advance(TimeDelta::days(30));
    app.run_timer("let_go").await;
    assert_eq!(there().await, 2, "who has proved the address stays");
}
