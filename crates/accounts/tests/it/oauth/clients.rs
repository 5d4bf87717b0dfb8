//! `/oauth/clients`.

use chrono::TimeDelta;
use contract::accounts::Session;
use contract::oauth::{NewOauthClient, OauthClient, TokenAnswer};
use contract::{ErrorCode, Page};
use serde_json::{Value, json};
use testkit::TestApp;

use super::{House, OWNER, form, refused, register, wish};
use crate::{PASSWORD, found, join, sign_up, start};

async fn own(app: &TestApp, id: &str, secret: &str) -> u16 {
    let fields = [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)];
    form(app, "/oauth/token", &fields).await.status.as_u16()
}

#[tokio::test]
async fn a_secret_is_shown_once_and_kept_nowhere() {
    let app = start().await;
    let house = House::build(&app).await;
    let secret = house.secret();
    let list = app.get("/oauth/clients").token(&house.owner.access_token).await.expect(200);
    assert!(!list.text().contains(secret) && list.text().contains("Demo accounting"));
    let one: NewOauthClient = register(&app, &house.owner, &wish()).key("k").created().await;
    let same: NewOauthClient = register(&app, &house.owner, &wish()).key("k").created().await;
    assert_eq!(one, same);
    let bare = one.secret.unwrap();
    let kept = format!("SELECT count(*) FROM idempotency_keys WHERE answer::text LIKE '%{bare}%'");
    assert_eq!(app.count(&kept).await, 0);
}

#[tokio::test]
async fn what_does_not_go_together_is_refused_by_its_field() {
    let app = start().await;
    let house = House::build(&app).await;
    let changes = [
        ("redirect_uris[0]", json!({"redirect_uris": ["http://app.ringside.example/"]})),
        ("redirect_uris[0]", json!({"redirect_uris": ["https://app.ringside.example/#x"]})),
        ("redirect_uris", json!({"redirect_uris": []})),
        ("redirect_uris", json!({"grants": ["client_credentials"]})),
        ("grants", json!({"grants": ["refresh_token"], "redirect_uris": []})),
        ("grants", json!({"kind": "public"})),
        ("scopes[0]", json!({"scopes": ["everything"]})),
        ("name", json!({"name": "  "})),
    ];
    for (field, change) in changes {
        let mut bad = wish();
        for (name, value) in change.as_object().unwrap() {
            bad[name] = value.clone();
        }
        let problem = register(&app, &house.owner, &bad).problem(ErrorCode::InvalidFields).await;
        assert_eq!(problem.fields[0].field, field, "{change}");
    }
}

#[tokio::test]
async fn an_application_asks_for_no_more_than_its_maker_holds() {
    let app = start().await;
    let house = House::build(&app).await;
    let role =
        crate::roles::create(&app, &house.owner, "Keys", &["keys.read", "keys.manage"]).created().await;
    let clerk = join(&app, &house.owner, house.org, "clerk@demo.ringside.example", "client").await;
    let give = json!({"role": "client", "custom_role": crate::roles::id(&role)});
    let path = format!("/members/{}", clerk.me.id);
    let _ = app.patch(&path).token(&house.owner.access_token).json(&give).await.expect(200);
    register(&app, &clerk, &wish()).problem(ErrorCode::NotPermitted).await;
    // Nor do they come by a secret that may more, or change what it may.
    let path = format!("/oauth/clients/{}", house.id());
    let by = |call: testkit::Call| call.token(&clerk.access_token);
    by(app.post(&format!("{path}/rotate")).json(&json!({}))).problem(ErrorCode::NotPermitted).await;
    let mut change = wish();
    change.as_object_mut().unwrap().remove("kind");
    change["scopes"] = json!(["keys.read"]);
    by(app.put(&path).json(&change)).problem(ErrorCode::NotPermitted).await;
}

