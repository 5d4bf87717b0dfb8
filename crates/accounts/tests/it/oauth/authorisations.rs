//! `/oauth/authorisations` and `/oauth/connections`.

use chrono::TimeDelta;
use contract::oauth::{AuthorisationStep, Connection};
use contract::{ErrorCode, Page};
use serde_json::json;

use super::{House, param, view};
use crate::{join, sign_up, start};

#[tokio::test]
async fn nobody_is_sent_to_an_address_that_is_not_the_applications() {
    let app = start().await;
    let house = House::build(&app).await;
    for (field, more) in [
        ("redirect_uri", ("redirect_uri", "https://evil.example/")),
        ("redirect_uri", ("redirect_uri", "https://app.ringside.example/callback/")),
        ("redirect_uri", ("redirect_uri", "-")),
        ("client_id", ("client_id", "00000000-0000-7000-8000-000000000000")),
        ("client_id", ("client_id", "x")),
        ("scope", ("scope", "openid&")),
    ] {
        let query = match more.1 {
            "openid&" => format!("{}&scope=email", house.query("openid", &[])),
            _ => house.query("openid", &[more]),
        };
        let problem = view(&app, Some(&house.owner), &query).problem(ErrorCode::InvalidFields).await;
        assert_eq!(problem.fields[0].field, field, "{query}");
    }
    let here = house.query("openid", &[("redirect_uri", "http://127.0.0.1:4711/callback")]);
    let step: AuthorisationStep = view(&app, Some(&house.owner), &here).ok().await;
    assert!(matches!(step, AuthorisationStep::Ask(_)), "any port of this machine");
}

#[tokio::test]
async fn what_else_is_wrong_goes_back_to_the_application() {
    let app = start().await;
    let house = House::build(&app).await;
    for (error, more) in [
        ("unsupported_response_type", ("response_type", "token")),
        ("invalid_request", ("response_type", "-")),
        ("invalid_request", ("response_mode", "fragment")),
        ("invalid_request", ("code_challenge", "-")),
        ("invalid_request", ("code_challenge", "short")),
        ("invalid_request", ("code_challenge_method", "plain")),
        ("invalid_request", ("code_challenge_method", "-")),
        ("invalid_scope", ("scope", "orders.read")),
        ("invalid_scope", ("scope", "nonsense")),
        ("invalid_scope", ("scope", "-")),
        ("invalid_request", ("prompt", "none login")),
        ("invalid_request", ("max_age", "soon")),
        ("request_not_supported", ("request", "x")),
        ("request_uri_not_supported", ("request_uri", "x")),
    ] {
        let query = house.query("openid", &[more]);
        let step: AuthorisationStep = view(&app, Some(&house.owner), &query).ok().await;
        assert_eq!(param(&step, "error").as_deref(), Some(error), "{more:?}");
        assert_eq!(param(&step, "state").as_deref(), Some("s t"));
        assert_eq!(param(&step, "iss").as_deref(), Some(app.url.as_str()));
        assert_eq!(param(&step, "code"), None);
    }
}

#[tokio::test]
async fn a_person_is_asked_once_and_their_answer_is_remembered() {
    let app = start().await;
    let house = House::build(&app).await;
    let query = house.query("openid members.read", &[]);
    let none = house.query("openid members.read", &[("prompt", "none")]);
    let step: AuthorisationStep = view(&app, None, &query).ok().await;
    assert_eq!(step, AuthorisationStep::SignIn);
    let step: AuthorisationStep = view(&app, None, &none).ok().await;
    assert_eq!(param(&step, "error").as_deref(), Some("login_required"));
    let step: AuthorisationStep = view(&app, Some(&house.owner), &none).ok().await;
    assert_eq!(param(&step, "error").as_deref(), Some("consent_required"));

    let AuthorisationStep::Ask(question) = view(&app, Some(&house.owner), &query).ok().await else {
        panic!("asked")
    };
    assert_eq!(
        (question.application.as_str(), question.made_by.as_str()),
        ("Demo accounting", "Demo Promotions")
    );
    assert_eq!(question.returns_to, "https://app.ringside.example");
    assert_eq!(question.organisations[0].id, house.org);

    let decide = |allow: bool, org: Option<uuid::Uuid>| {
        let wish = json!({"query": query, "allow": allow, "organisation": org});
        app.post("/oauth/authorisations").token(&house.owner.access_token).json(&wish)
    };
    let step: AuthorisationStep = decide(false, None).ok().await;
    assert_eq!(param(&step, "error").as_deref(), Some("access_denied"));
    decide(true, None).problem(ErrorCode::InvalidFields).await;
    decide(true, Some(uuid::Uuid::now_v7())).problem(ErrorCode::InvalidFields).await;
    let step: AuthorisationStep = decide(true, Some(house.org)).ok().await;
    assert!(param(&step, "code").is_some());

    let step: AuthorisationStep = view(&app, Some(&house.owner), &none).ok().await;
    assert!(param(&step, "code").is_some(), "not asked again");
    let fewer = house.query("openid", &[]);
    let step: AuthorisationStep = view(&app, Some(&house.owner), &fewer).ok().await;
    assert!(param(&step, "code").is_some(), "nor for less");
    for query in [house.query("openid email", &[]), house.query("openid", &[("prompt", "consent")])] {
        let step: AuthorisationStep = view(&app, Some(&house.owner), &query).ok().await;
        assert!(matches!(step, AuthorisationStep::Ask(_)), "{query}");
    }
}

