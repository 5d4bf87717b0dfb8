//! Providers: who sets them up, who is let in by them, and what signing in there is worth.

use contract::ErrorCode;
use contract::accounts::Session;
use contract::factors::SecondFactorNeeded;
use contract::sign_on::{IdentityProvider, PublicProvider};
use serde_json::{Value, json};
use testkit::Call;
use uuid::Uuid;

use crate::provider::Browser;
use crate::sign_on::{FAN, Place, out};
use crate::{PASSWORD, found, letters, sign_up};

#[tokio::test]
async fn a_provider_is_written_by_those_who_may_and_gives_no_more_than_they_hold() {
    let place = Place::with(json!({})).await;
    let write = |change: Value| place.by(place.app.post("/identity-providers")).json(&place.wish(change));
    write(json!({})).problem(ErrorCode::NameTaken).await;
    let owner = json!({"name": "Other", "roles": {"default": {"role": "owner"}}});
    let problem = write(owner).problem(ErrorCode::InvalidFields).await;
    assert_eq!(problem.fields[0].field, "roles.default");
    let gone = json!({"role": "client", "custom_role": Uuid::nil()});
    write(json!({"name": "Other", "roles": {"default": gone}})).problem(ErrorCode::InvalidFields).await;
    let list: Vec<IdentityProvider> = place.by(place.app.get("/identity-providers")).ok().await;
    assert!(list[0].has_secret);
    let told = serde_json::to_string(&list).expect("it is JSON");
    assert!(!told.contains("secret of the tests"), "{told}");
    place.change(json!({"client_secret": null, "trusts_second_factor": true})).await;
    let logged = "SELECT count(*) FROM audit_log WHERE coalesce(before::text, '') || coalesce(after::text, '') LIKE '%secret of the%'";
    assert_eq!(place.app.count(logged).await, 0);
    let path = format!("/identity-providers/{}/test", place.id);
    let check: contract::sign_on::ProviderCheck = place.by(place.app.post(&path)).ok().await;
    assert_eq!((check.issuer.as_str(), check.keys), (place.provider.issuer.as_str(), 1));

    let rival = sign_up(&place.app, "rival@demo.ringside.example").await;
    let org = found(&place.app, &rival, "rival").await.id;
    let stranger = |call: Call| call.token(&rival.access_token).in_org(org);
    let path = format!("/identity-providers/{}", place.id);
    stranger(place.app.put(&path)).json(&place.wish(json!({}))).problem(ErrorCode::NotFound).await;
    stranger(place.app.delete(&path)).problem(ErrorCode::NotFound).await;
    stranger(place.app.post(&format!("{path}/test"))).problem(ErrorCode::NotFound).await;
    // An id may be chosen, but not another one's.
    let wish = |id: Uuid| place.wish(json!({"id": id, "name": "Chosen"}));
    let taken = stranger(place.app.post("/identity-providers")).json(&wish(place.id));
    assert_eq!(taken.problem(ErrorCode::InvalidFields).await.fields[0].field, "id");
    let chosen = Uuid::new_v4();
    let set: IdentityProvider =
        stranger(place.app.post("/identity-providers")).json(&wish(chosen)).created().await;
    assert_eq!(set.id, chosen);
    place.by(place.app.delete(&path)).no_content().await;
}

#[tokio::test]
async fn addresses_of_our_own_house_are_no_providers() {
    let app = crate::start().await;
    let owner = sign_up(&app, "owner@demo.ringside.example").await;
    let org = found(&app, &owner, "demo").await.id;
    for issuer in
        ["http://login.demo.example", "https://127.0.0.1:8443", "https://10.0.0.1", "https://localhost"]
    {
        let wish = json!({
            "name": "Inside", "roles": {"default": {"role": "client"}},
            "oidc": {"issuer": issuer, "client_id": "ringside"},
        });
        let write = app.post("/identity-providers").token(&owner.access_token).in_org(org).json(&wish);
        let problem = write.problem(ErrorCode::InvalidFields).await;
        assert_eq!(problem.fields[0].field, "oidc.issuer", "{issuer}");
    }
}

#[tokio::test]
async fn a_disabled_provider_lets_nobody_in() {
    let place = Place::with(json!({})).await;
    let (url, cookie) = place.begin(FAN).await;
    let back = Browser::new().sign_in(&url, "fan").await;
    place.change(json!({"enabled": false})).await;
    assert_eq!(Browser::new().come_back(&back, &cookie).await, "sign-on?error=sign_on_unknown");
    for wish in
        [json!({"email": FAN}), json!({"provider": place.id}), json!({"email": "a@b.example"}), json!({})]
    {
        place.app.post("/sign-on/begin").json(&wish).problem(ErrorCode::SignOnUnknown).await;
    }
}

