//! `/sign-on/saml`: signing in by a real SAML provider, Auth0's `samlp` of npm.

use std::pin::Pin;
use std::process::Stdio;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{TimeDelta, Utc};
use contract::ErrorCode;
use contract::accounts::{Member, Session};
use contract::sign_on::{IdentityProvider, SamlMetadata, SamlSettings, SignOnBegun};
use reqwest::header::{CONTENT_TYPE, COOKIE, LOCATION};
use reqwest::{Client, redirect};
use serde_json::{Value, json};
use testkit::{Call, TestApp};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, ChildStdin, Command};
use uuid::Uuid;

use crate::{found, letters, setup, sign_up};

const FAN: &str = "fan@demo.example";

/// An organisation with a proven domain and a SAML provider that runs.
pub(crate) struct Place {
    pub(crate) app: TestApp,
    pub(crate) id: Uuid,
    /// The certificate it would sign with next.
    pub(crate) next: String,
    pub(crate) saml: SamlSettings,
    base: String,
    owner: Session,
    org: Uuid,
    client: Client,
    _input: ChildStdin,
    _child: Child,
}

/// What the provider's page posts.
#[derive(Clone)]
pub(crate) struct Form {
    pub(crate) xml: String,
    pub(crate) state: String,
}

impl Place {
    pub(crate) fn new() -> Pin<Box<dyn Future<Output = Self>>> {
        Box::pin(Self::set_up())
    }

    async fn set_up() -> Self {
        let app = setup().config(|config| config.allow_private_providers = true).start().await;
        // The provider goes by the real clock.
        app.advance(Utc::now() - app.clock.now());
        let (child, input, told) = provider().await;
        let base = format!("http://127.0.0.1:{}", told["port"]);
        let owner = sign_up(&app, "owner@demo.ringside.example").await;
        let org = found(&app, &owner, "demo").await.id;
        app.execute(&format!(
            "INSERT INTO organisation_domains (id, org_id, domain, token, created_at, verified_at)
             VALUES (gen_random_uuid(), '{org}', 'demo.example', 'x', now(), now())"
        ))
        .await;
        let client = Client::builder().redirect(redirect::Policy::none()).build().expect("a client");
        let next = told["next"].as_str().expect("a certificate").to_owned();
        let by = |call: Call| call.token(&owner.access_token).in_org(org);
        let read = by(app.post("/identity-providers/saml-metadata"));
        let read: SamlMetadata = read.json(&json!({"url": format!("{base}/metadata")})).ok().await;
        let saml = read.saml;
        let wish = wish(&saml);
        let set: IdentityProvider = by(app.post("/identity-providers")).json(&wish).created().await;
        let place =
            Self { app, id: set.id, next, saml, base, owner, org, client, _input: input, _child: child };
        place.options(json!({})).await;
        place
    }

    fn by(&self, call: Call) -> Call {
        call.token(&self.owner.access_token).in_org(self.org)
    }

    /// How the provider answers: the usual fan, and what the test wants to be otherwise.
    pub(crate) async fn options(&self, change: Value) {
        let mut options = json!({"user": {
            "id": "fan-1", "attributes": {"email": FAN, "displayName": "Demo Fan", "groups": ["desk", "choir"]},
        }});
        for (name, value) in change.as_object().expect("changes are an object") {
            options[name] = value.clone();
        }
        let url = format!("{}/control/options", self.base);
        let answer = self.client.post(url).json(&options).send().await.expect("the provider runs");
        assert_eq!(answer.status(), 204);
    }

    /// Begins, and gives the way out with the browser's cookie.
    pub(crate) async fn begin(&self) -> (String, String) {
        let answer = self.app.post("/sign-on/begin").json(&json!({"email": FAN})).await.expect(200);
        let cookie = crate::provider::kept(&answer);
        let begun: SignOnBegun = answer.json();
        (begun.url, cookie)
    }

    /// Goes to the provider's page and gives what it would post.
    pub(crate) async fn page(&self, url: &str) -> Form {
        let page =
            self.client.get(url).send().await.expect("the provider runs").text().await.expect("a page");
        let field = |name: &str| {
            let (_, rest) = page.split_once(&format!("name=\"{name}\"")).unwrap_or_else(|| panic!("{page}"));
            let value = rest.split_once("value=\"").expect("a value").1;
            value.split_once('"').expect("its end").0.to_owned()
        };
        let xml = STANDARD.decode(field("SAMLResponse")).expect("base64");
        Form { xml: String::from_utf8(xml).expect("text"), state: field("RelayState") }
    }

