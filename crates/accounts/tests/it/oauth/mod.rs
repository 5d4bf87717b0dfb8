//! `/oauth`: applications, what people let them do, and their tokens.

mod authorisations;
mod clients;
mod delegated;
mod relying_party;
mod tokens;

use actix_web::web;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use contract::accounts::Session;
use contract::oauth::{AuthorisationStep, NewOauthClient, OauthRefusal, TokenAnswer};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use testkit::{Answer, Call, TestApp};
use url::{Url, form_urlencoded};
use uuid::Uuid;

use crate::{found, sign_up};

const OWNER: &str = "owner@demo.ringside.example";
const BACK: &str = "https://app.ringside.example/callback";
const VERIFIER: &str = "a-verifier-that-is-long-enough-to-be-one-0123456789";

/// What an application of the tests is registered with.
fn wish() -> Value {
    json!({
        "name": "Demo accounting", "kind": "confidential", "redirect_uris": [BACK, "http://127.0.0.1/callback"],
        "grants": ["authorization_code", "refresh_token", "client_credentials"],
        "scopes": ["openid", "profile", "email", "offline_access", "members.read", "keys.read", "events.read"],
    })
}

fn register(app: &TestApp, by: &Session, wish: &Value) -> Call {
    app.post("/oauth/clients").token(&by.access_token).json(wish)
}

/// An organisation with an application.
struct House {
    owner: Session,
    org: Uuid,
    client: NewOauthClient,
}

impl House {
    async fn build(app: &TestApp) -> Self {
        let owner = sign_up(app, OWNER).await;
        let org = found(app, &owner, "demo").await.id;
        let client = register(app, &owner, &wish()).created().await;
        Self { owner, org, client }
    }

    fn id(&self) -> String {
        self.client.client.id.to_string()
    }

    fn secret(&self) -> &str {
        self.client.secret.as_deref().expect("a confidential application has a secret")
    }

    /// A request for these scopes, changed by more.
    fn query(&self, scope: &str, more: &[(&str, &str)]) -> String {
        query(&self.id(), scope, more)
    }

    /// A form with the application's proof.
    fn form(&self, app: &TestApp, path: &str, fields: &[(&str, &str)]) -> Call {
        let id = self.id();
        let proof = [("client_id", id.as_str()), ("client_secret", self.secret())];
        form(app, path, &[&proof[..], fields].concat())
    }

    fn trade(&self, app: &TestApp, code: &str) -> Call {
        self.form(
            app,
            "/oauth/token",
            &[
                ("grant_type", "authorization_code"),
                ("code", code),
                ("redirect_uri", BACK),
                ("code_verifier", VERIFIER),
            ],
        )
    }

    fn refresh(&self, app: &TestApp, token: &str) -> Call {
        self.form(app, "/oauth/token", &[("grant_type", "refresh_token"), ("refresh_token", token)])
    }

    /// The person allows these scopes; the code.
    async fn code(&self, app: &TestApp, by: &Session, scope: &str) -> String {
        let wish = json!({"query": self.query(scope, &[]), "allow": true, "organisation": self.org});
        let step = app.post("/oauth/authorisations").token(&by.access_token).json(&wish).ok().await;
        param(&step, "code").expect("a code comes back")
    }

    /// The person allows these scopes; the tokens.
    async fn tokens(&self, app: &TestApp, by: &Session, scope: &str) -> TokenAnswer {
        let code = self.code(app, by, scope).await;
        self.trade(app, &code).ok().await
    }
}

fn query(client: &str, scope: &str, more: &[(&str, &str)]) -> String {
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
    let usual = [
        ("client_id", client),
        ("redirect_uri", BACK),
        ("response_type", "code"),
        ("scope", scope),
        ("state", "s t"),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ];
    let kept = usual.iter().filter(|(name, _)| !more.iter().any(|(other, _)| other == name));
    let more = more.iter().filter(|(_, value)| *value != "-");
    form_urlencoded::Serializer::new(String::new()).extend_pairs(kept.chain(more)).finish()
}

fn form(app: &TestApp, path: &str, fields: &[(&str, &str)]) -> Call {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    app.post(path).bytes("application/x-www-form-urlencoded", body)
}

fn view(app: &TestApp, by: Option<&Session>, query: &str) -> Call {
    let call = app.post("/oauth/authorisations/view").json(&json!({"query": query}));
    match by {
        Some(by) => call.token(&by.access_token),
        None => call,
    }
}

/// A parameter of the way back.
fn param(step: &AuthorisationStep, name: &str) -> Option<String> {
    let AuthorisationStep::Return { to } = step else { panic!("not sent back: {step:?}") };
    let url = Url::parse(to).expect("an address");
    let found = url.query_pairs().find(|(key, _)| key == name);
    found.map(|(_, value)| value.into_owned())
}

/// An application's refusal.
async fn refused(call: Call, status: u16, error: &str) {
    let answer: Answer = call.await.expect(status);
    assert_eq!(answer.json::<OauthRefusal>().error, error);
    assert_eq!(answer.header("cache-control"), "no-store");
}

/// What the server mounts below `/.well-known`.
fn well_known(config: &mut web::ServiceConfig) {
    async fn discovery(app: web::Data<platform::state::App>) -> web::Json<Value> {
        web::Json(accounts::discovery(&app))
    }
    async fn keys(
        app: web::Data<platform::state::App>,
        own: web::Data<accounts::Accounts>,
    ) -> platform::error::ApiResult<web::Json<Value>> {
        Ok(web::Json(accounts::public_keys(&app, &own).await?))
    }
    config
        .route("/.well-known/openid-configuration", web::get().to(discovery))
        .route("/.well-known/jwks.json", web::get().to(keys));
}
