//! Whose things stay whose: a fight night of one promoter, and the owner of another who knows every
//! id of it.

use std::collections::BTreeMap;

use contract::Page;
use contract::deliveries::{Delivery, DeliverySummary};
use contract::endpoints::{
    GET_DELIVERY, GET_ORDER, GET_TICKET, LIST_DELIVERIES, LIST_EVENTS, LIST_ORDERS, PLACE_HOLD, RECORD_SCAN,
    REQUEST_EXPORT,
};
use contract::events::Event;
use contract::holds::Hold;
use contract::orders::{Order, OrderSummary};
use contract::privacy::DataExport;
use domain::{Permission, Role};
use serde_json::{Value, json};
use testkit::{Call, Caller, TestApp};

use crate::night::{self, Night, assert_invariants};
use crate::operations::{self, Operation};
use crate::setup;

/// Public by design: whatever is shown in the shop.
fn is_public(operation: &Operation) -> bool {
    operation.path.starts_with("/api/v1/shop/")
}

/// A night with one of everything, and the ids of it all by the names they have in paths.
struct Everything {
    night: Night,
    order: Order,
    paid: Order,
    ids: BTreeMap<&'static str, String>,
}

impl Everything {
    async fn set_up(app: &TestApp) -> Self {
        let night = Box::pin(Night::on_sale(app, "demo-night", 20)).await;
        let paid = night.sell(app, "fan", &[&night.seats[0]]).await;
        let order: Order = night.order(app, "guest", &[&night.seats[1]]).await.expect(201).json();
        let event = night.event.to_string();
        let hold: Hold =
            app.to(PLACE_HOLD, &[&event]).json(&json!({"seats": [night.seats[2]]})).created().await;
        app.run_jobs().await;
        let mails: Page<DeliverySummary> = app.to(LIST_DELIVERIES, &[]).by(&night.owner).ok().await;
        let mut attached = None;
        for mail in &mails.items {
            let id = mail.id.to_string();
            let mail: Delivery = app.to(GET_DELIVERY, &[&id]).by(&night.owner).ok().await;
            attached = attached.or(mail.attachments.first().map(|file| (id, file.id.to_string())));
        }
        let (delivery, attachment) = attached.expect("the tickets were mailed as a file");
        let payment = paid.payment.as_ref().expect("it was paid").id;
        let ids = BTreeMap::from([
            ("user_id", night.owner.user_id.to_string()),
            ("venue_id", night.venue.to_string()),
            ("seat_map_id", night.seat_map.to_string()),
            ("event_id", event),
            ("hold_id", hold.id.to_string()),
            ("order_id", paid.id.to_string()),
            ("payment_id", payment.to_string()),
            ("ticket_id", paid.tickets[0].id.to_string()),
            ("delivery_id", delivery),
            ("attachment_id", attachment),
            ("export_id", Self::copy(app, &night).await),
        ]);
        Self { night, order, paid, ids }
    }

    /// A copy of the owner's data that is ready.
    async fn copy(app: &TestApp, night: &Night) -> String {
        let copy: DataExport = app.to(REQUEST_EXPORT, &[]).by(&night.owner).created().await;
        app.run_jobs().await;
        copy.id.to_string()
    }

    /// A call of the operation about these things, with a body that would do.
    fn call(&self, app: &TestApp, operation: &Operation) -> Call {
        let call = operation.call(app, |name| self.ids[name].clone());
        match (operation.id.as_str(), body(&operation.id)) {
            ("import_seat_map", _) => call.bytes("text/csv", night::map(10)),
            (_, Some(body)) => call.json(&body),
            _ => call,
        }
    }
}

fn body(operation: &str) -> Option<Value> {
    Some(match operation {
        "change_role" => json!({"role": "viewer"}),
        "create_gate" => json!({"name": "Their gate", "zones": []}),
        "update_event" => json!({"version": 1, "slug": "taken-over"}),
        "start_payment" => json!({"method": "promptpay"}),
        "confirm_payment" => json!({"amount": {"amount": 250_000, "currency": "THB"}, "reference": "THEIRS"}),
        "revoke_ticket" => json!({"reason": "Because we can"}),
        _ => return None,
    })
}

/// What the tables hold, so that a change shows.
async fn state(app: &TestApp) -> Vec<i64> {
    let mut sums = Vec::new();
    for table in [
        "members",
        "venues",
        "gates",
        "seat_maps",
        "events",
        "event_zones",
        "event_seats",
        "holds",
        "orders",
        "payments",
        "tickets",
        "scans",
        "deliveries",
    ] {
        let query = format!(
            "SELECT coalesce(sum(('x' || substr(md5(t::text), 1, 12))::bit(48)::bigint), 0)::bigint AS count FROM {table} AS t"
        );
        sums.push(app.count(&query).await);
    }
    sums
}