    /// Posts it as a page of another site makes the browser do; gives where that leads.
    pub(crate) async fn post(&self, form: &Form) -> String {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("SAMLResponse", &STANDARD.encode(&form.xml))
            .append_pair("RelayState", &form.state)
            .finish();
        let answer = self
            .client
            .post(format!("{}/api/v1/sign-on/saml/{}", self.app.url, self.id))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("Sec-Fetch-Site", "cross-site")
            .header("Origin", &self.base)
            .header(COOKIE, "another=one")
            .body(body)
            .send()
            .await
            .expect("the app runs");
        assert_eq!(answer.status(), 303, "{}", answer.text().await.unwrap_or_default());
        answer.headers()[LOCATION].to_str().expect("an address").to_owned()
    }

    /// Follows to the callback with a cookie; gives the page behind it.
    pub(crate) async fn come_back(&self, to: &str, cookie: &str) -> String {
        assert!(to.contains("/sign-on/callback?"), "{to}");
        let (_, query) = to.split_once('?').expect("a query");
        let url = format!("{}/api/v1/sign-on/callback?{query}", self.app.url);
        let answer = self.client.get(url).header(COOKIE, cookie).send().await.expect("the app runs");
        let to = answer.headers()[LOCATION].to_str().expect("an address").to_owned();
        to.split_once("/account/").expect("a page of the account").1.to_owned()
    }

    async fn enter(&self) -> Session {
        let (url, cookie) = self.begin().await;
        let to = self.post(&self.page(&url).await).await;
        assert_eq!(self.come_back(&to, &cookie).await, "sign-on");
        self.app.post("/sign-on/finish").header("Cookie", &cookie).await.expect(201).json()
    }

    /// Nobody came in by the form, and nothing was left behind.
    pub(crate) async fn refused(&self, what: &str, form: &Form, code: ErrorCode) {
        let to = self.post(form).await;
        assert!(to.ends_with(&format!("/account/sign-on?error={}", code.code())), "{what}: {to}");
        assert_eq!(self.app.count("SELECT count(*) FROM saml_assertions").await, 0, "{what}");
        assert_eq!(self.app.count("SELECT count(*) FROM identities").await, 0, "{what}");
    }

    pub(crate) async fn change(&self, change: Value) {
        let mut wish = wish(&self.saml);
        for (name, value) in change.as_object().expect("changes are an object") {
            wish[name] = value.clone();
        }
        let path = format!("/identity-providers/{}", self.id);
        let _: IdentityProvider = self.by(self.app.put(&path)).json(&wish).ok().await;
    }
}

fn wish(saml: &SamlSettings) -> Value {
    json!({
        "name": "Demo SAML", "enabled": true, "jit": true, "saml": saml,
        "roles": {"default": {"role": "client"}, "claim": "groups",
                  "rules": [{"value": "desk", "gives": {"role": "box_office"}}]},
    })
}

/// Starts a provider; it ends with its input, and so with the test.
async fn provider() -> (Child, ChildStdin, Value) {
    let mut child = Command::new("node")
        .arg("saml.mjs")
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/providers"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("node is there");
    let input = child.stdin.take().expect("it was asked for");
    let output = child.stdout.take().expect("it was asked for");
    let line = BufReader::new(output).lines().next_line().await.expect("it can be read");
    let told = serde_json::from_str(&line.expect("`npm ci` was run, so it starts")).expect("it prints JSON");
    (child, input, told)
}

#[tokio::test]
async fn whoever_comes_by_the_provider_has_a_session_and_the_role_it_says() {
    let place = Place::new().await;
    let session = place.enter().await;
    assert_eq!((session.me.email.as_str(), session.me.name.as_str()), (FAN, "Demo Fan"));
    let members: Value = place.by(place.app.get("/members")).ok().await;
    let members: Vec<Member> = serde_json::from_value(members["items"].clone()).expect("members");
    let fan = members.iter().find(|member| member.email == FAN).expect("a member");
    assert_eq!(fan.role.name(), "box_office");
    // The second time they are known, whatever address they have now.
    let user = json!({"id": "fan-1", "attributes": {"email": "moved@demo.example"}});
    place.options(json!({ "user": user })).await;
    assert_eq!(place.enter().await.me.id, session.me.id);
    letters(&place.app).await;
}

#[tokio::test]
async fn a_signature_of_the_response_counts_as_well() {
    let place = Place::new().await;
    place.options(json!({"user": user("fan-1"), "signAssertion": false, "signResponse": true})).await;
    place.enter().await;
    place.options(json!({"user": user("fan-1"), "signAssertion": true, "signResponse": true})).await;
    place.enter().await;
    letters(&place.app).await;
}