#[tokio::test]
async fn where_it_is_required_a_password_signs_in_owners_only() {
    let place = Place::with(json!({"required": true})).await;
    let fan = sign_up(&place.app, FAN).await;
    place.enter("fan").await;
    letters(&place.app).await;
    let password =
        |email: &str| place.app.post("/sessions").json(&json!({"email": email, "password": PASSWORD}));
    password(FAN).problem(ErrorCode::SignOnRequired).await;
    let wrong = json!({"email": FAN, "password": "wrong-in-the-third-round"});
    place.app.post("/sessions").json(&wrong).problem(ErrorCode::WrongCredentials).await;
    let _ = password("owner@demo.ringside.example").await.expect(201);
    place.app.execute(&format!("UPDATE members SET role = 'owner' WHERE user_id = '{}'", fan.me.id)).await;
    let _ = password(FAN).await.expect(201);
    letters(&place.app).await;
}

#[tokio::test]
async fn the_organisation_says_whether_its_provider_is_a_second_factor() {
    let place = Place::with(json!({})).await;
    let fan = place.enter("fan").await;
    place
        .app
        .execute(&format!(
            "UPDATE organisations SET requires_second_factor = true;
             UPDATE members SET role = 'viewer' WHERE user_id = '{}'",
            fan.me.id
        ))
        .await;
    let look = async |session: &Session| {
        place.app.get("/members").token(&session.access_token).in_org(place.org).await
    };
    look(&place.enter("fan").await).await.problem(ErrorCode::SecondFactorRequired);
    place.app.execute("UPDATE identity_providers SET trusts_second_factor = true").await;
    let trusted = place.enter("fan").await;
    assert!(!trusted.me.memberships[0].needs_second_factor);
    let _ = look(&trusted).await.expect(200);
    look(&fan).await.problem(ErrorCode::SecondFactorRequired);

    // Somebody with a factor of their own is asked for it, unless the provider is trusted.
    place
        .app
        .execute(&format!(
            "INSERT INTO totp_secrets (user_id, sealed, created_at, confirmed_at, last_step)
             VALUES ('{}', 'x', now(), now(), 0)",
            fan.me.id
        ))
        .await;
    place.enter("fan").await;
    place.app.execute("UPDATE identity_providers SET trusts_second_factor = false").await;
    let (_, cookie) = place.go("fan").await;
    let asked: SecondFactorNeeded = place.finish(&cookie).await.expect(202).json();
    assert!(!asked.methods.is_empty());
    letters(&place.app).await;
}

#[tokio::test]
async fn the_platforms_provider_is_anybodys_and_takes_no_account_over() {
    let place = Place::with(json!({})).await;
    place
        .app
        .execute(&format!("UPDATE organisations SET kind = 'platform' WHERE id = '{}'", place.org))
        .await;
    let offered: Vec<PublicProvider> = place.app.get("/sign-on/providers").ok().await;
    assert_eq!((offered.len(), offered[0].id), (1, place.id));
    let stranger = json!({"email": "new@elsewhere.example", "email_verified": true});
    place.provider.account("stranger", stranger).await;
    let entered = place.enter("stranger").await;
    assert_eq!(entered.me.memberships.len(), 0, "anybody is no member");

    let fan = sign_up(&place.app, FAN).await;
    place.refused("fan", ErrorCode::SignOnAddressKnown).await;
    let link = json!({"provider": place.id});
    place.app.post("/sign-on/link").json(&link).problem(ErrorCode::NotSignedIn).await;
    let link = async |by: &Session, login: &str| {
        let begun = place.app.post("/sign-on/link").token(&by.access_token).json(&link).await;
        let (url, cookie) = out(begun);
        let back = Browser::new().sign_in(&url, login).await;
        let page = Browser::new().come_back(&back, &cookie).await;
        place.finish(&cookie).await.problem(ErrorCode::SignOnOver);
        page
    };
    assert_eq!(link(&fan, "fan").await, "security");
    assert_eq!(link(&fan, "stranger").await, "sign-on?error=identity_taken");
    assert_eq!(place.enter("fan").await.me.id, fan.me.id);
    letters(&place.app).await;
}

#[tokio::test]
async fn an_address_where_nobody_answers_is_told_at_its_field() {
    let place = Place::with(json!({})).await;
    // Port 1 of the loopback: nobody listens.
    let read = place.by(place.app.post("/identity-providers/saml-metadata"));
    let problem =
        read.json(&json!({"url": "http://127.0.0.1:1/metadata"})).problem(ErrorCode::InvalidFields).await;
    assert_eq!((problem.fields[0].field.as_str(), problem.fields[0].code.as_str()), ("url", "unreachable"));
}
