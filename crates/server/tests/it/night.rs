//! A fight night on sale: rows of seats around the ring, a terrace, two gates.

use contract::endpoints::{
    CONFIRM_PAYMENT, CREATE_EVENT, CREATE_GATE, CREATE_VENUE, GET_ORDER, IMPORT_SEAT_MAP, OPEN_SALE,
    PLACE_ORDER, PUBLISH_EVENT, START_PAYMENT,
};
use contract::events::Event;
use contract::orders::Order;
use contract::payments::Payment;
use contract::venues::{Gate, SeatMapImport, Venue};
use domain::Role;
use serde_json::{Value, json};
use testkit::{Answer, Caller, TestApp};
use uuid::Uuid;

/// How many numbered seats a row has.
const ROW: usize = 10;

/// A fight night and who runs it.
pub struct Night {
    pub owner: Caller,
    pub venue: Uuid,
    pub seat_map: Uuid,
    pub gates: [Uuid; 2],
    pub event: Uuid,
    pub seats: Vec<String>,
}

/// The hall's map as a file: `seats` numbered seats in rows of ten, and 100 standing places.
pub fn map(seats: usize) -> String {
    let mut file = "zone,zone_name,kind,row,seat,x,y,capacity,flags\n".to_owned();
    for place in 0..seats {
        let (row, number) = (place / ROW, place % ROW);
        file += &format!("R1,Ringside,seated,R{row},{},{},{},,\n", number + 1, number * 6, 60 + row * 9);
    }
    file + "TN,Terrace,standing,,,,,100,\n"
}

/// The labels of those seats.
pub fn labels(seats: usize) -> Vec<String> {
    (0..seats).map(|place| format!("R1-R{}-{}", place / ROW, place % ROW + 1)).collect()
}

/// What the event is created from; doors open in eight hours by the test's clock.
pub fn wish(venue: Uuid, slug: &str) -> Value {
    json!({
        "venue_id": venue,
        "slug": slug,
        "texts": {"en": {"title": "Demo Fight Night"}},
        "doors_at": "2026-11-20T20:00:00Z",
        "starts_at": "2026-11-20T21:00:00Z",
        "ends_at": "2026-11-21T00:00:00Z",
        "bouts": [{"red": "Demo Red", "blue": "Demo Blue", "rounds": 5}],
        "prices": [
            {"name": "Ringside", "price": {"amount": 250000, "currency": "THB"}, "zones": ["R1"]},
            {"name": "Standing", "price": {"amount": 50000, "currency": "THB"}, "zones": ["TN"]},
        ],
    })
}

/// Who buys.
pub fn buyer(name: &str) -> Value {
    json!({"email": format!("{name}@demo.ringside.example"), "name": "Demo Fan"})
}

impl Night {
    /// Sets it all up and opens the sale.
    pub async fn on_sale(app: &TestApp, slug: &str, seats: usize) -> Self {
        let org = app.org("Demo Promotions").await;
        let owner = app.member(org, Role::Owner).await;
        let hall = json!({"name": "Demo Hall", "address": "1 Demo Road", "time_zone": "Asia/Bangkok"});
        let venue: Venue = app.to(CREATE_VENUE, &[]).by(&owner).json(&hall).created().await;
        let venue = venue.id;
        let path = venue.to_string();
        let imported: SeatMapImport =
            app.to(IMPORT_SEAT_MAP, &[&path]).by(&owner).bytes("text/csv", map(seats)).created().await;
        let mut gates = [Uuid::nil(); 2];
        for (gate, name) in gates.iter_mut().zip(["Gate A", "Gate B"]) {
            let wish = json!({"name": name, "zones": []});
            *gate = app.to(CREATE_GATE, &[&path]).by(&owner).json(&wish).created::<Gate>().await.id;
        }
        let event: Event = app.to(CREATE_EVENT, &[]).by(&owner).json(&wish(venue, slug)).created().await;
        let id = event.id.to_string();
        let _: Event = app.to(PUBLISH_EVENT, &[&id]).by(&owner).ok().await;
        let _: Event = app.to(OPEN_SALE, &[&id]).by(&owner).ok().await;
        app.run_jobs().await;
        let seat_map = imported.id.expect("an import that is no trial makes a map");
        Self { owner, venue, seat_map, gates, event: event.id, seats: labels(seats) }
    }

    /// A guest orders seats.
    pub async fn order(&self, app: &TestApp, name: &str, seats: &[&str]) -> Answer {
        let wish = json!({"event_id": self.event, "seats": seats, "buyer": buyer(name)});
        app.to(PLACE_ORDER, &[]).json(&wish).await
    }

    /// A guest orders seats and pays; staff see the money arrive. The order as its guest reads it then.
    pub async fn sell(&self, app: &TestApp, name: &str, seats: &[&str]) -> Order {
        let placed: Order = self.order(app, name, seats).await.expect(201).json();
        let _ = self.pay(app, &placed).await.expect(200);
        let access = placed.access.as_deref().expect("the answer that placed it gives access");
        app.to(GET_ORDER, &[&placed.id.to_string()]).access(access).ok().await
    }

    /// The guest pays, staff see the money arrive.
    pub async fn pay(&self, app: &TestApp, placed: &Order) -> Answer {
        let access = placed.access.as_deref().expect("the answer that placed it gives access");
        let payment: Payment = app
            .to(START_PAYMENT, &[&placed.id.to_string()])
            .access(access)
            .json(&json!({"method": "promptpay"}))
            .created()
            .await;
        let confirmation = json!({"amount": payment.amount, "reference": "DEMO-1"});
        app.to(CONFIRM_PAYMENT, &[&payment.id.to_string()]).by(&self.owner).json(&confirmation).await
    }
}

/// What must always hold, holds.
pub async fn assert_invariants(app: &TestApp) {
    let now = app.clock.now();
    let violations =
        app.sql(async |conn| server::verify::violations(conn, &app.state().keys, now).await).await;
    assert!(violations.is_empty(), "{violations:#?}");
}
