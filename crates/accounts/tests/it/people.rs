//! `/people` and `/me`.

use contract::ErrorCode;
use contract::accounts::{Me, Session};
use serde_json::{Value, json};

use crate::{PASSWORD, sign_up, start};

fn wish(email: &str, password: &str) -> Value {
    json!({"email": email, "password": password, "name": "Demo Fan"})
}

#[tokio::test]
async fn signing_up_signs_in() {
    let app = start().await;
    let wish = json!({
        "email": "Fan@Demo.Ringside.example", "password": PASSWORD, "name": " Demo Fan ", "locale": "th",
    });
    let session: Session = app.post("/people").json(&wish).created().await;
    assert_eq!(session.me.email, "Fan@Demo.Ringside.example");
    assert_eq!(session.me.name, "Demo Fan");
    assert_eq!(session.me.locale, domain::Locale::Th);
    assert_eq!(session.me.memberships, []);

    let seen: Me = app.get("/me").token(&session.access_token).ok().await;
    assert_eq!(seen, session.me);
}

#[tokio::test]
async fn a_browser_keeps_its_refresh_token_where_scripts_cannot_read_it() {
    let app = start().await;
    let answer = app.post("/people").json(&wish("fan@demo.ringside.example", PASSWORD)).await.expect(201);
    assert_eq!(answer.json::<Session>().refresh_token, None);
    let cookie = answer.header("set-cookie");
    for part in
        ["ringside_refresh=", "HttpOnly", "SameSite=Strict", "Path=/api/v1/sessions", "Max-Age=2592000"]
    {
        assert!(cookie.contains(part), "{part} is missing in {cookie}");
    }
}

#[tokio::test]
async fn a_cookie_insists_on_https_where_people_use_it() {
    let app = crate::setup()
        .config(|config| config.public_url = Some("https://ringside.example".into()))
        .start()
        .await;
    let answer = app.post("/people").json(&wish("fan@demo.ringside.example", PASSWORD)).await.expect(201);
    assert!(answer.header("set-cookie").contains("Secure"));
}

#[tokio::test]
async fn an_address_belongs_to_one_person_however_it_is_typed() {
    let app = start().await;
    sign_up(&app, "fan@demo.ringside.example").await;
    let problem = app
        .post("/people")
        .json(&wish("FAN@demo.ringside.example", PASSWORD))
        .problem(ErrorCode::AddressTaken)
        .await;
    assert_eq!(problem.fields[0].field, "email");
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
async fn a_sign_up_sent_twice_opens_one_account() {
    let app = start().await;
    let send = |wish: Value| app.post("/people").key("sign-up-1").json(&wish);
    let first: Session = send(wish("fan@demo.ringside.example", PASSWORD)).created().await;
    let second: Session = send(wish("fan@demo.ringside.example", PASSWORD)).created().await;
    assert_eq!(first.me.id, second.me.id);

    send(wish("other@demo.ringside.example", PASSWORD)).problem(ErrorCode::IdempotencyKeyReused).await;
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
