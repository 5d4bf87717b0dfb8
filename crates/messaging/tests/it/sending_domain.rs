//! Mail from an organisation's own address: its records, its keys, and the signature as a receiver verifies it.

use std::process::Stdio;

use contract::ErrorCode;
use contract::endpoints::{
    CHECK_SENDING_DOMAIN, GET_SENDING_DOMAIN, REMOVE_SENDING_DOMAIN, RENEW_SENDING_KEY, SET_SENDING_DOMAIN,
};
use contract::sending::{DnsRecord, DnsRecordKind, SendingDomain, Verdict};
use domain::Role;
use serde_json::{Value, json};
use testkit::smtp::{ReceivedMail, SmtpSink};
use testkit::{Caller, DnsServer, Setup, TestApp};
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;
use uuid::Uuid;

use crate::deliveries::{mail, write};

const VERIFIERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/verifiers");

struct Place {
    app: TestApp,
    dns: DnsServer,
    sink: SmtpSink,
    org: Uuid,
    owner: Caller,
}

impl Place {
    async fn new() -> Self {
        let (dns, sink) = (DnsServer::start(), SmtpSink::start().await.expect("a port is free"));
        let (server, url) = (dns.address(), sink.url());
        let app = Setup::new()
            .routes(messaging::configure)
            .jobs(messaging::jobs)
            .config(move |config| {
                config.smtp_url = Some(url.into());
                config.public_url = Some("https://ringside.example".into());
                config.dns_resolver = Some(server);
                config.spf_mechanism = Some("include:_spf.mail.example".into());
            })
            .start()
            .await;
        let org = app.org("Demo Promotions").await;
        let owner = app.member(org, Role::Owner).await;
        Self { app, dns, sink, org, owner }
    }

    async fn set(&self, address: &str) -> SendingDomain {
        let wish = json!({"address": address, "name": "Demo Promotions"});
        self.app.to(SET_SENDING_DOMAIN, &[]).by(&self.owner).json(&wish).ok().await
    }

    async fn check(&self) -> SendingDomain {
        self.app.to(CHECK_SENDING_DOMAIN, &[]).by(&self.owner).ok().await
    }

    fn publish(&self, record: &DnsRecord) {
        self.dns.publish(&record.name, &record.wanted);
    }

    /// One more mail, as it arrives.
    async fn received(&self, org: Option<Uuid>, cause: &str) -> ReceivedMail {
        let letter = messaging::deliveries::Mail { org_id: org, ..mail(self.org, cause) };
        write(&self.app, &letter).await.expect("written");
        self.app.run_jobs().await;
        self.sink.received().pop().expect("it has arrived")
    }
}

fn of_kind(domain: &SendingDomain, kind: DnsRecordKind) -> &DnsRecord {
    domain.records.iter().find(|record| record.kind == kind).expect("each kind is there")
}

fn verdict(domain: &SendingDomain, kind: DnsRecordKind) -> Option<Verdict> {
    of_kind(domain, kind).verdict
}

/// What npm's `mailauth` says of the signatures of a mail.
async fn verified(mail: &ReceivedMail, records: &[&DnsRecord]) -> Value {
    let records: serde_json::Map<String, Value> =
        records.iter().map(|record| (record.name.clone(), json!(record.wanted))).collect();
    let mut child = Command::new("node")
        .arg("verify-mail.mjs")
        .current_dir(VERIFIERS)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("`cargo xtask test` has installed it");
    let question = json!({"mail": mail.data, "records": records}).to_string();
    let mut input = child.stdin.take().expect("it was asked for");
    input.write_all(question.as_bytes()).await.expect("it listens");
    drop(input);
    let output = child.wait_with_output().await.expect("it ends");
    serde_json::from_slice(&output.stdout).expect("it answers in JSON")
}

