//! `/oauth/token`, `/oauth/introspect`, `/oauth/revoke`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use contract::ErrorCode;
use contract::oauth::{NewOauthClient, TokenAnswer, TokenState};
use serde_json::{Value, json};
use testkit::TestApp;

use super::{BACK, House, VERIFIER, form, param, refused, register, well_known, wish};
use crate::{setup, sign_up, start};

const ALL: &str = "openid offline_access members.read";

#[tokio::test]
async fn a_code_is_good_once_and_its_second_use_ends_what_it_gave() {
    let app = start().await;
    let house = House::build(&app).await;
    let code = house.code(&app, &house.owner, ALL).await;
    let answer = house.trade(&app, &code).await.expect(200);
    assert_eq!(answer.header("cache-control"), "no-store");
    let tokens: TokenAnswer = answer.json();
    assert_eq!((tokens.scope.as_str(), tokens.expires_in), (ALL, 600));
    let _ = app.get("/members").token(&tokens.access_token).await.expect(200);
    refused(house.trade(&app, &code), 400, "invalid_grant").await;
    app.get("/members").token(&tokens.access_token).problem(ErrorCode::NotSignedIn).await;
    refused(house.refresh(&app, &tokens.refresh_token.unwrap()), 400, "invalid_grant").await;
    assert_eq!(
        app.count("SELECT count(*) FROM audit_log WHERE action = 'authorisation.code_reused'").await,
        1
    );
}

#[tokio::test]
async fn of_two_who_trade_a_code_at_once_one_succeeds() {
    let app = start().await;
    let house = House::build(&app).await;
    let code = house.code(&app, &house.owner, ALL).await;
    let (one, other) = tokio::join!(house.trade(&app, &code).send(), house.trade(&app, &code).send());
    let mut got = [one.status.as_u16(), other.status.as_u16()];
    got.sort_unstable();
    assert_eq!(got, [200, 400]);
}

#[tokio::test]
async fn a_code_wants_its_application_address_verifier_and_time() {
    let app = start().await;
    let house = House::build(&app).await;
    let other: NewOauthClient = register(&app, &house.owner, &wish()).created().await;
    let other_house = House { owner: house.owner.clone(), org: house.org, client: other };
    let code = house.code(&app, &house.owner, ALL).await;
    refused(other_house.trade(&app, &code), 400, "invalid_grant").await;
    let _: TokenAnswer = house.trade(&app, &code).ok().await;

    for wrong in [
        ("redirect_uri", "http://127.0.0.1/callback"),
        ("code_verifier", "another-verifier-that-is-long-enough-0123456789"),
        ("code_verifier", "short"),
    ] {
        let code = house.code(&app, &house.owner, ALL).await;
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", BACK),
            ("code_verifier", VERIFIER),
        ];
        fields.retain(|(name, _)| *name != wrong.0);
        refused(house.form(&app, "/oauth/token", &fields), 400, "invalid_request").await;
        fields.push(wrong);
        refused(house.form(&app, "/oauth/token", &fields), 400, "invalid_grant").await;
        refused(house.trade(&app, &code), 400, "invalid_grant").await;
    }
    let code = house.code(&app, &house.owner, ALL).await;
    app.advance(TimeDelta::seconds(60));
    refused(house.trade(&app, &code), 400, "invalid_grant").await;
    refused(house.trade(&app, "nonsense"), 400, "invalid_grant").await;
}

#[tokio::test]
async fn a_code_ends_with_the_session_it_was_given_from() {
    let app = start().await;
    let house = House::build(&app).await;
    let code = house.code(&app, &house.owner, ALL).await;
    app.delete("/sessions/current").token(&house.owner.access_token).no_content().await;
    refused(house.trade(&app, &code), 400, "invalid_grant").await;
}

