//! What buyers agree to: kept with the order, by those who keep accounts.

use chrono::TimeDelta;
use contract::ErrorCode;
use contract::endpoints::{
    GET_EXPORT, LIST_CONSENTS, PLACE_ORDER, PUBLISH_POLICY, REQUEST_ERASURE, REQUEST_EXPORT,
};
use contract::orders::Order;
use contract::privacy::{Consent, DataExport, Erasure, Policy};
use serde_json::{Value, json};
use testkit::{Call, TestApp};

use crate::night::Night;
use crate::privacy::platform_owner;
use crate::setup;

/// An order of one seat that says what its buyer agrees to.
fn agreeing(app: &TestApp, night: &Night, seat: usize, email: &str, accepted: &[&Policy]) -> Call {
    let ids: Vec<_> = accepted.iter().map(|policy| policy.id).collect();
    let buyer = json!({"email": email, "name": "Somchai Demo"});
    let wish =
        json!({"event_id": night.event, "seats": [night.seats[seat]], "buyer": buyer, "accepted": ids});
    app.to(PLACE_ORDER, &[]).json(&wish)
}

#[tokio::test]
async fn what_is_agreed_to_at_checkout_is_kept_with_the_order_or_there_is_no_order() {
    let app = setup().start().await;
    let night = Night::on_sale(&app, "demo-night", 20).await;
    let platform = platform_owner(&app).await;
    let text = |kind: &str| json!({"kind": kind, "texts": {"en": "What we do."}, "required": true});
    let publish = async |kind: &str| -> Policy {
        app.to(PUBLISH_POLICY, &[]).by(&platform).json(&text(kind)).created().await
    };
    app.to(PUBLISH_POLICY, &[])
        .by(&platform)
        .json(&text("marketing"))
        .problem(ErrorCode::InvalidFields)
        .await;
    let (old, terms) = (publish("privacy").await, publish("terms").await);
    let new = publish("privacy").await;
    assert!(new.required);

    let mail = "somchai@demo.ringside.example";
    let refused = agreeing(&app, &night, 0, mail, &[&terms, &old]).problem(ErrorCode::PolicyOutdated).await;
    assert_eq!(refused.fields[0].field, "accepted[1]");
    assert_eq!(app.count("SELECT count(*) FROM orders").await, 0, "nothing is half done");
    assert_eq!(app.count("SELECT count(*) FROM consents").await, 0);

    // A guest, and the same person signed in.
    let fan = app.person().await;
    app.execute(&format!(
        "UPDATE people SET email = '{mail}', verified_at = now() WHERE id = '{}'",
        fan.user_id
    ))
    .await;
    let guest: Order = agreeing(&app, &night, 0, mail, &[&terms, &new]).created().await;
    let said = format!(
        "SELECT count(*) FROM consents WHERE order_id = '{}' AND user_id IS NULL AND how = 'checkout' AND ip = '127.0.0.1'",
        guest.id
    );
    assert_eq!(app.count(&said).await, 2);
    let _: Order = agreeing(&app, &night, 1, mail, &[&new]).by(&fan).created().await;
    let now: Vec<Consent> = app.to(LIST_CONSENTS, &[]).by(&fan).ok().await;
    assert!(now.iter().any(|consent| consent.policy.id == new.id && consent.given), "{now:?}");
    // Integrators and the box office say nothing, and sell.
    let _: Order = agreeing(&app, &night, 2, "other@demo.ringside.example", &[]).created().await;

    let _: DataExport = app.to(REQUEST_EXPORT, &[]).by(&fan).created().await;
    app.run_jobs().await;
    let ready: DataExport = app.to(GET_EXPORT, &[]).by(&fan).ok().await;
    let path = format!("/me/export/{}?format=json", ready.id);
    let copy: Value = app.get(&path).by(&fan).await.expect(200).json();
    assert_eq!(copy["account"]["consents"].as_array().map(Vec::len), Some(3), "{copy:#}");
    let _: Erasure = app.to(REQUEST_ERASURE, &[]).by(&fan).json(&json!({"word": "ERASE"})).created().await;
    app.run_jobs().await;
    app.advance(TimeDelta::days(8));
    app.run_timer("erase_people").await;
    assert_eq!(app.count("SELECT count(*) FROM consents WHERE ip IS NOT NULL").await, 0);
    assert_eq!(app.count("SELECT count(*) FROM consents").await, 3, "proof of what was agreed to stays");
    app.run_jobs().await;
}
