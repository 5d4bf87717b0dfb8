//! `/domains`: mail domains, proven by a record in a DNS of our own.

use contract::ErrorCode;
use contract::accounts::Session;
use contract::sign_on::OrganisationDomain;
use serde_json::json;
use testkit::{DnsServer, TestApp};
use uuid::Uuid;

use crate::{found, join, setup, sign_up};

async fn start() -> (TestApp, DnsServer) {
    let dns = DnsServer::start();
    let address = dns.address();
    (setup().config(move |config| config.dns_resolver = Some(address)).start().await, dns)
}

async fn claim(app: &TestApp, owner: &Session, org: Uuid, domain: &str) -> OrganisationDomain {
    let wish = json!({"domain": domain});
    app.post("/domains").token(&owner.access_token).in_org(org).json(&wish).created().await
}

#[tokio::test]
async fn a_domain_is_proven_by_its_record_and_lost_with_it() {
    let (app, dns) = start().await;
    let owner = sign_up(&app, "owner@demo.ringside.example").await;
    let org = found(&app, &owner, "demo").await.id;
    let claimed = claim(&app, &owner, org, "Demo.Example").await;
    assert_eq!(claimed.domain, "demo.example");
    assert_eq!(claimed.record_name, "_ringside.demo.example");
    let path = format!("/domains/{}/verify", claimed.id);
    let verify = || app.post(&path).token(&owner.access_token).in_org(org);
    verify().problem(ErrorCode::DomainUnproven).await;
    dns.publish(&claimed.record_name, "ringside=guessed");
    verify().problem(ErrorCode::DomainUnproven).await;
    dns.publish(&claimed.record_name, &claimed.record_value);
    let proven: OrganisationDomain = verify().ok().await;
    assert!(proven.verified_at.is_some());

    dns.withdraw(&claimed.record_name);
    verify().problem(ErrorCode::DomainUnproven).await;
    let list: Vec<OrganisationDomain> = app.get("/domains").token(&owner.access_token).in_org(org).ok().await;
    assert_eq!((list.len(), list[0].verified_at), (1, None));
    app.delete(&format!("/domains/{}", claimed.id)).token(&owner.access_token).in_org(org).no_content().await;
    let noted = "SELECT count(*) FROM audit_log WHERE action LIKE 'domain.%'";
    assert_eq!(app.count(noted).await, 4);
}

#[tokio::test]
async fn a_proven_domain_belongs_to_one_organisation() {
    let (app, dns) = start().await;
    let owner = sign_up(&app, "owner@demo.ringside.example").await;
    let [one, other] = [found(&app, &owner, "demo").await.id, found(&app, &owner, "rival").await.id];
    let verify = async |domain: &OrganisationDomain, org| {
        dns.publish(&domain.record_name, &domain.record_value);
        app.post(&format!("/domains/{}/verify", domain.id)).token(&owner.access_token).in_org(org).await
    };
    let first = claim(&app, &owner, one, "demo.example").await;
    let again = app.post("/domains").token(&owner.access_token).in_org(one);
    again.json(&json!({"domain": "DEMO.example"})).problem(ErrorCode::NameTaken).await;
    let second = claim(&app, &owner, other, "demo.example").await;
    let _ = verify(&first, one).await.expect(200);
    verify(&second, other).await.problem(ErrorCode::DomainTaken);
    // What is another organisation's is not there.
    let path = format!("/domains/{}", first.id);
    app.delete(&path).token(&owner.access_token).in_org(other).problem(ErrorCode::NotFound).await;
    app.delete(&path).token(&owner.access_token).in_org(one).no_content().await;
    let _ = verify(&second, other).await.expect(200);
}

#[tokio::test]
async fn domains_are_for_those_who_look_after_the_organisation_just_confirmed() {
    let (app, _dns) = start().await;
    let owner = sign_up(&app, "owner@demo.ringside.example").await;
    let org = found(&app, &owner, "demo").await.id;
    let seller = join(&app, &owner, org, "seller@demo.ringside.example", "box_office").await;
    for bad in ["demo", "demo.example/", "-demo.example", "de mo.example", "@demo.example"] {
        let claim = app.post("/domains").token(&owner.access_token).in_org(org);
        claim.json(&json!({"domain": bad})).problem(ErrorCode::InvalidFields).await;
    }
    let claim = |by: &Session| {
        app.post("/domains").token(&by.access_token).in_org(org).json(&json!({"domain": "demo.example"}))
    };
    claim(&seller).problem(ErrorCode::NotPermitted).await;
    app.execute("UPDATE sessions SET confirmed_at = confirmed_at - interval '1 hour'").await;
    claim(&owner).problem(ErrorCode::ConfirmationNeeded).await;
}
