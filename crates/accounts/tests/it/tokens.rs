//! `/tokens`, and who is believed.

use chrono::TimeDelta;
use contract::ErrorCode;
use contract::accounts::{Me, Session};
use serde_json::json;
use testkit::{Call, TestApp};

use crate::{sign_up, start};

const FAN: &str = "fan@demo.ringside.example";

fn revoke(app: &TestApp, token: &str) -> Call {
    app.post("/tokens/revoke").json(&json!({"token": token}))
}

fn refresh(app: &TestApp, session: &Session) -> Call {
    app.post("/sessions/refresh").json(&json!({"refresh_token": session.refresh_token}))
}

#[tokio::test]
async fn a_leaked_access_token_is_given_up_and_its_session_goes_on() {
    let app = start().await;
    let session = sign_up(&app, FAN).await;
    revoke(&app, &session.access_token).no_content().await;
    revoke(&app, &session.access_token).no_content().await;
    app.get("/me").token(&session.access_token).problem(ErrorCode::NotSignedIn).await;
    let next: Session = refresh(&app, &session).ok().await;
    let _: Me = app.get("/me").token(&next.access_token).ok().await;

    // Once it would have ended anyway nothing is kept of it.
    app.advance(TimeDelta::minutes(11));
    app.run_timer("forget_sessions").await;
    assert_eq!(app.count("SELECT count(*) FROM denied_tokens").await, 0);
}

#[tokio::test]
async fn a_leaked_refresh_token_ends_its_session() {
    let app = start().await;
    let session = sign_up(&app, FAN).await;
    revoke(&app, session.refresh_token.as_deref().unwrap()).no_content().await;
    app.get("/me").token(&session.access_token).problem(ErrorCode::NotSignedIn).await;
    refresh(&app, &session).problem(ErrorCode::SessionEnded).await;
}

#[tokio::test]
async fn any_other_text_is_answered_alike_and_does_nothing() {
    let app = start().await;
    let session = sign_up(&app, FAN).await;
    for text in ["made-up", "e30.e30.e30"] {
        revoke(&app, text).no_content().await;
    }
    let _: Me = app.get("/me").token(&session.access_token).ok().await;
}