#[tokio::test]
async fn a_refresh_token_is_traded_once_and_its_second_use_ends_the_family() {
    let app = start().await;
    let house = House::build(&app).await;
    let first = house.tokens(&app, &house.owner, ALL).await;
    let spent = first.refresh_token.unwrap();
    let second: TokenAnswer = house.refresh(&app, &spent).ok().await;
    let _ = app.get("/members").token(&second.access_token).await.expect(200);
    refused(house.refresh(&app, &spent), 400, "invalid_grant").await;
    app.get("/members").token(&second.access_token).problem(ErrorCode::NotSignedIn).await;
    refused(house.refresh(&app, &second.refresh_token.unwrap()), 400, "invalid_grant").await;
}

#[tokio::test]
async fn a_refresh_narrows_and_never_widens() {
    let app = start().await;
    let house = House::build(&app).await;
    let tokens = house.tokens(&app, &house.owner, ALL).await;
    let refresh = |token: &str, scope: &str| {
        house.form(
            &app,
            "/oauth/token",
            &[("grant_type", "refresh_token"), ("refresh_token", token), ("scope", scope)],
        )
    };
    let token = tokens.refresh_token.unwrap();
    refused(refresh(&token, "openid keys.read"), 400, "invalid_scope").await;
    let fewer: TokenAnswer = refresh(&token, "openid").ok().await;
    assert_eq!(fewer.scope, "openid");
    app.get("/members").token(&fewer.access_token).problem(ErrorCode::NotPermitted).await;
    let all: TokenAnswer = house.refresh(&app, &fewer.refresh_token.unwrap()).ok().await;
    assert_eq!(all.scope, ALL);
    // Of another application, and after its time.
    let other: NewOauthClient = register(&app, &house.owner, &wish()).created().await;
    let other = House { owner: house.owner.clone(), org: house.org, client: other };
    let token = all.refresh_token.unwrap();
    refused(other.refresh(&app, &token), 400, "invalid_grant").await;
    app.advance(TimeDelta::days(30));
    refused(house.refresh(&app, &token), 400, "invalid_grant").await;
}

#[tokio::test]
async fn a_public_application_has_no_secret_and_proves_by_its_key() {
    let app = start().await;
    let house = House::build(&app).await;
    let mut public = wish();
    public["kind"] = json!("public");
    public["grants"] = json!(["authorization_code", "refresh_token"]);
    let client: NewOauthClient = register(&app, &house.owner, &public).created().await;
    assert_eq!(client.secret, None);
    let id = client.client.id.to_string();
    let public = House { owner: house.owner.clone(), org: house.org, client };
    let code = public.code(&app, &house.owner, ALL).await;
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", BACK),
        ("code_verifier", VERIFIER),
        ("client_id", id.as_str()),
    ];
    let secret = [&fields[..], &[("client_secret", "x")][..]].concat();
    refused(form(&app, "/oauth/token", &secret), 401, "invalid_client").await;
    let tokens: TokenAnswer = form(&app, "/oauth/token", &fields).ok().await;
    let _ = app.get("/members").token(&tokens.access_token).await.expect(200);
    let about = [("token", tokens.access_token.as_str()), ("client_id", id.as_str())];
    refused(form(&app, "/oauth/introspect", &about), 401, "invalid_client").await;
    let rotate = app.post(&format!("/oauth/clients/{id}/rotate")).token(&house.owner.access_token);
    rotate.json(&json!({})).problem(ErrorCode::WrongState).await;
}

