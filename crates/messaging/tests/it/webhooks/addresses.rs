//! Nothing of this house or its neighbours is asked.

use std::net::Ipv4Addr;

use contract::ErrorCode;
use contract::endpoints::CREATE_WEBHOOK_ENDPOINT;
use contract::webhooks::{NewWebhookSecret, WebhookDelivery, WebhookFault};
use domain::{Fact, Role};
use serde_json::json;
use testkit::{DnsServer, Receiver, Reply, TestApp};
use uuid::Uuid;

use super::{Place, near, setup};

/// Sets an endpoint up and has it told something.
async fn send_to(app: &TestApp, url: &str) -> WebhookDelivery {
    let org = app.org("Demo Promotions").await;
    let owner = app.member(org, Role::Owner).await;
    let wish = json!({"url": url, "event_types": ["event.changed"]});
    let _: NewWebhookSecret = app.to(CREATE_WEBHOOK_ENDPOINT, &[]).by(&owner).json(&wish).created().await;
    let fact = Fact::EventChanged { event_id: Uuid::now_v7() };
    app.context().db.write(async |tx| tx.emit(org, fact.clone()).await).await.expect("it is told");
    app.run_jobs().await;
    let page: contract::Page<WebhookDelivery> =
        app.to(contract::endpoints::LIST_WEBHOOK_DELIVERIES, &[]).by(&owner).ok().await;
    page.items.into_iter().next().expect("it was sent")
}

#[tokio::test]
async fn an_address_that_shows_where_it_leads_is_not_taken() {
    let app = setup().start().await;
    let org = app.org("Demo Promotions").await;
    let owner = app.member(org, Role::Owner).await;
    for bad in [
        "http://hooks.demo.example",
        "https://127.0.0.1/hook",
        "https://127.1/hook",
        "https://2130706433/hook",
        "https://0x7f000001/hook",
        "https://017700000001/hook",
        "https://[::1]/hook",
        "https://[::ffff:127.0.0.1]/hook",
        "https://[::ffff:7f00:1]/hook",
        "https://[64:ff9b::7f00:1]/hook",
        "https://10.1.2.3/hook",
        "https://169.254.169.254/latest/meta-data",
        "https://localhost/hook",
        "https://LOCALHOST/hook",
        "https://hooks.localhost/hook",
        "https://internal/hook",
        "https://user:secret@hooks.demo.example/hook",
        "gopher://hooks.demo.example/",
    ] {
        let wish = json!({"url": bad, "event_types": ["order.paid"]});
        let refused = app.to(CREATE_WEBHOOK_ENDPOINT, &[]).by(&owner).json(&wish);
        let refused = refused.problem(ErrorCode::InvalidFields).await;
        assert_eq!(refused.fields[0].code, "address_not_allowed", "{bad}");
    }
}

#[tokio::test]
async fn a_name_that_leads_into_a_private_network_is_not_asked() {
    let (dns, receiver) = (DnsServer::start(), Receiver::start());
    for (name, ip) in [("loop.demo.example", [127, 0, 0, 1]), ("meta.demo.example", [169, 254, 169, 254])] {
        dns.publish_address(name, Ipv4Addr::from(ip));
    }
    let address = dns.address();
    let app = setup().config(move |config| config.dns_resolver = Some(address)).start().await;
    let port = receiver.port();
    for host in ["loop.demo.example", "meta.demo.example", "LOOP.demo.example.", "localhost.", "x.localhost."]
    {
        let told = send_to(&app, &format!("https://{host}:{port}/hook")).await;
        assert_eq!(told.last_fault, Some(WebhookFault::AddressNotAllowed), "{host}");
    }
    assert!(receiver.take().is_empty(), "nobody was asked");
    app.forget_jobs().await;
}

#[tokio::test]
async fn a_name_is_asked_where_it_was_seen_to_lead() {
    let (dns, receiver) = (DnsServer::start(), Receiver::start());
    dns.publish_address("hooks.demo.example", Ipv4Addr::LOCALHOST);
    let address = dns.address();
    let app = setup().config(near).config(move |config| config.dns_resolver = Some(address)).start().await;
    // The machine knows no such name: only the address that was looked at can have been asked.
    let url = format!("http://hooks.demo.example:{}/hook", receiver.port());
    assert_eq!(send_to(&app, &url).await.last_fault, None);
    assert_eq!(receiver.take().len(), 1);
    // By plain HTTP nothing beside the networks that are named.
    dns.publish_address("hooks.demo.example", Ipv4Addr::new(10, 0, 0, 1));
    assert_eq!(send_to(&app, &url).await.last_fault, Some(WebhookFault::AddressNotAllowed));
    dns.publish_address("hooks.demo.example", Ipv4Addr::new(8, 8, 8, 8));
    assert_eq!(send_to(&app, &url).await.last_fault, Some(WebhookFault::AddressNotAllowed));
    app.forget_jobs().await;
}

#[tokio::test]
async fn nobody_is_sent_on() {
    let place = Place::new().await;
    let elsewhere = Receiver::start();
    let on = Reply::With(307, vec![("Location", elsewhere.url())], String::new());
    place.receiver.reply([on]);
    place.pay().await;
    let told = place.only().await;
    assert_eq!((told.last_status, told.last_fault), (Some(307), Some(WebhookFault::Refused)));
    assert!(elsewhere.take().is_empty());
    place.app.forget_jobs().await;
}
