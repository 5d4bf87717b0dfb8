//! A small hall with an event, ready to sell: two rows of five seats by the ring, three seats on a
//! balcony, and ten standing places.

use contract::{
    Page,
    endpoints::{CREATE_EVENT, CREATE_GATE, CREATE_VENUE, IMPORT_SEAT_MAP, OPEN_SALE, PUBLISH_EVENT},
    events::Event,
    venues::{Gate, SeatMapImport, Venue},
};
use domain::Role;
use platform::config::Config;
use serde_json::{Value, json};
use testkit::{Caller, Setup, TestApp};
use uuid::Uuid;

/// The hall's map as a file.
pub const MAP: &str = "\
zone,zone_name,zone_name_th,kind,row,seat,x,y,capacity,flags
R1,Ringside,ริงไซด์,seated,A,1,-40,60,,
R1,Ringside,ริงไซด์,seated,A,2,-20,60,,
R1,Ringside,ริงไซด์,seated,A,3,0,60,,
R1,Ringside,ริงไซด์,seated,A,4,20,60,,
R1,Ringside,ริงไซด์,seated,A,5,40,60,,
R1,Ringside,ริงไซด์,seated,B,1,-40,70,,
R1,Ringside,ริงไซด์,seated,B,2,-20,70,,
R1,Ringside,ริงไซด์,seated,B,3,0,70,,
R1,Ringside,ริงไซด์,seated,B,4,20,70,,
R1,Ringside,ริงไซด์,seated,B,5,40,70,,
BAL,Balcony,ระเบียง,seated,A,1,-20,120,,
BAL,Balcony,ระเบียง,seated,A,2,0,120,,
BAL,Balcony,ระเบียง,seated,A,3,20,120,,
TN,Terrace north,อัฒจันทร์ยืนทิศเหนือ,standing,,,,,10,
";

/// A promoter, its owner, a venue with a gate, and one event.
pub struct Stage {
    pub app: TestApp,
    pub org: Uuid,
    pub owner: Caller,
    pub venue: Uuid,
    pub gate: Gate,
    pub event: Uuid,
}

/// The app with all of ticketing; answers of the shop are never kept.
pub async fn app() -> TestApp {
    setup().start().await
}

fn setup() -> Setup {
    Setup::new()
        .routes(ticketing::configure)
        .jobs(ticketing::jobs)
        .config(|config| config.public_cache_ms = 0)
}

/// What an event at `venue` starts with; doors open in eight hours by the test's clock.
pub fn draft(venue: Uuid, slug: &str) -> Value {
    json!({
        "venue_id": venue,
        "slug": slug,
        "texts": {"en": {"title": "Demo Fight Night"}, "th": {"title": "ศึกทดสอบ"}},
        "doors_at": "2026-11-20T20:00:00Z",
        "starts_at": "2026-11-20T21:00:00Z",
        "ends_at": "2026-11-21T00:00:00Z",
        "bouts": [{"red": "Demo Red", "blue": "Demo Blue", "class": "Lightweight", "rounds": 5}],
        "prices": [
            {"name": "Ringside", "price": {"amount": 250000, "currency": "THB"}, "zones": ["R1"]},
            {"name": "Balcony", "price": {"amount": 100000, "currency": "THB"}, "zones": ["BAL"]},
            {"name": "Standing", "price": {"amount": 50000, "currency": "THB"}, "zones": ["TN"]},
        ],
    })
}

/// A promoter's hall with its map, without an event.
pub async fn hall(app: &TestApp) -> (Uuid, Caller, Uuid) {
    let org = app.org("Demo Promotions").await;
    let owner = app.member(org, Role::Owner).await;
    let body = json!({"name": "Demo Hall", "address": "1 Demo Road", "time_zone": "Asia/Bangkok"});
    let venue: Venue = app.to(CREATE_VENUE, &[]).by(&owner).json(&body).created().await;
    let path = venue.id.to_string();
    let imported: SeatMapImport =
        app.to(IMPORT_SEAT_MAP, &[&path]).by(&owner).bytes("text/csv", MAP).created().await;
    assert_eq!((imported.seats, imported.standing), (13, 10));
    (org, owner, venue.id)
}

/// The event on sale.
pub async fn on_sale() -> Stage {
    on_sale_in(app().await).await
}

/// The event on sale, where the configuration is another.
pub async fn on_sale_with(change: impl FnOnce(&mut Config) + 'static) -> Stage {
    on_sale_in(setup().config(change).start().await).await
}

async fn on_sale_in(app: TestApp) -> Stage {
    let (org, owner, venue) = hall(&app).await;
    let gate: Gate = app
        .to(CREATE_GATE, &[&venue.to_string()])
        .by(&owner)
        .json(&json!({"name": "Gate A", "zones": ["R1", "TN"]}))
        .created()
        .await;
    let event: Event = app.to(CREATE_EVENT, &[]).by(&owner).json(&draft(venue, "demo-night")).created().await;
    let id = event.id.to_string();
    let _: Event = app.to(PUBLISH_EVENT, &[&id]).by(&owner).ok().await;
    let _: Event = app.to(OPEN_SALE, &[&id]).by(&owner).ok().await;
    app.run_jobs().await;
    Stage { app, org, owner, venue, gate, event: event.id }
}

impl Stage {
    /// The event's id as it stands in paths.
    pub fn id(&self) -> String {
        self.event.to_string()
    }

    /// What is free just now.
    pub async fn availability(&self) -> contract::events::Availability {
        self.app.to(contract::endpoints::GET_AVAILABILITY, &[&self.id()]).ok().await
    }
}

/// The items of a page.
pub async fn items<T: serde::de::DeserializeOwned>(call: testkit::Call) -> Vec<T> {
    call.ok::<Page<T>>().await.items
}
