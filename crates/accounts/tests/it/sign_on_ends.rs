//! What sessions rest on may end: the provider they came by, or the freedom to come without it.

use chrono::TimeDelta;
use contract::ErrorCode;
use contract::accounts::Session;
use contract::factors::SecondFactorNeeded;
use contract::invitations::Invitation;
use domain::Role;
use serde_json::json;
use testkit::TestApp;

use crate::factors::{code, with_totp};
use crate::provider::Browser;
use crate::sign_on::{FAN, Place, out};
use crate::{PASSWORD, letters, sign_up};

async fn goes_on(app: &TestApp, session: &Session) -> bool {
    app.get("/me").token(&session.access_token).await.status == 200
}

/// Signs the fan in by their password.
async fn by_password(app: &TestApp) -> Session {
    let wish = json!({"email": FAN, "password": PASSWORD, "token_in_body": true});
    app.post("/sessions").json(&wish).created().await
}

/// How many sessions the audit log says were ended, entry by entry.
async fn noted(app: &TestApp) -> i64 {
    app.count(
        "SELECT coalesce(sum((after->>'sessions')::bigint), 0)::bigint AS count FROM audit_log WHERE action = 'sign_on.sessions_ended'",
    )
    .await
}

#[tokio::test]
async fn sessions_end_with_the_provider_they_came_by() {
    let place = Place::with(json!({})).await;
    let app = &place.app;
    sign_up(app, FAN).await;
    let (by_provider, by_password) = (place.enter("fan").await, by_password(app).await);
    place.change(json!({"name": "Another name"})).await;
    assert!(goes_on(app, &by_provider).await, "a change that ends nothing");

    place.change(json!({"enabled": false})).await;
    app.get("/me").token(&by_provider.access_token).problem(ErrorCode::NotSignedIn).await;
    assert!(goes_on(app, &by_password).await && goes_on(app, &place.owner).await);
    assert_eq!(noted(app).await, 1);
    place.change(json!({"enabled": false})).await;
    assert_eq!(noted(app).await, 1, "nothing was left to end");

    place.change(json!({})).await;
    let again = place.enter("fan").await;
    place.by(app.delete(&format!("/identity-providers/{}", place.id))).no_content().await;
    assert!(!goes_on(app, &again).await && goes_on(app, &by_password).await);
    assert_eq!(noted(app).await, 2);
    letters(app).await;
}

#[tokio::test]
async fn a_second_factor_lets_in_by_the_provider_while_it_is_there() {
    let place = Place::with(json!({})).await;
    let app = &place.app;
    let fan = place.enter("fan").await;
    let (secret, _) = with_totp(app, &fan).await;
    let ask = async || {
        app.advance(TimeDelta::seconds(31)); // A code is good once.
        let (_, cookie) = place.go("fan").await;
        let asked: SecondFactorNeeded = place.finish(&cookie).await.expect(202).json();
        let proof = json!({"method": "totp", "code": code(app, &secret)});
        let answer = json!({"secret": asked.challenge.secret, "proof": proof, "token_in_body": true});
        app.post(&format!("/sessions/challenges/{}", asked.challenge.id)).json(&answer)
    };
    let entered: Session = ask().await.created().await;
    let answer = ask().await;
    place.change(json!({"enabled": false})).await;
    answer.problem(ErrorCode::SignOnOver).await;
    assert!(!goes_on(app, &entered).await);
    letters(app).await;
}

#[tokio::test]
async fn who_has_to_come_by_the_provider_and_did_not_is_signed_out() {
    let place = Place::with(json!({})).await;
    let app = &place.app;
    let outsider = sign_up(app, "other@demo.example").await;
    sign_up(app, FAN).await;
    let (by_provider, by_password) = (place.enter("fan").await, by_password(app).await);
    place.change(json!({"enabled": false, "required": true})).await;
    assert!(goes_on(app, &by_password).await, "one that is switched off asks nothing");
    app.execute("UPDATE sessions SET ended_at = NULL, end_reason = NULL").await;

    place.change(json!({"required": true})).await;
    app.get("/me").token(&by_password.access_token).problem(ErrorCode::NotSignedIn).await;
    assert!(goes_on(app, &by_provider).await, "they came by it");
    assert!(goes_on(app, &place.owner).await, "owners may still use their password");
    assert!(goes_on(app, &outsider).await, "no member");
    letters(app).await;
}

