//! `/sign-on`: signing in by a real OpenID provider.

use std::pin::Pin;

use chrono::{TimeDelta, Utc};
use contract::ErrorCode;
use contract::accounts::{Member, Session};
use contract::sign_on::{Identity, IdentityProvider, SignOnBegun};
use domain::AccountLetter;
use serde_json::{Value, json};
use testkit::{Answer, Call, TestApp};
use uuid::Uuid;

use crate::provider::{Browser, Provider, kept};
use crate::{PASSWORD, found, letters, only_letter, setup, sign_up};

pub(crate) const FAN: &str = "fan@demo.example";

/// An organisation with a proven domain and a provider.
pub(crate) struct Place {
    pub(crate) app: TestApp,
    pub(crate) provider: Provider,
    pub(crate) owner: Session,
    pub(crate) org: Uuid,
    pub(crate) id: Uuid,
}

impl Place {
    /// The provider as it is wished for, less what the test says.
    pub(crate) fn with(change: Value) -> Pin<Box<dyn Future<Output = Self>>> {
        Box::pin(Self::set_up(change))
    }

    async fn set_up(change: Value) -> Self {
        let app = setup().config(|config| config.allow_private_providers = true).start().await;
        // The provider goes by the real clock.
        app.advance(Utc::now() - app.clock.now());
        let provider = Provider::start(&app).await;
        let owner = sign_up(&app, "owner@demo.ringside.example").await;
        let org = found(&app, &owner, "demo").await.id;
        app.execute(&format!(
            "INSERT INTO organisation_domains (id, org_id, domain, token, created_at, verified_at)
             VALUES (gen_random_uuid(), '{org}', 'demo.example', 'x', now(), now())"
        ))
        .await;
        let mut place = Self { app, provider, owner, org, id: Uuid::nil() };
        let wish = place.wish(change);
        let set: IdentityProvider =
            place.by(place.app.post("/identity-providers")).json(&wish).created().await;
        place.id = set.id;
        place
            .provider
            .account("fan", json!({"email": FAN, "email_verified": true, "name": "Demo Fan"}))
            .await;
        place
    }

    pub(crate) fn by(&self, call: Call) -> Call {
        call.token(&self.owner.access_token).in_org(self.org)
    }

    pub(crate) fn wish(&self, change: Value) -> Value {
        let mut wish = json!({
            "name": "Demo sign-in", "enabled": true, "jit": true,
            "roles": {"default": {"role": "client"}},
            "oidc": {"issuer": self.provider.issuer, "client_id": "ringside", "scopes": ["groups"]},
            "client_secret": "secret of the tests, long enough",
        });
        for (name, value) in change.as_object().expect("changes are an object") {
            wish[name] = value.clone();
        }
        wish
    }

    pub(crate) async fn change(&self, change: Value) {
        let path = format!("/identity-providers/{}", self.id);
        let _: IdentityProvider = self.by(self.app.put(&path)).json(&self.wish(change)).ok().await;
    }

    /// Begins, and gives the way out with the browser's cookie.
    pub(crate) async fn begin(&self, email: &str) -> (String, String) {
        out(self.app.post("/sign-on/begin").json(&json!({"email": email})).await)
    }

    /// Goes all the way to the page behind the callback; the cookie comes along.
    pub(crate) async fn go(&self, login: &str) -> (String, String) {
        let (url, cookie) = self.begin(FAN).await;
        let back = Browser::new().sign_in(&url, login).await;
        (Browser::new().come_back(&back, &cookie).await, cookie)
    }

    pub(crate) async fn finish(&self, cookie: &str) -> Answer {
        self.app.post("/sign-on/finish").header("Cookie", cookie).await
    }

    /// Signs in and gives the session.
    pub(crate) async fn enter(&self, login: &str) -> Session {
        let (page, cookie) = self.go(login).await;
        assert_eq!(page, "sign-on");
        self.finish(&cookie).await.expect(201).json()
    }

    /// Is refused.
    pub(crate) async fn refused(&self, login: &str, code: ErrorCode) {
        let (page, cookie) = self.go(login).await;
        assert_eq!(page, format!("sign-on?error={}", code.code()));
        self.finish(&cookie).await.problem(ErrorCode::SignOnOver);
    }

