//! Accounts over HTTP, against a real PostgreSQL.

mod members;
mod organisations;
mod people;
mod sessions;
mod threats;

use std::sync::Arc;

use accounts::Accounts;
use actix_web::web;
use contract::accounts::{Member, Organisation, Session};
use serde_json::json;
use testkit::{Setup, TestApp};
use uuid::Uuid;

/// Hard enough to guess.
const PASSWORD: &str = "southpaw-in-the-third-round";

fn setup() -> Setup {
    Setup::new()
        .config(|config| {
            // As cheap as Argon2 allows: what it costs is not tested here.
            config.password_memory_kib = 8;
            config.password_iterations = 1;
        })
        .routes(accounts::configure)
        .jobs(accounts::jobs)
        .data(|app, config| {
            config.app_data(web::Data::new(Accounts::new(app).expect("the settings of a test hold")));
        })
        .authenticate(|app| Arc::new(Accounts::new(app).expect("the settings of a test hold")))
}

async fn start() -> TestApp {
    setup().start().await
}

/// Opens an account and gives its session.
async fn sign_up(app: &TestApp, email: &str) -> Session {
    let wish = json!({"email": email, "password": PASSWORD, "name": "Demo Person", "token_in_body": true});
    app.post("/people").json(&wish).created().await
}

/// Founds an organisation.
async fn found(app: &TestApp, founder: &Session, slug: &str) -> Organisation {
    let wish = json!({"name": "Demo Promotions", "slug": slug, "kind": "promoter"});
    app.post("/organisations").token(&founder.access_token).json(&wish).created().await
}

/// Opens an account and gives it a role in an organisation of `owner`.
async fn join(app: &TestApp, owner: &Session, org: Uuid, email: &str, role: &str) -> Session {
    let session = sign_up(app, email).await;
    let wish = json!({"email": email, "role": role});
    let _: Member = app.post("/members").token(&owner.access_token).in_org(org).json(&wish).created().await;
    session
}
