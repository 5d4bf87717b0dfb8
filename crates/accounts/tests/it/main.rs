//! Accounts over HTTP, against a real PostgreSQL.

mod attempts;
mod authenticator;
mod challenges;
mod confirmations;
mod domains;
mod factors;
mod grants;
mod identity_providers;
mod invitations;
mod keys;
mod known;
mod live;
mod members;
mod networks;
mod oauth;
mod organisations;
mod passkeys;
mod passwords;
mod people;
mod places;
mod post;
mod provider;
mod roles;
mod saml;
mod saml_attacks;
mod sessions;
mod sign_in_policy;
mod sign_on;
mod sign_on_ends;
mod teams;
mod threats;
mod tokens;

use std::sync::Arc;

use accounts::{Accounts, Addressee, PostLetter};
use actix_web::web;
use contract::accounts::{Me, Organisation, Session};
use contract::invitations::Invitation;
use domain::AccountLetter;
use platform::jobs::JobContext;
use serde_json::{Value, json};
use testkit::{Answer, Setup, TestApp};
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
        .jobs(|registry| registry.on(keep))
        .data(|app, config| {
            config.app_data(web::Data::new(Accounts::new(app).expect("the settings of a test hold")));
        })
        .authenticate(|app| Arc::new(Accounts::new(app).expect("the settings of a test hold")))
}

async fn start() -> TestApp {
    setup().start().await
}

type Letters = Vec<(Addressee, AccountLetter)>;

/// Messaging's place: letters are kept until [`letters`] takes them.
async fn keep(context: JobContext, job: PostLetter) -> anyhow::Result<()> {
    let mut letters = kept(&context).await;
    letters.push(job.open(&context.app.keys)?);
    let bytes = serde_json::to_vec(&letters)?;
    context.app.cache.put("letters", bytes.into(), std::time::Duration::from_secs(3600)).await;
    Ok(())
}

async fn kept(context: &JobContext) -> Letters {
    match context.app.cache.get("letters").await {
        Some(bytes) => serde_json::from_slice(&bytes).expect("letters were kept"),
        None => Vec::new(),
    }
}

/// Does what is due and takes the letters written since the last time.
async fn letters(app: &TestApp) -> Letters {
    app.run_jobs().await;
    let letters = kept(app.context()).await;
    app.context().app.cache.remove("letters").await;
    letters
}

/// Takes the letters; there is one, it goes to `email` and has that name.
async fn only_letter(app: &TestApp, email: &str, name: &str) -> AccountLetter {
    let mut letters = letters(app).await;
    let told: Vec<_> = letters.iter().map(|(to, letter)| (to.address.as_str(), letter.name())).collect();
    assert_eq!(told, [(email, name)]);
    letters.remove(0).1
}

/// What stands behind `#` in the letter's link.
fn token(letter: &AccountLetter) -> String {
    match letter {
        AccountLetter::VerifyAddress { link } | AccountLetter::ResetPassword { link } => {
            link.split_once('#').expect("the link carries a token").1.to_owned()
        }
        other => panic!("no token is in {}", other.name()),
    }
}

/// Asks for an account.
async fn ask(app: &TestApp, email: &str) {
    let wish = json!({"email": email, "password": PASSWORD, "name": "Demo Person"});
    let _ = app.post("/people").json(&wish).await.expect(202);
}

/// Opens an account and gives its first session.
async fn sign_up(app: &TestApp, email: &str) -> Session {
    ask(app, email).await;
    let token = token(&only_letter(app, email, "verify_address").await);
    let proof = json!({"token": token, "token_in_body": true});
    app.post("/people/verify").json(&proof).created().await
}

/// A cookie of an answer as a browser would send it back; the first without its attributes.
fn cookie(answer: &Answer, name: &str) -> String {
    let all = answer.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
    let found = all.filter_map(|cookie| cookie.split(';').next()).find(|cookie| cookie.starts_with(name));
    found.unwrap_or_default().to_owned()
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

/// The token of the one invitation that is on its way, as it travels in a body.
async fn invited(app: &TestApp) -> Value {
    let mut letters = letters(app).await;
    letters.retain(|(_, letter)| matches!(letter, AccountLetter::Invitation { .. }));
    match &letters[..] {
        [(_, AccountLetter::Invitation { link, .. })] => {
            let (page, token) = link.split_once('#').expect("the secret stands behind #");
            assert!(page.ends_with("/account/invitation"), "{page}");
            json!({"token": token})
        }
        other => panic!("one invitation, not {other:?}"),
    }
}