    pub(crate) async fn role_of(&self, email: &str) -> Option<String> {
        let members: Value = self.by(self.app.get("/members")).ok().await;
        let members: Vec<Member> = serde_json::from_value(members["items"].clone()).expect("members");
        members.into_iter().find(|member| member.email == email).map(|member| member.role.name().to_owned())
    }
}

/// What an address carries by a name.
fn part(address: &str, name: &str) -> Option<String> {
    let url = reqwest::Url::parse(address).expect("an address");
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// The address with something else by that name, or nothing.
fn with(address: &str, name: &str, value: Option<&str>) -> String {
    let mut url = reqwest::Url::parse(address).expect("an address");
    let others = url
        .query_pairs()
        .filter(|(key, _)| key != name)
        .map(|(key, value)| (key.into_owned(), value.into_owned()));
    let mut pairs: Vec<(String, String)> = others.collect();
    pairs.extend(value.map(|value| (name.to_owned(), value.to_owned())));
    url.query_pairs_mut().clear().extend_pairs(pairs);
    url.into()
}

pub(crate) fn out(answer: Answer) -> (String, String) {
    let answer = answer.expect(200);
    let cookie = kept(&answer);
    let header = answer.header("set-cookie").to_owned();
    for part in ["HttpOnly", "SameSite=Lax", "Path=/api/v1/sign-on"] {
        assert!(header.contains(part), "{header}");
    }
    let begun: SignOnBegun = answer.json();
    (begun.url, cookie)
}

#[tokio::test]
async fn whoever_comes_first_gets_an_account_and_a_membership_and_comes_again() {
    let place = Place::with(json!({})).await;
    let first = place.enter("fan").await;
    assert_eq!((first.me.email.as_str(), first.me.name.as_str()), (FAN, "Demo Fan"));
    assert_eq!(first.refresh_token, None, "a browser's token is in its cookie");
    assert_eq!(first.me.memberships[0].organisation.id, place.org);
    let again = place.enter("fan").await;
    assert_eq!(again.me.id, first.me.id);
    let own: Vec<Identity> = place.app.get("/me/identities").token(&again.access_token).ok().await;
    assert_eq!(own.len(), 1);
    assert_eq!(own[0].organisation.as_deref(), Some("Demo Promotions"));

    // No password signs in, and the account can get one by mail.
    let wish = json!({"email": FAN, "password": "-"});
    place.app.post("/sessions").json(&wish).problem(ErrorCode::WrongCredentials).await;
    let path = format!("/me/identities/{}", own[0].id);
    let other = place.app.delete(&path).token(&place.owner.access_token);
    other.problem(ErrorCode::NotFound).await;
    assert!(own[0].only_way);
    let last = place.app.delete(&path).token(&again.access_token);
    last.problem(ErrorCode::LastWayToSignIn).await;
    place.app.execute(&format!("UPDATE people SET password_hash = 'x' WHERE id = '{}'", again.me.id)).await;
    place.app.delete(&path).token(&again.access_token).no_content().await;
    letters(&place.app).await;
    place.enter("fan").await; // linked anew by the proven address
    let AccountLetter::IdentityAdded { provider, organisation, .. } =
        only_letter(&place.app, FAN, "identity_added").await
    else {
        panic!("another letter")
    };
    assert_eq!((provider.as_str(), organisation.as_str()), ("Demo sign-in", "Demo Promotions"));
}

#[tokio::test]
async fn an_account_that_is_there_is_linked_and_told() {
    let place = Place::with(json!({})).await;
    let known = sign_up(&place.app, FAN).await;
    let entered = place.enter("fan").await;
    assert_eq!(entered.me.id, known.me.id);
    let letters = letters(&place.app).await;
    assert!(letters.iter().any(|(to, letter)| to.address == FAN && letter.name() == "identity_added"));
}

#[tokio::test]
async fn a_password_chosen_by_a_stranger_has_no_part_in_the_account() {
    let place = Place::with(json!({})).await;
    crate::ask(&place.app, FAN).await;
    letters(&place.app).await; // the account waits for its proof
    place.enter("fan").await;
    let wish = json!({"email": FAN, "password": PASSWORD});
    place.app.post("/sessions").json(&wish).problem(ErrorCode::WrongCredentials).await;
    letters(&place.app).await;
}

#[tokio::test]
async fn an_attempt_belongs_to_its_browser_and_comes_back_once() {
    let place = Place::with(json!({})).await;
    let browser = Browser::new();
    let over = "sign-on?error=sign_on_over";
    let (url, cookie) = place.begin(FAN).await;
    let back = Browser::new().sign_in(&url, "fan").await;
    assert_eq!(browser.come_back(&back, "").await, over, "a browser without the cookie");
    let (_, other) = place.begin(FAN).await;
    assert_eq!(browser.come_back(&back, &other).await, over, "the cookie of another attempt");
    let wrong = with(&back, "state", Some("made-up"));
    assert_eq!(browser.come_back(&wrong, &cookie).await, over, "another state");
    assert_eq!(browser.come_back(&back, &cookie).await, "sign-on");
    assert_eq!(browser.come_back(&back, &cookie).await, over, "a second time");
    place.finish(&other).await.problem(ErrorCode::SignOnOver);
    let _ = place.finish(&cookie).await.expect(201);
    place.finish(&cookie).await.problem(ErrorCode::SignOnOver);

    let (url, cookie) = place.begin(FAN).await;
    let back = Browser::new().sign_in(&url, "fan").await;
    place.app.advance(TimeDelta::minutes(10));
    assert_eq!(browser.come_back(&back, &cookie).await, over, "too late");
}

#[tokio::test]
async fn what_the_provider_sends_must_hold() {
    let place = Place::with(json!({})).await;
    let failed = "sign-on?error=sign_on_failed";
    let come = async |url: &str, cookie: &str, change: &dyn Fn(String) -> String| {
        let back = Browser::new().sign_in(url, "fan").await;
        Browser::new().come_back(&change(back), cookie).await
    };
    let (url, cookie) = place.begin(FAN).await;
    let page = come(&url.replace("&nonce=", "&nonce=x"), &cookie, &|back| back).await;
    assert_eq!(page, failed, "another nonce");
    let (url, cookie) = place.begin(FAN).await;
    let page = come(&url, &cookie, &|back| with(&back, "iss", Some("https://elsewhere.example"))).await;
    assert_eq!(page, failed, "another issuer");
    let (url, cookie) = place.begin(FAN).await;
    let page = come(&url, &cookie, &|back| with(&back, "iss", None)).await;
    assert_eq!(page, failed, "no issuer where one is announced");
    let (url, cookie) = place.begin(FAN).await;
    let page = come(&url, &cookie, &|back| with(&back, "code", Some("made-up"))).await;
    assert_eq!(page, failed, "another code");
    // A code that belongs to another attempt fails by its verifier.
    let (url, _) = place.begin(FAN).await;
    let foreign = Browser::new().sign_in(&url, "fan").await;
    let (url, cookie) = place.begin(FAN).await;
    let own = Browser::new().sign_in(&url, "fan").await;
    let injected = with(&own, "code", part(&foreign, "code").as_deref());
    assert_eq!(Browser::new().come_back(&injected, &cookie).await, failed, "an injected code");

    // The provider's token lasts two minutes and a minute of grace.
    let (url, cookie) = place.begin(FAN).await;
    place.app.advance(TimeDelta::minutes(4));
    assert_eq!(come(&url, &cookie, &|back| back).await, failed, "run out");
    assert_eq!(place.app.count("SELECT count(*) FROM identities").await, 0);
}

#[tokio::test]
async fn new_keys_of_the_provider_are_fetched() {
    let place = Place::with(json!({})).await;
    place.enter("fan").await;
    place.provider.rotate().await;
    place.enter("fan").await;
    letters(&place.app).await;
}

#[tokio::test]
async fn whoever_turns_back_is_told_and_a_provider_that_is_gone_is_named() {
    let place = Place::with(json!({})).await;
    let (url, cookie) = place.begin(FAN).await;
    let back = Browser::new().turn_back(&url).await;
    assert!(back.contains("error=access_denied"), "{back}");
    assert_eq!(Browser::new().come_back(&back, &cookie).await, "sign-on?error=sign_on_refused");

    place.change(json!({"oidc": {"issuer": "http://127.0.0.1:9", "client_id": "ringside"}})).await;
    let begin = place.app.post("/sign-on/begin").json(&json!({"email": FAN}));
    begin.problem(ErrorCode::ProviderUnreachable).await;
    let path = format!("/identity-providers/{}/test", place.id);
    place.by(place.app.post(&path)).problem(ErrorCode::ProviderUnreachable).await;
}

#[tokio::test]
async fn only_proven_addresses_of_the_organisation_are_matched() {
    let place = Place::with(json!({})).await;
    let address = |email: &str, verified: bool| json!({"email": email, "email_verified": verified});
    place.provider.account("unproven", address(FAN, false)).await;
    place.provider.account("foreign", address("fan@elsewhere.example", true)).await;
    place.provider.account("below", address("fan@sub.demo.example", true)).await;
    place.provider.account("nobody", json!({})).await;
    sign_up(&place.app, "fan@elsewhere.example").await;
    place.refused("unproven", ErrorCode::SignOnAddressUnproven).await;
    place.refused("nobody", ErrorCode::SignOnAddressUnproven).await;
    place.refused("foreign", ErrorCode::SignOnForeignAddress).await;
    place.refused("below", ErrorCode::SignOnForeignAddress).await;
    place.app.execute("UPDATE organisation_domains SET verified_at = NULL").await;
    let begin = json!({"provider": place.id});
    let (url, cookie) = out(place.app.post("/sign-on/begin").json(&begin).await);
    let back = Browser::new().sign_in(&url, "fan").await;
    let page = Browser::new().come_back(&back, &cookie).await;
    assert_eq!(page, "sign-on?error=sign_on_foreign_address", "the domain is proven no more");
    assert_eq!(place.app.count("SELECT count(*) FROM identities").await, 0);
}

#[tokio::test]
async fn without_just_in_time_only_members_come_in() {
    let place = Place::with(json!({"jit": false})).await;
    place.refused("fan", ErrorCode::SignOnNotAMember).await;
    let made = format!("SELECT count(*) FROM people WHERE email = '{FAN}'");
    assert_eq!(place.app.count(&made).await, 0);
    let fan = sign_up(&place.app, FAN).await;
    place.refused("fan", ErrorCode::SignOnNotAMember).await;
    place
        .app
        .execute(&format!(
            "INSERT INTO members (org_id, user_id, role) VALUES ('{}', '{}', 'viewer')",
            place.org, fan.me.id
        ))
        .await;
    assert_eq!(place.enter("fan").await.me.id, fan.me.id);
    assert_eq!(place.role_of(FAN).await.as_deref(), Some("viewer"), "given by hand, it stays");
    letters(&place.app).await;
}

#[tokio::test]
async fn roles_follow_the_provider_up_and_down_and_owners_stay() {
    let rules = json!([
        {"value": "crew", "gives": {"role": "operator"}},
        {"value": "desk", "gives": {"role": "box_office"}},
    ]);
    let roles = json!({"default": {"role": "client"}, "claim": "groups", "rules": rules});
    let place = Place::with(json!({"roles": roles})).await;
    let groups = async |groups: Value| {
        let claims = json!({"email": FAN, "email_verified": true, "groups": groups});
        place.provider.account("fan", claims).await;
        place.enter("fan").await;
        place.role_of(FAN).await.unwrap_or_default()
    };
    assert_eq!(groups(json!(["desk"])).await, "box_office");
    assert_eq!(groups(json!(["desk", "crew"])).await, "operator");
    assert_eq!(groups(json!([])).await, "client");
    let noted = "SELECT count(*) FROM audit_log WHERE action IN ('member.joined', 'member.role_changed')";
    assert_eq!(place.app.count(noted).await, 3);
    // The last owner, too, comes by the provider; no rule takes an owner away.
    place
        .app
        .execute("UPDATE members SET role = CASE role WHEN 'owner' THEN 'viewer' ELSE 'owner' END")
        .await;
    place.enter("fan").await;
    assert_eq!(place.app.count("SELECT count(*) FROM members WHERE role = 'owner'").await, 1);
    letters(&place.app).await;
}