/// What names a thing of a tenant in its path.
fn about_a_tenant() -> impl Iterator<Item = Operation> {
    // How long things are kept is the platform's, and told to all who may look after privacy.
    let tenants = |operation: &Operation| !is_public(operation) && operation.id != "choose_retention";
    operations::all().into_iter().filter(move |operation| operation.path.contains('{') && tenants(operation))
}

#[tokio::test]
async fn another_tenant_finds_nothing_by_any_id() {
    let app = setup().start().await;
    let ours = Box::pin(Everything::set_up(&app)).await;
    let org = app.org("Demo Rivals").await;
    let stranger = app.member(org, Role::Owner).await;
    let before = state(&app).await;
    for operation in about_a_tenant() {
        let answer = ours.call(&app, &operation).by(&stranger).await;
        assert_eq!(answer.status, 404, "{}: {} {}", operation.id, answer.name, answer.text());
        let anonymous = ours.call(&app, &operation).await;
        assert!([401, 404].contains(&anonymous.status.as_u16()), "{}: {}", operation.id, anonymous.text());
    }
    assert_eq!(state(&app).await, before, "something was changed");
    assert_invariants(&app).await;
}

#[tokio::test]
async fn another_tenant_uses_no_id_in_a_body_and_sees_nothing_in_a_list() {
    let app = setup().start().await;
    let ours = Box::pin(Everything::set_up(&app)).await;
    let org = app.org("Demo Rivals").await;
    let stranger = app.member(org, Role::Owner).await;
    let before = state(&app).await;

    let event = night::wish(ours.night.venue, "at-their-venue");
    let refused = app.post("/events").by(&stranger).json(&event).await;
    assert!([404, 422].contains(&refused.status.as_u16()), "{}", refused.text());
    let code = ours.paid.tickets[0].code.as_deref().expect("a live ticket has its code");
    let reading = json!({"event_id": ours.night.event, "gate_id": ours.night.gates[0], "code": code});
    let refused = app.to(RECORD_SCAN, &[]).by(&stranger).json(&reading).await;
    assert!([404, 422].contains(&refused.status.as_u16()), "{}", refused.text());

    let orders: Page<OrderSummary> = app.to(LIST_ORDERS, &[]).by(&stranger).ok().await;
    let events: Page<Event> = app.to(LIST_EVENTS, &[]).by(&stranger).ok().await;
    let mails: Page<DeliverySummary> = app.to(LIST_DELIVERIES, &[]).by(&stranger).ok().await;
    assert_eq!((orders.items.len(), events.items.len(), mails.items.len()), (0, 0, 0));
    let path = format!("/orders?event={}", ours.night.event);
    let filtered: Page<OrderSummary> = app.get(&path).by(&stranger).ok().await;
    assert_eq!(filtered.items.len(), 0);
    assert_eq!(state(&app).await, before, "something was changed");
}

/// Orders and tickets are read by their buyer, by a guest with the secret, and by staff who may.
#[tokio::test]
async fn an_order_is_its_buyers_and_its_sellers() {
    let app = setup().start().await;
    let ours = Box::pin(Everything::set_up(&app)).await;
    let (order, ticket) = (ours.paid.id.to_string(), ours.paid.tickets[0].id.to_string());
    let org = ours.night.owner.org_id.expect("an owner has an organisation");
    let status = async |by: &Caller, path: String| app.get(&path).by(by).await.status.as_u16();
    let paths = [
        (Permission::OrdersRead, format!("/orders/{order}")),
        (Permission::TicketsRead, format!("/tickets/{ticket}")),
        (Permission::TicketsRead, format!("/tickets/{ticket}/qr")),
        (Permission::TicketsRead, format!("/tickets/{ticket}/pdf")),
    ];
    for (permission, path) in paths {
        assert_eq!(status(&ours.night.owner, path.clone()).await, 200, "{path}");
        assert_eq!(status(&ours.night.owner.without(permission), path.clone()).await, 404, "{path}");
        let scanner = app.member(org, Role::Scanner).await;
        assert_eq!(status(&scanner, path.clone()).await, 404, "{path}");
    }

    let access = ours.order.access.as_deref().expect("the answer that placed it gives access");
    let id = ours.order.id.to_string();
    let seen: Order = app.to(GET_ORDER, &[&id]).access(access).ok().await;
    assert_eq!(seen.id, ours.order.id);
    assert_eq!(app.to(GET_ORDER, &[&id]).access("made-up").await.status, 404);
    assert_eq!(app.to(GET_ORDER, &[&order]).access(access).await.status, 404, "the secret of another order");
    assert_eq!(app.to(GET_TICKET, &[&ticket]).access(access).await.status, 404);
}
