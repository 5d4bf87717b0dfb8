//! Callers are remembered for a moment, and forgotten as soon as their rights change.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use contract::accounts::Session;
use contract::keys::NewApiKey;
use contract::{ErrorCode, Page};
use serde_json::{Value, json};
use testkit::TestApp;

use crate::{found, join, sign_up, start};

const OWNER: &str = "owner@demo.ringside.example";

/// Changes the database as another process would, of which this server only hears.
pub(crate) async fn elsewhere(app: &TestApp, statement: &str) {
    let (client, connection) =
        tokio_postgres::connect(&app.database_url(), tokio_postgres::NoTls).await.expect("it answers");
    let driver = tokio::spawn(connection);
    client.batch_execute(statement).await.expect("it is done");
    drop(client);
    driver.await.expect("no panic").expect("it ends well");
}

async fn status(app: &TestApp, by: &Session) -> u16 {
    app.get("/members").token(&by.access_token).send().await.status.as_u16()
}

#[tokio::test]
async fn what_another_process_takes_away_is_heard_of() {
    let app = start().await;
    let owner = sign_up(&app, OWNER).await;
    let org = found(&app, &owner, "demo").await.id;
    let viewer = join(&app, &owner, org, "viewer@demo.ringside.example", "viewer").await;
    assert_eq!(status(&app, &viewer).await, 200);

    elsewhere(&app, &format!("DELETE FROM members WHERE user_id = '{}'", viewer.me.id)).await;
    // The clock of the test stands still: nothing is forgotten by age.
    let limit = Instant::now() + Duration::from_secs(20);
    while status(&app, &viewer).await != 403 {
        assert!(Instant::now() < limit, "the server never heard of it");
    }
}

#[tokio::test]
async fn a_remembered_key_still_ends_on_time() {
    let app = start().await;
    let owner = sign_up(&app, OWNER).await;
    found(&app, &owner, "demo").await;
    let ends = app.clock.now() + TimeDelta::hours(2);
    let wish = json!({"name": "Site", "permissions": ["members.read"], "expires_at": ends});
    let key: NewApiKey = app.post("/keys").token(&owner.access_token).json(&wish).created().await;
    let read = || app.get("/members").token(&key.secret);
    app.advance(TimeDelta::hours(2) - TimeDelta::seconds(1));
    let _: Page<Value> = read().ok().await;
    app.advance(TimeDelta::seconds(1));
    read().problem(ErrorCode::NotSignedIn).await;
}

#[tokio::test]
async fn a_remembered_token_still_ends_on_time() {
    let app = start().await;
    let owner = sign_up(&app, OWNER).await;
    let me = || app.get("/me").token(&owner.access_token);
    app.advance(accounts::ACCESS_LIFETIME - TimeDelta::seconds(1));
    let _: Value = me().ok().await;
    app.advance(TimeDelta::seconds(1));
    me().problem(ErrorCode::TokenExpired).await;
}

#[tokio::test]
async fn the_same_token_acts_in_the_organisation_that_is_chosen() {
    let app = start().await;
    let owner = sign_up(&app, OWNER).await;
    let first = found(&app, &owner, "one").await.id;
    let second = found(&app, &owner, "two").await.id;
    join(&app, &owner, second, "viewer@demo.ringside.example", "viewer").await;
    for (org, members) in [(first, 1), (second, 2), (first, 1)] {
        let list = app.get("/members").token(&owner.access_token).in_org(org);
        let page: Page<Value> = list.ok().await;
        assert_eq!(page.items.len(), members);
    }
}
