//! Accounts over HTTP, against a real PostgreSQL.

mod grants;
mod invitations;
mod keys;
mod members;
mod networks;
mod organisations;
mod people;
mod roles;
mod sessions;
mod teams;

use std::sync::Arc;

use accounts::{Accounts, Addressee, PostLetter};
use actix_web::web;
use contract::accounts::{Me, Organisation, Session};
use contract::invitations::Invitation;
use diesel::QueryableByName;
use diesel::sql_types::Jsonb;
use diesel_async::RunQueryDsl as _;
use domain::AccountLetter;
use serde_json::{Value, json};
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
    let invite = app.post("/invitations").token(&owner.access_token).in_org(org).json(&wish);
    let _: Invitation = invite.created().await;
    let token = invited(app).await;
    let _: Me = app.post("/invitations/accept").token(&session.access_token).json(&token).ok().await;
    session
}

/// The letters accounts wants to be sent, oldest first; none of them is left to do.
async fn letters(app: &TestApp) -> Vec<(Addressee, AccountLetter)> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Jsonb)]
        payload: Value,
    }
    let rows: Vec<Row> = app
        .sql(async |conn| {
            let taken = "DELETE FROM jobs WHERE kind = 'post_account_letter' RETURNING id, payload";
            let query = format!("WITH taken AS ({taken}) SELECT payload FROM taken ORDER BY id");
            Ok(diesel::sql_query(query).load(conn).await?)
        })
        .await;
    let open = |row: Row| {
        let letter: PostLetter = serde_json::from_value(row.payload).expect("a job is its JSON");
        letter.open(&app.state().keys).expect("sealed by the app's own key")
    };
    rows.into_iter().map(open).collect()
}

/// The token of the one invitation that is on its way, as it travels in a body.
async fn invited(app: &TestApp) -> Value {
    match &letters(app).await[..] {
        [(_, AccountLetter::Invitation { link, .. })] => {
            let (page, token) = link.split_once('#').expect("the secret stands behind #");
            assert!(page.ends_with("/account/invitation"), "{page}");
            json!({"token": token})
        }
        other => panic!("one invitation, not {other:?}"),
    }
}
