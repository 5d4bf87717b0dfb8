//! `/domains`: mail domains, proven by a record in a DNS of our own.

use chrono::TimeDelta;
use contract::ErrorCode;
use contract::accounts::Session;
use contract::sign_on::OrganisationDomain;
use domain::AccountLetter;
use serde_json::json;
use testkit::{DnsServer, TestApp};
use uuid::Uuid;

use crate::{found, join, letters, only_letter, setup, sign_up};

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
async fn a_domain_is_proven_by_its_record_and_lost_a_week_after_it() {
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
    let now = async || {
        let list: Vec<OrganisationDomain> =
            app.get("/domains").token(&owner.access_token).in_org(org).ok().await;
        list.into_iter().next().expect("a domain")
    };
    verify().problem(ErrorCode::DomainUnproven).await;
    let warned = now().await;
    assert!(warned.verified_at.is_some() && warned.missing_since.is_some());
    only_letter(&app, "owner@demo.ringside.example", "domain_missing").await;
    dns.publish(&claimed.record_name, &claimed.record_value);
    let back: OrganisationDomain = verify().ok().await;
    assert_eq!((back.verified_at, back.missing_since), (proven.verified_at, None));
    app.delete(&format!("/domains/{}", claimed.id)).token(&owner.access_token).in_org(org).no_content().await;
    let noted = "SELECT count(*) FROM audit_log WHERE action LIKE 'domain.%'";
    assert_eq!(app.count(noted).await, 5);
}

#[tokio::test]
async fn a_timer_looks_for_the_record_every_day() {
    let (app, dns) = start().await;
    let owner = sign_up(&app, "owner@demo.ringside.example").await;
    let org = found(&app, &owner, "demo").await.id;
    let claimed = claim(&app, &owner, org, "demo.example").await;
    dns.publish(&claimed.record_name, &claimed.record_value);
    let path = format!("/domains/{}/verify", claimed.id);
    let proven: OrganisationDomain = app.post(&path).token(&owner.access_token).in_org(org).ok().await;
    let pass = async |hours| {
        app.advance(TimeDelta::hours(hours));
        app.run_timer("check_domains").await;
        let list = "SELECT count(*) FROM organisation_domains WHERE verified_at IS NOT NULL";
        app.count(list).await == 1
    };
    let missing = "SELECT count(*) FROM organisation_domains WHERE missing_since IS NOT NULL";
    dns.withdraw(&claimed.record_name);
    assert!(pass(23).await);
    assert_eq!(app.count(missing).await, 0, "it was looked at less than a day ago");
    assert!(pass(2).await);
    assert_eq!(app.count(missing).await, 1);
    let AccountLetter::DomainMissing { domain, until, .. } =
        only_letter(&app, "owner@demo.ringside.example", "domain_missing").await
    else {
        panic!("another letter")
    };
    let day = (proven.verified_at.expect("proven") + TimeDelta::hours(25 + 7 * 24)).format("%Y-%m-%d");
    assert_eq!((domain.as_str(), until), ("demo.example", day.to_string()));
    for _ in 0..6 {
        assert!(pass(25).await, "a week is given");
    }
    assert!(letters(&app).await.is_empty(), "told once");
    dns.publish(&claimed.record_name, &claimed.record_value);
    assert!(pass(25).await, "it is back in time");
    assert_eq!(app.count(missing).await, 0);
    dns.withdraw(&claimed.record_name);
    assert!(pass(25).await);
    letters(&app).await;
    for _ in 0..6 {
        assert!(pass(25).await);
    }
    assert!(!pass(25).await, "lost");
    only_letter(&app, "owner@demo.ringside.example", "domain_lost").await;
    let lost = "SELECT count(*) FROM audit_log WHERE action = 'domain.lost' AND actor_id IS NULL";
    assert_eq!(app.count(lost).await, 1);
}

#[tokio::test]
async fn a_name_server_that_does_not_answer_takes_no_domain() {
    let (app, dns) = start().await;
    let owner = sign_up(&app, "owner@demo.ringside.example").await;
    let org = found(&app, &owner, "demo").await.id;
    let claimed = claim(&app, &owner, org, "demo.example").await;
    dns.publish(&claimed.record_name, &claimed.record_value);
    let path = format!("/domains/{}/verify", claimed.id);
    let _: OrganisationDomain = app.post(&path).token(&owner.access_token).in_org(org).ok().await;
    drop(dns);
    app.advance(TimeDelta::days(9));
    app.run_timer("check_domains").await;
    let proven =
        "SELECT count(*) FROM organisation_domains WHERE verified_at IS NOT NULL AND missing_since IS NULL";
    assert_eq!(app.count(proven).await, 1);
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