#[tokio::test]
async fn an_application_may_want_a_fresh_proof() {
    let app = start().await;
    let house = House::build(&app).await;
    app.advance(TimeDelta::minutes(5));
    for more in [("prompt", "login"), ("max_age", "100")] {
        let query = house.query("openid", &[more]);
        view(&app, Some(&house.owner), &query).problem(ErrorCode::ConfirmationNeeded).await;
        let wish = json!({"query": query, "allow": true});
        let decide = app.post("/oauth/authorisations").token(&house.owner.access_token).json(&wish);
        decide.problem(ErrorCode::ConfirmationNeeded).await;
    }
    let silent = house.query("openid", &[("max_age", "100"), ("prompt", "none")]);
    let step: AuthorisationStep = view(&app, Some(&house.owner), &silent).ok().await;
    assert_eq!(param(&step, "error").as_deref(), Some("login_required"));
    let lenient = house.query("openid", &[("max_age", "1000")]);
    let step: AuthorisationStep = view(&app, Some(&house.owner), &lenient).ok().await;
    assert!(matches!(step, AuthorisationStep::Ask(_)));
}

#[tokio::test]
async fn a_connection_is_seen_and_ended_by_its_person_alone() {
    let app = start().await;
    let house = House::build(&app).await;
    let tokens = house.tokens(&app, &house.owner, "openid offline_access members.read").await;
    let _ = app.get("/members").token(&tokens.access_token).await.expect(200);
    let list: Page<Connection> = app.get("/oauth/connections").token(&house.owner.access_token).ok().await;
    let [one] = &list.items[..] else { panic!("one connection: {list:?}") };
    assert_eq!(
        (one.application.as_str(), one.organisation.as_deref()),
        ("Demo accounting", Some("Demo Promotions"))
    );

    let path = format!("/oauth/connections/{}", one.id);
    let other = join(&app, &house.owner, house.org, "viewer@demo.ringside.example", "viewer").await;
    app.delete(&path).token(&other.access_token).problem(ErrorCode::NotFound).await;
    app.delete(&path).token(&tokens.access_token).problem(ErrorCode::NotPermitted).await;
    app.delete(&path).token(&house.owner.access_token).no_content().await;
    app.get("/members").token(&tokens.access_token).problem(ErrorCode::NotSignedIn).await;
    super::refused(house.refresh(&app, &tokens.refresh_token.unwrap()), 400, "invalid_grant").await;
    app.delete(&path).token(&house.owner.access_token).problem(ErrorCode::NotFound).await;
    let silent = house.query("openid", &[("prompt", "none")]);
    let step: AuthorisationStep = view(&app, Some(&house.owner), &silent).ok().await;
    assert_eq!(param(&step, "error").as_deref(), Some("consent_required"));
}

#[tokio::test]
async fn who_belongs_nowhere_may_still_say_who_they_are() {
    let app = start().await;
    let house = House::build(&app).await;
    let fan = sign_up(&app, "fan@demo.ringside.example").await;
    let tokens = house.tokens(&app, &fan, "openid email").await;
    let told = app.get("/oauth/userinfo").token(&tokens.access_token).await.expect(200).value();
    assert_eq!(told, json!({"sub": fan.me.id, "email": "fan@demo.ringside.example", "email_verified": true}));
    app.get("/members").token(&tokens.access_token).problem(ErrorCode::NotPermitted).await;
    assert!(tokens.refresh_token.is_none(), "only with offline_access");
}