fn user(id: &str) -> Value {
    json!({"id": id, "attributes": {"email": FAN}})
}

#[tokio::test]
async fn providers_change_their_certificate_with_two_for_a_while() {
    let place = Place::new().await;
    place.options(json!({"otherKey": true})).await;
    let (url, _) = place.begin().await;
    place.refused("the next key", &place.page(&url).await, ErrorCode::SignOnFailed).await;
    let mut saml = place.saml.clone();
    saml.certificates.push(place.next.clone());
    place.change(json!({ "saml": saml })).await;
    place.enter().await;
    place.options(json!({})).await;
    place.enter().await;
    letters(&place.app).await;
}

#[tokio::test]
async fn only_the_browser_that_began_comes_in() {
    let place = Place::new().await;
    // Somebody sends another person to the provider on an attempt of their own.
    let (url, theirs) = place.begin().await;
    let (_, victims) = place.begin().await;
    let to = place.post(&place.page(&url).await).await;
    assert_eq!(place.come_back(&to, &victims).await, "sign-on?error=sign_on_over");
    place.app.post("/sign-on/finish").header("Cookie", &theirs).problem(ErrorCode::SignOnOver).await;
    place.app.post("/sign-on/finish").header("Cookie", &victims).problem(ErrorCode::SignOnOver).await;
    // What is handed over is good for two minutes.
    place.app.advance(TimeDelta::seconds(121));
    assert_eq!(place.come_back(&to, &theirs).await, "sign-on?error=sign_on_over");
    assert_eq!(place.app.count("SELECT count(*) FROM identities").await, 0);
}

#[tokio::test]
async fn an_answer_is_taken_once_and_for_ten_minutes() {
    let place = Place::new().await;
    let (url, cookie) = place.begin().await;
    let form = place.page(&url).await;
    let to = place.post(&form).await;
    let over = |to: String| assert!(to.ends_with("/account/sign-on?error=sign_on_over"), "{to}");
    over(place.post(&form).await);
    // Another assertion for the same request.
    over(place.post(&place.page(&url).await).await);
    assert_eq!(place.come_back(&to, &cookie).await, "sign-on");
    assert_eq!(place.come_back(&to, &cookie).await, "sign-on?error=sign_on_over");
    let (url, _) = place.begin().await;
    let form = place.page(&url).await;
    place.app.advance(TimeDelta::minutes(11));
    over(place.post(&form).await);
    assert_eq!(place.app.count("SELECT count(*) FROM saml_assertions").await, 1);
    letters(&place.app).await;
}

#[tokio::test]
async fn our_metadata_says_who_we_are_and_theirs_is_read_from_paper() {
    let place = Place::new().await;
    let set: Vec<IdentityProvider> = place.by(place.app.get("/identity-providers")).ok().await;
    let entity = set[0].entity_id.clone().expect("an entity id");
    let path = format!("{}/api/v1/sign-on/saml/{}/metadata", place.app.url, place.id);
    let ours = place.client.get(path).send().await.expect("the app runs").text().await.expect("text");
    assert!(ours.contains(&format!("entityID=\"{entity}\"")), "{ours}");
    assert!(ours.contains(&format!("Location=\"{}\"", set[0].callback_url)), "{ours}");
    let theirs = place.client.get(format!("{}/metadata", place.base)).send().await.expect("it runs");
    let xml = theirs.text().await.expect("text");
    let read = |body: Value| place.by(place.app.post("/identity-providers/saml-metadata")).json(&body);
    let said: SamlMetadata = read(json!({"xml": format!("<!-- ours -->{xml}")})).ok().await;
    assert_eq!(said.saml, place.saml);
    assert_eq!(said.certificates, set[0].certificates);
    assert_eq!(said.certificates[0].subject, "CN=provider");
    assert_eq!(said.certificates[0].expires_at.to_rfc3339(), "2040-01-01T00:00:00+00:00");
    for bad in ["<a/>".to_owned(), format!("<!DOCTYPE a>{xml}"), ours, xml.replace("MII", "XII")] {
        read(json!({ "xml": bad })).problem(ErrorCode::SignOnFailed).await;
    }
    read(json!({})).problem(ErrorCode::InvalidFields).await;
    let mut bad = wish(&place.saml);
    bad["saml"]["certificates"] = json!(["no certificate"]);
    place.by(place.app.post("/identity-providers")).json(&bad).problem(ErrorCode::InvalidFields).await;
}