#[tokio::test]
async fn an_open_question_lets_nobody_past_a_provider_that_became_required() {
    let place = Place::with(json!({})).await;
    let app = &place.app;
    let fan = sign_up(app, FAN).await;
    place.enter("fan").await;
    let (secret, _) = with_totp(app, &fan).await;
    let ask = async || {
        app.advance(TimeDelta::seconds(31)); // A code is good once.
        let wish = json!({"email": FAN, "password": PASSWORD, "token_in_body": true});
        let asked: SecondFactorNeeded = app.post("/sessions").json(&wish).await.expect(202).json();
        let proof = json!({"method": "totp", "code": code(app, &secret)});
        let answer = json!({"secret": asked.challenge.secret, "proof": proof, "token_in_body": true});
        app.post(&format!("/sessions/challenges/{}", asked.challenge.id)).json(&answer)
    };
    let _: Session = ask().await.created().await;
    let answer = ask().await;
    place.change(json!({"required": true})).await;
    answer.problem(ErrorCode::SignOnRequired).await;
    assert_eq!(app.count("SELECT count(*) FROM sessions WHERE ended_at IS NULL AND provider_id IS NULL AND user_id <> (SELECT user_id FROM members WHERE role = 'owner')").await, 0);
    letters(app).await;
}

#[tokio::test]
async fn who_signs_up_by_an_invitation_comes_by_the_required_provider() {
    let place = Place::with(json!({"required": true})).await;
    let app = &place.app;
    letters(app).await;
    let wish = json!({"email": FAN, "role": "viewer"});
    let _: Invitation = place.by(app.post("/invitations")).json(&wish).created().await;
    let mut wish = crate::invited(app).await;
    for (name, value) in
        [("password", json!(PASSWORD)), ("name", json!("Demo Fan")), ("token_in_body", json!(true))]
    {
        wish[name] = value;
    }
    app.post("/invitations/sign-up").json(&wish).problem(ErrorCode::SignOnRequired).await;
    // The account is open and a member all the same, and the provider leads to it.
    let entered = place.enter("fan").await;
    assert_eq!(
        (entered.me.memberships[0].organisation.id, entered.me.memberships[0].role),
        (place.org, Role::Viewer)
    );
    letters(app).await;
}

#[tokio::test]
async fn an_address_is_believed_by_who_owns_its_domain() {
    let place = Place::with(json!({})).await;
    place.provider.account("silent", json!({"email": "silent@demo.example"})).await;
    assert_eq!(place.enter("silent").await.me.email, "silent@demo.example");
    place.provider.account("denied", json!({"email": FAN, "email_verified": false})).await;
    place.refused("denied", ErrorCode::SignOnAddressUnproven).await;
    place.provider.account("foreign", json!({"email": "silent@elsewhere.example"})).await;
    place.refused("foreign", ErrorCode::SignOnAddressUnproven).await;

    // The platform's provider is anybody's: nobody's domain makes its silence good.
    place
        .app
        .execute(&format!("UPDATE organisations SET kind = 'platform' WHERE id = '{}'", place.org))
        .await;
    place.provider.account("quiet", json!({"email": "quiet@demo.example"})).await;
    let (url, cookie) = out(place.app.post("/sign-on/begin").json(&json!({"provider": place.id})).await);
    let back = Browser::new().sign_in(&url, "quiet").await;
    assert_eq!(Browser::new().come_back(&back, &cookie).await, "sign-on?error=sign_on_address_unproven");
    letters(&place.app).await;
}