#[tokio::test]
async fn a_token_is_told_of_and_given_up_by_its_application_alone() {
    let app = start().await;
    let house = House::build(&app).await;
    let other: NewOauthClient = register(&app, &house.owner, &wish()).created().await;
    let other = House { owner: house.owner.clone(), org: house.org, client: other };
    let tokens = house.tokens(&app, &house.owner, ALL).await;
    let (access, refresh) = (tokens.access_token.as_str(), tokens.refresh_token.as_deref().unwrap());
    let about = |by: &House, token: &str| by.form(&app, "/oauth/introspect", &[("token", token)]);
    let state: TokenState = about(&house, access).ok().await;
    assert_eq!((state.active, state.scope.as_deref(), state.sub), (true, Some(ALL), Some(house.owner.me.id)));
    assert_eq!(state.iss.as_deref(), Some(app.url.as_str()));
    let told = about(&other, access).await.expect(200).value();
    assert_eq!(told, json!({"active": false}));
    let told: Value = about(&house, "rso_nonsense").await.expect(200).value();
    assert_eq!(told, json!({"active": false}));

    let give_up = |by: &House, token: &str| by.form(&app, "/oauth/revoke", &[("token", token)]);
    let _ = give_up(&other, access).await.expect(200);
    let _ = app.get("/members").token(access).await.expect(200);
    let _ = give_up(&house, access).await.expect(200);
    app.get("/members").token(access).problem(ErrorCode::NotSignedIn).await;
    let next: TokenAnswer = house.refresh(&app, refresh).ok().await;
    let _ = give_up(&house, next.refresh_token.as_deref().unwrap()).await.expect(200);
    app.get("/members").token(&next.access_token).problem(ErrorCode::NotSignedIn).await;
    refused(form(&app, "/oauth/revoke", &[("token", access)]), 401, "invalid_client").await;
    refused(house.form(&app, "/oauth/revoke", &[]), 400, "invalid_request").await;
}

/// The names of the published keys of ID tokens.
async fn published(app: &TestApp) -> Vec<String> {
    let client = testkit::client().build().expect("a client");
    let answer = client.get(format!("{}/.well-known/jwks.json", app.url)).send().await.expect("an answer");
    let set: Value = answer.json().await.expect("a key set");
    let keys = set["keys"].as_array().expect("keys");
    let rsa = keys.iter().filter(|key| key["kty"] == "RSA");
    rsa.map(|key| key["kid"].as_str().expect("a name").to_owned()).collect()
}

/// The name of the key that signs what an application is told of a newcomer.
async fn signs(app: &TestApp, house: &House, newcomer: &str) -> String {
    let fan = sign_up(app, newcomer).await;
    let token = house.tokens(app, &fan, "openid").await.id_token.expect("an ID token");
    let head = URL_SAFE_NO_PAD.decode(token.split('.').next().expect("a head")).expect("base64");
    let head: Value = serde_json::from_slice(&head).expect("JSON");
    head["kid"].as_str().expect("a name").to_owned()
}

#[tokio::test]
async fn a_signing_key_is_announced_used_and_withdrawn() {
    let app = setup().root(|_, config| well_known(config)).start().await;
    let house = House::build(&app).await;
    let first = signs(&app, &house, "first@demo.ringside.example").await;
    assert_eq!(published(&app).await, std::slice::from_ref(&first));
    app.advance(TimeDelta::days(90));
    app.run_timer("follow_signing_keys").await;
    app.run_timer("follow_signing_keys").await;
    let both = published(&app).await;
    assert_eq!((both.len(), &both[1]), (2, &first), "one follows, however often it is asked for");
    assert_eq!(
        signs(&app, &house, "second@demo.ringside.example").await,
        first,
        "nobody has read of the new one yet"
    );
    app.advance(TimeDelta::days(1));
    assert_eq!(signs(&app, &house, "third@demo.ringside.example").await, both[0]);
    assert_eq!(published(&app).await, both, "what the old one signed can be checked");
    app.advance(TimeDelta::days(1));
    app.run_timer("follow_signing_keys").await;
    app.advance(TimeDelta::minutes(10));
    assert_eq!(published(&app).await, both[..1]);
}

#[tokio::test]
async fn tokens_that_are_over_are_forgotten() {
    let app = start().await;
    let house = House::build(&app).await;
    let _ = house.tokens(&app, &house.owner, "openid members.read").await;
    app.run_timer("forget_oauth_tokens").await;
    assert_eq!(app.count("SELECT count(*) FROM oauth_tokens").await, 1);
    app.advance(TimeDelta::days(2));
    app.run_timer("forget_oauth_tokens").await;
    assert_eq!(app.count("SELECT count(*) FROM oauth_tokens").await, 0);
    assert_eq!(app.count("SELECT count(*) FROM oauth_authorisations").await, 0);
    let step = super::view(&app, None, &house.query("openid", &[("prompt", "none")])).ok().await;
    assert_eq!(param(&step, "error").as_deref(), Some("login_required"));
}