#[tokio::test]
async fn where_mail_is_stopped_is_signed_too() {
    let place = Place::new().await;
    let set = place.set("tickets@demo.example").await;
    let key = of_kind(&set, DnsRecordKind::Dkim).clone();
    place.publish(&key);
    place.check().await;
    let message =
        crate::reader::optional(place.org, None, contract::channels::Topic::Announcements, "notice:1");
    let id = domain::ids::new_id();
    let sent = place.app.context().db.write(async |tx| messaging::deliveries::send(tx, id, &message).await);
    sent.await.expect("it is written");
    place.app.run_jobs().await;
    let mail = place.sink.received().pop().expect("it has arrived");
    assert!(mail.data.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"), "{}", mail.data);
    let passes = json!([{"result": "pass", "domain": "demo.example", "aligned": "demo.example"}]);
    assert_eq!(verified(&mail, &[&key]).await, passes);
    for (what, by) in [("/m/u/", "/m/v/"), ("=One-Click", "=Two-Click")] {
        let altered = ReceivedMail { data: mail.data.replacen(what, by, 1), ..mail.clone() };
        assert_ne!(altered.data, mail.data);
        assert_eq!(verified(&altered, &[&key]).await[0]["result"], "fail", "{what}");
    }
}

#[tokio::test]
async fn mail_comes_signed_from_the_own_address_once_its_key_is_in_dns() {
    let place = Place::new().await;
    let set = place.set("Tickets@Demo.example").await;
    assert_eq!((set.address.as_str(), set.in_use, set.checked_at), ("tickets@demo.example", false, None));
    let key = of_kind(&set, DnsRecordKind::Dkim).clone();
    let before = place.received(Some(place.org), "order_paid:1").await;
    assert_eq!(before.from, "tickets@ringside.example", "nobody has proven that the domain is theirs");
    assert!(!before.data.contains("DKIM-Signature"));
    assert_eq!(verdict(&place.check().await, DnsRecordKind::Dkim), Some(Verdict::Missing));

    place.publish(&key);
    let checked = place.check().await;
    assert!(checked.in_use);
    assert_eq!(checked.checked_at, Some(place.app.clock.now()));
    assert_eq!(of_kind(&checked, DnsRecordKind::Dkim).found, std::slice::from_ref(&key.wanted));
    let mail = place.received(Some(place.org), "order_paid:2").await;
    assert_eq!(mail.from, "tickets@demo.example");
    assert!(mail.data.contains("From: \"Demo Promotions\" <tickets@demo.example>\r\n"), "{}", mail.data);
    let passes = json!([{"result": "pass", "domain": "demo.example", "aligned": "demo.example"}]);
    assert_eq!(verified(&mail, &[&key]).await, passes);
    for (what, by) in
        [("Your tickets for", "My tickets for"), ("Auto-Submitted: auto-generated", "Auto-Submitted: no")]
    {
        let altered = ReceivedMail { data: mail.data.replacen(what, by, 1), ..mail.clone() };
        assert_eq!(verified(&altered, &[&key]).await[0]["result"], "fail", "{what}");
    }

    // Others' mail, and Ringside's own, still come from the configured address.
    let other = place.app.org("Other Promotions").await;
    assert_eq!(place.received(Some(other), "order_paid:3").await.from, "tickets@ringside.example");
    assert_eq!(place.received(None, "order_paid:4").await.from, "tickets@ringside.example");
    place.dns.withdraw(&key.name);
    place.app.run_timer("check_sending_domains").await;
    place.app.run_jobs().await;
    assert_eq!(place.received(Some(place.org), "order_paid:5").await.from, "tickets@ringside.example");
}

#[tokio::test]
async fn a_new_key_signs_once_it_is_in_dns_and_the_old_one_until_then() {
    let place = Place::new().await;
    let old = of_kind(&place.set("tickets@demo.example").await, DnsRecordKind::Dkim).clone();
    place.publish(&old);
    place.check().await;
    let renew =
        async || -> SendingDomain { place.app.to(RENEW_SENDING_KEY, &[]).by(&place.owner).ok().await };
    renew().await;
    let renewed = renew().await;
    let keys: Vec<&DnsRecord> =
        renewed.records.iter().filter(|record| record.kind == DnsRecordKind::Dkim).collect();
    assert_eq!(keys.len(), 2, "a new key that never signed makes room: {keys:?}");
    let new = keys[0];
    assert_ne!(new.wanted, old.wanted);
    assert!(place.check().await.in_use);
    let mail = place.received(Some(place.org), "order_paid:1").await;
    assert_eq!(verified(&mail, &[&old]).await[0]["result"], "pass");

    place.publish(new);
    let checked = place.check().await;
    assert_eq!(checked.records.len(), 3, "the old key has ended");
    let mail = place.received(Some(place.org), "order_paid:2").await;
    assert_eq!(verified(&mail, &[new]).await[0]["result"], "pass");
    let sealed = "SELECT count(*) FROM dkim_keys WHERE length(sealed) > 1000";
    assert_eq!(place.app.count(sealed).await, 1);

    // Another domain begins anew; another mailbox of the same does not.
    assert!(place.set("hello@demo.example").await.in_use);
    assert!(!place.set("hello@elsewhere.example").await.in_use);
}

#[tokio::test]
async fn the_page_says_what_is_wrong_with_each_record() {
    let place = Place::new().await;
    let domain = place.set("tickets@mail.demo.example").await;
    let (key, spf) = (of_kind(&domain, DnsRecordKind::Dkim), of_kind(&domain, DnsRecordKind::Spf));
    assert_eq!(spf.wanted, "v=spf1 include:_spf.mail.example ~all");
    place.dns.publish(&key.name, "v=DKIM1; k=rsa; p=MIIBother");
    place.dns.publish_all(&spf.name, &["v=spf1 mx ~all", "v=spf1 -all", "something else"]);
    // The policy of the domain above counts when there is none here.
    place.dns.publish("_dmarc.demo.example", "v=DMARC1; p=none");
    let checked = place.check().await;
    assert_eq!(verdict(&checked, DnsRecordKind::Dkim), Some(Verdict::OtherKey));
    assert_eq!(verdict(&checked, DnsRecordKind::Spf), Some(Verdict::Several));
    assert_eq!(of_kind(&checked, DnsRecordKind::Spf).found, ["v=spf1 mx ~all", "v=spf1 -all"]);
    assert_eq!(verdict(&checked, DnsRecordKind::Dmarc), Some(Verdict::OnlyWatches));
    for record in &domain.records {
        place.publish(record);
    }
    let checked = place.check().await;
    assert!(checked.records.iter().all(|record| record.verdict == Some(Verdict::Good)), "{checked:?}");
    let kept: SendingDomain = place.app.to(GET_SENDING_DOMAIN, &[]).by(&place.owner).ok().await;
    assert_eq!(kept, checked);
}

#[tokio::test]
async fn it_is_the_organisations_own_affair() {
    let place = Place::new().await;
    let get = || place.app.to(GET_SENDING_DOMAIN, &[]);
    get().by(&place.owner).problem(ErrorCode::NotFound).await;
    place.set("tickets@demo.example").await;
    let viewer = place.app.member(place.org, Role::Viewer).await;
    place.app.to(REMOVE_SENDING_DOMAIN, &[]).by(&viewer).problem(ErrorCode::NotPermitted).await;
    let rival = place.app.org("Rival Promotions").await;
    let rival = place.app.member(rival, Role::Owner).await;
    get().by(&rival).problem(ErrorCode::NotFound).await;
    for address in [
        "tickets",
        "tickets@",
        "tickets.@demo.example",
        "a b@demo.example",
        "tickets@demo.example\r\nBcc: all@demo.example",
        "tickets@a.a.a.a.a.a.a.a.a.a.example",
    ] {
        let wish = json!({"address": address, "name": "Demo"});
        place
            .app
            .to(SET_SENDING_DOMAIN, &[])
            .by(&place.owner)
            .json(&wish)
            .problem(ErrorCode::InvalidFields)
            .await;
    }
    place.app.to(REMOVE_SENDING_DOMAIN, &[]).by(&place.owner).no_content().await;
    place.app.to(REMOVE_SENDING_DOMAIN, &[]).by(&place.owner).problem(ErrorCode::NotFound).await;
    assert_eq!(place.app.count("SELECT count(*) FROM dkim_keys").await, 0);
    let noted = "SELECT count(*) FROM audit_log WHERE action LIKE 'sending_domain.%'";
    assert_eq!(place.app.count(noted).await, 2);
}
