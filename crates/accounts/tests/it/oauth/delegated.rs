//! What an application may do, for itself and for somebody: never more than either.

use chrono::TimeDelta;
use contract::ErrorCode;
use contract::accounts::Member;
use contract::oauth::TokenAnswer;
use serde_json::json;
use testkit::TestApp;

use super::{House, refused, wish};
use crate::{join, start};

async fn own(app: &TestApp, house: &House, scope: &str) -> TokenAnswer {
    house.form(app, "/oauth/token", &[("grant_type", "client_credentials"), ("scope", scope)]).ok().await
}

#[tokio::test]
async fn an_application_acts_for_itself_within_its_scopes() {
    let app = start().await;
    let house = House::build(&app).await;
    let token = own(&app, &house, "members.read").await;
    assert!(token.refresh_token.is_none() && token.id_token.is_none());
    let _ = app.get("/members").token(&token.access_token).await.expect(200);
    let _ = app.get("/members").token(&token.access_token).in_org(house.org).await.expect(200);
    app.get("/keys").token(&token.access_token).problem(ErrorCode::NotPermitted).await;
    app.get("/me").token(&token.access_token).problem(ErrorCode::NotPermitted).await;
    app.get("/oauth/userinfo").token(&token.access_token).problem(ErrorCode::NotPermitted).await;
    let elsewhere = app.get("/members").token(&token.access_token).in_org(uuid::Uuid::now_v7());
    elsewhere.problem(ErrorCode::NotPermitted).await;
    let wider = [("grant_type", "client_credentials"), ("scope", "orders.read")];
    refused(house.form(&app, "/oauth/token", &wider), 400, "invalid_scope").await;
    let identity = [("grant_type", "client_credentials"), ("scope", "openid")];
    refused(house.form(&app, "/oauth/token", &identity), 400, "invalid_scope").await;
    // What is taken from the application is taken from its tokens at once.
    let mut less = wish();
    less.as_object_mut().unwrap().remove("kind");
    less["scopes"] = json!(["openid", "events.read"]);
    let path = format!("/oauth/clients/{}", house.id());
    let _ = app.put(&path).token(&house.owner.access_token).json(&less).await.expect(200);
    app.get("/members").token(&token.access_token).problem(ErrorCode::NotPermitted).await;
    app.advance(TimeDelta::minutes(10));
    app.get("/members").token(&token.access_token).problem(ErrorCode::NotSignedIn).await;
}

#[tokio::test]
async fn for_somebody_it_may_what_both_they_and_the_scopes_allow() {
    let app = start().await;
    let house = House::build(&app).await;
    let viewer = join(&app, &house.owner, house.org, "viewer@demo.ringside.example", "viewer").await;
    // The scope is there, the right is not.
    let token =
        house.tokens(&app, &viewer, "openid offline_access members.read keys.read").await.access_token;
    let _ = app.get("/members").token(&token).await.expect(200);
    app.get("/keys").token(&token).problem(ErrorCode::NotPermitted).await;
    // The right is there, the scope is not.
    let token_of_owner = house.tokens(&app, &house.owner, "openid members.read").await.access_token;
    app.get("/keys").token(&token_of_owner).problem(ErrorCode::NotPermitted).await;
    app.get("/oauth/clients").token(&token_of_owner).problem(ErrorCode::NotPermitted).await;
    // What people do for themselves is no application's business.
    for path in ["/me", "/sessions", "/organisations", "/oauth/connections"] {
        app.get(path).token(&token_of_owner).problem(ErrorCode::NotPermitted).await;
    }
    // A change of role counts at once, and so does the end of the membership.
    let member = format!("/members/{}", viewer.me.id);
    let change = app.patch(&member).token(&house.owner.access_token).json(&json!({"role": "client"}));
    let _: Member = change.ok().await;
    app.get("/members").token(&token).problem(ErrorCode::NotPermitted).await;
    let change = app.patch(&member).token(&house.owner.access_token).json(&json!({"role": "viewer"}));
    let _: Member = change.ok().await;
    let _ = app.get("/members").token(&token).await.expect(200);
    app.delete(&member).token(&house.owner.access_token).no_content().await;
    app.get("/members").token(&token).problem(ErrorCode::NotPermitted).await;
}

#[tokio::test]
async fn it_is_refused_where_a_fresh_proof_is_wanted() {
    let app = start().await;
    let owner = crate::sign_up(&app, super::OWNER).await;
    let org = crate::found(&app, &owner, "demo").await.id;
    let mut all = wish();
    all["scopes"] = json!(["openid", "keys.read", "keys.manage"]);
    let client = super::register(&app, &owner, &all).created().await;
    let house = House { owner, org, client };
    let token = house.tokens(&app, &house.owner, "openid keys.read keys.manage").await.access_token;
    let key = json!({"name": "More", "permissions": ["keys.read"]});
    app.post("/keys").token(&token).json(&key).problem(ErrorCode::ConfirmationNeeded).await;
    app.post("/oauth/clients").token(&token).json(&all).problem(ErrorCode::ConfirmationNeeded).await;
}

#[tokio::test]
async fn without_offline_access_it_ends_with_the_session() {
    let app = start().await;
    let house = House::build(&app).await;
    let brief = house.tokens(&app, &house.owner, "openid members.read").await;
    let lasting = house.tokens(&app, &house.owner, "openid offline_access members.read").await;
    app.delete("/sessions/current").token(&house.owner.access_token).no_content().await;
    app.get("/members").token(&brief.access_token).problem(ErrorCode::NotSignedIn).await;
    let _ = app.get("/members").token(&lasting.access_token).await.expect(200);
}

#[tokio::test]
async fn what_the_organisation_asks_of_its_members_it_asks_of_their_applications() {
    let app = start().await;
    let house = House::build(&app).await;
    let token = house.tokens(&app, &house.owner, "openid members.read").await.access_token;
    app.execute("UPDATE organisations SET requires_second_factor = true").await;
    app.get("/members").token(&token).problem(ErrorCode::SecondFactorRequired).await;
    app.execute(
        "UPDATE organisations SET requires_second_factor = false, allowed_networks = '{203.0.113.0/24}'",
    )
    .await;
    app.get("/members").token(&token).problem(ErrorCode::NetworkNotAllowed).await;
}

#[tokio::test]
async fn the_log_names_person_and_application() {
    let app = start().await;
    let house = House::build(&app).await;
    let mut wider = wish();
    wider["scopes"] = json!(["openid", "members.read", "members.manage"]);
    let client = super::register(&app, &house.owner, &wider).created().await;
    let house = House { owner: house.owner, org: house.org, client };
    let token = house.tokens(&app, &house.owner, "openid members.read members.manage").await.access_token;
    let role = json!({"name": "Press", "permissions": ["members.read"]});
    let _ = app.post("/roles").token(&token).json(&role).await.expect(201);
    let named = format!(
        "SELECT count(*) FROM audit_log AS log
           JOIN oauth_authorisations AS a ON a.id = log.session_id
           JOIN audit_log AS given ON given.subject_id = a.id AND given.action = 'authorisation.given'
          WHERE log.action = 'role.created' AND log.actor_kind = 'client' AND log.actor_id = '{}'
            AND given.after ->> 'application' = '{}'",
        house.owner.me.id,
        house.id()
    );
    assert_eq!(app.count(&named).await, 1);
}