#[tokio::test]
async fn a_rotated_secret_overlaps_and_a_deleted_application_is_over() {
    let app = start().await;
    let house = House::build(&app).await;
    let (id, path) = (house.id(), format!("/oauth/clients/{}", house.id()));
    let rotate = app.post(&format!("{path}/rotate")).token(&house.owner.access_token).json(&json!({}));
    let new: NewOauthClient = rotate.ok().await;
    let secret = new.secret.unwrap();
    assert_eq!((own(&app, &id, house.secret()).await, own(&app, &id, &secret).await), (200, 200));
    app.advance(TimeDelta::hours(24));
    assert_eq!((own(&app, &id, house.secret()).await, own(&app, &id, &secret).await), (401, 200));

    let call = form(
        &app,
        "/oauth/token",
        &[("grant_type", "client_credentials"), ("client_id", &id), ("client_secret", &secret)],
    );
    let tokens: TokenAnswer = call.ok().await;
    let again = json!({"email": OWNER, "password": PASSWORD, "token_in_body": true});
    let owner: Session = app.post("/sessions").json(&again).created().await;
    app.delete(&path).token(&owner.access_token).no_content().await;
    app.get("/members").token(&tokens.access_token).problem(ErrorCode::NotSignedIn).await;
    assert_eq!(own(&app, &id, &secret).await, 401);
    app.delete(&path).token(&owner.access_token).problem(ErrorCode::NotFound).await;
}

#[tokio::test]
async fn an_application_is_its_organisations_and_wants_a_fresh_proof() {
    let app = start().await;
    let house = House::build(&app).await;
    let stranger = sign_up(&app, "stranger@demo.ringside.example").await;
    found(&app, &stranger, "strangers").await;
    let path = format!("/oauth/clients/{}", house.id());
    let mut change = wish();
    change.as_object_mut().unwrap().remove("kind");
    let by = |call: testkit::Call| call.token(&stranger.access_token);
    by(app.delete(&path)).problem(ErrorCode::NotFound).await;
    by(app.put(&path).json(&change)).problem(ErrorCode::NotFound).await;
    by(app.post(&format!("{path}/rotate")).json(&json!({}))).problem(ErrorCode::NotFound).await;
    let list: Page<OauthClient> = by(app.get("/oauth/clients")).ok().await;
    assert_eq!(list.items, []);

    change["name"] = json!("Other");
    let changed: OauthClient = app.put(&path).token(&house.owner.access_token).json(&change).ok().await;
    assert_eq!(changed.name, "Other");
    app.execute("UPDATE sessions SET confirmed_at = confirmed_at - interval '20 minutes'").await;
    let late = |call: testkit::Call| call.token(&house.owner.access_token);
    late(app.delete(&path)).problem(ErrorCode::ConfirmationNeeded).await;
    late(app.put(&path).json(&change)).problem(ErrorCode::ConfirmationNeeded).await;
    late(app.post("/oauth/clients").json(&wish())).problem(ErrorCode::ConfirmationNeeded).await;
}

#[tokio::test]
async fn who_does_not_prove_who_they_are_gets_no_tokens() {
    let app = start().await;
    let house = House::build(&app).await;
    let (id, secret) = (house.id(), house.secret());
    let grant = ("grant_type", "client_credentials");
    let token = |fields: &[(&str, &str)]| form(&app, "/oauth/token", fields);
    refused(token(&[grant]), 401, "invalid_client").await;
    refused(token(&[grant, ("client_id", &id)]), 401, "invalid_client").await;
    refused(token(&[grant, ("client_id", &id), ("client_secret", "rcs_x")]), 401, "invalid_client").await;
    let basic = |user: &str, password: &str| {
        use base64::Engine as _;
        let text = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
        token(&[grant]).header("Authorization", &format!("Basic {text}"))
    };
    let _: TokenAnswer = basic(&id, secret).ok().await;
    let answer = basic(&id, "wrong").await.expect(401);
    assert!(answer.header("www-authenticate").starts_with("Basic"));
    let both = [grant, ("client_id", id.as_str()), ("client_secret", secret)];
    refused(token(&both).header("Authorization", "Basic eDp5"), 400, "invalid_request").await;
    let twice = [grant, grant, ("client_id", id.as_str()), ("client_secret", secret)];
    refused(token(&twice), 400, "invalid_request").await;
    refused(app.post("/oauth/token").json(&json!({"grant_type": "x"})), 400, "invalid_request").await;
    let unknown = [("grant_type", "password"), ("client_id", id.as_str()), ("client_secret", secret)];
    refused(token(&unknown), 400, "unsupported_grant_type").await;
    let none: Value = json!({
        "name": "Signs in", "kind": "confidential", "redirect_uris": [super::BACK], "grants": ["authorization_code"],
        "scopes": ["openid"],
    });
    let other: NewOauthClient = register(&app, &house.owner, &none).created().await;
    let other_id = other.client.id.to_string();
    let fields =
        [grant, ("client_id", other_id.as_str()), ("client_secret", other.secret.as_deref().unwrap())];
    refused(token(&fields), 400, "unauthorized_client").await;
}
