//! Venues, seat maps and gates: who may see and change them, and what a bad file is told.

use contract::{
    ErrorCode,
    endpoints::{
        CREATE_GATE, CREATE_VENUE, GET_SEAT_MAP, GET_VENUE, IMPORT_SEAT_MAP, LIST_GATES, LIST_SEAT_MAPS,
        LIST_VENUES,
    },
    venues::{Gate, SeatMapImport, SeatMapSummary, Venue},
};
use domain::Role;
use domain::seat_map::{SeatMap, import_csv};
use serde_json::json;
use testkit::{Caller, TestApp};

use crate::stage::{self, MAP, items};

fn wish(name: &str, open: bool) -> serde_json::Value {
    json!({"name": name, "address": "1 Demo Road", "time_zone": "Asia/Bangkok", "open_to_promoters": open})
}

async fn venue(app: &TestApp, by: &Caller, open: bool) -> Venue {
    app.to(CREATE_VENUE, &[]).by(by).json(&wish("Demo Hall", open)).created().await
}

#[actix_web::test]
async fn a_venue_is_seen_by_its_owner_and_when_open_by_all_but_changed_by_its_owner_only() {
    let app = stage::app().await;
    let (mine, theirs) = (app.org("Demo One").await, app.org("Demo Two").await);
    let (owner, other) = (app.member(mine, Role::Owner).await, app.member(theirs, Role::Owner).await);
    let (closed, open) = (venue(&app, &owner, false).await, venue(&app, &owner, true).await);
    assert!(closed.own && open.own && closed.seat_map.is_none());

    let seen: Vec<Venue> = items(app.to(LIST_VENUES, &[]).by(&owner)).await;
    assert_eq!(seen, [closed.clone(), open.clone()]);
    let seen: Vec<Venue> = items(app.to(LIST_VENUES, &[]).by(&other)).await;
    assert_eq!(seen.len(), 1);
    assert!(!seen[0].own && seen[0].id == open.id);

    let (closed, open) = (closed.id.to_string(), open.id.to_string());
    app.to(GET_VENUE, &[&closed]).by(&other).problem(ErrorCode::NotFound).await;
    app.to(GET_VENUE, &["not-an-id"]).by(&owner).problem(ErrorCode::NotFound).await;
    let _: Venue = app.to(GET_VENUE, &[&open]).by(&other).ok().await;
    for (id, code) in [(&closed, ErrorCode::NotFound), (&open, ErrorCode::NotPermitted)] {
        app.to(IMPORT_SEAT_MAP, &[id]).by(&other).bytes("text/csv", MAP).problem(code).await;
        app.to(CREATE_GATE, &[id]).by(&other).json(&json!({"name": "Gate X"})).problem(code).await;
    }
    app.to(LIST_SEAT_MAPS, &[&closed]).by(&other).problem(ErrorCode::NotFound).await;
    app.to(LIST_GATES, &[&closed]).by(&other).problem(ErrorCode::NotFound).await;

    app.to(LIST_VENUES, &[]).problem(ErrorCode::NotSignedIn).await;
    let viewer = app.member(mine, Role::Viewer).await;
    app.to(CREATE_VENUE, &[]).by(&viewer).json(&wish("Demo", false)).problem(ErrorCode::NotPermitted).await;
}

#[actix_web::test]
async fn a_venue_needs_a_known_time_zone_and_is_created_once_per_key() {
    let app = stage::app().await;
    let owner = app.member(app.org("Demo One").await, Role::Owner).await;
    let mut body = wish("Demo Hall", false);
    body["time_zone"] = "Mars/Olympus".into();
    let problem = app.to(CREATE_VENUE, &[]).by(&owner).json(&body).problem(ErrorCode::InvalidFields).await;
    assert_eq!(
        (problem.fields[0].field.as_str(), problem.fields[0].code.as_str()),
        ("time_zone", "unknown_time_zone")
    );

    let create = || app.to(CREATE_VENUE, &[]).by(&owner).header("idempotency-key", "one-hall");
    let first: Venue = create().json(&wish("Demo Hall", false)).created().await;
    let again: Venue = create().json(&wish("Demo Hall", false)).created().await;
    assert_eq!(first, again);
    create().json(&wish("Another", false)).problem(ErrorCode::IdempotencyKeyReused).await;
    assert_eq!(app.count("SELECT count(*) FROM venues").await, 1);
}

#[actix_web::test]
async fn pages_of_venues_follow_each_other() {
    let app = stage::app().await;
    let owner = app.member(app.org("Demo One").await, Role::Owner).await;
    for _ in 0..3 {
        venue(&app, &owner, false).await;
    }
    let first: contract::Page<Venue> = app.get("/venues?limit=2").by(&owner).ok().await;
    let next = first.next.unwrap();
    let rest: contract::Page<Venue> = app.get(&format!("/venues?limit=2&after={next}")).by(&owner).ok().await;
    assert_eq!((first.items.len(), rest.items.len(), rest.next), (2, 1, None));
    app.get("/venues?limit=201").by(&owner).problem(ErrorCode::PageTooLarge).await;
    app.get("/venues?after=elsewhere").by(&owner).problem(ErrorCode::UnknownCursor).await;
}

#[actix_web::test]
async fn an_imported_map_is_given_out_as_it_was_and_the_latest_is_the_venues() {
    let app = stage::app().await;
    let owner = app.member(app.org("Demo One").await, Role::Owner).await;
    let id = venue(&app, &owner, false).await.id.to_string();

    let dry: SeatMapImport = app
        .post(&format!("/venues/{id}/seat-maps?dry_run=true"))
        .by(&owner)
        .bytes("text/csv; charset=utf-8", MAP)
        .ok()
        .await;
    assert_eq!((dry.id, dry.seats, dry.standing, dry.zones.len()), (None, 13, 10, 3));
    assert_eq!(app.count("SELECT count(*) FROM seat_maps").await, 0);

    let first: SeatMapImport = app
        .post(&format!("/venues/{id}/seat-maps?name=Small%20hall"))
        .by(&owner)
        .bytes("text/csv", MAP)
        .created()
        .await;
    let map: SeatMap = app.to(GET_SEAT_MAP, &[&first.id.unwrap().to_string()]).by(&owner).ok().await;
    assert_eq!(map, SeatMap { name: "Small hall".into(), ..import_csv(MAP).unwrap() });

    // The JSON given out can be imported as it is.
    let json = serde_json::to_vec(&map).unwrap();
    let second: SeatMapImport =
        app.to(IMPORT_SEAT_MAP, &[&id]).by(&owner).bytes("application/json", json).created().await;
    let again: SeatMap = app.to(GET_SEAT_MAP, &[&second.id.unwrap().to_string()]).by(&owner).ok().await;
    assert_eq!(again, map);

    let maps: Vec<SeatMapSummary> = items(app.to(LIST_SEAT_MAPS, &[&id]).by(&owner)).await;
    assert_eq!(maps.iter().map(|map| Some(map.id)).collect::<Vec<_>>(), [second.id, first.id]);
    assert_eq!(maps[0].zones, dry.zones);
    let venue: Venue = app.to(GET_VENUE, &[&id]).by(&owner).ok().await;
    assert_eq!(venue.seat_map.as_ref(), maps.first());

    let stranger = app.member(app.org("Demo Two").await, Role::Owner).await;
    app.to(GET_SEAT_MAP, &[&maps[0].id.to_string()]).by(&stranger).problem(ErrorCode::NotFound).await;
}

#[actix_web::test]
async fn a_bad_file_is_told_every_error_by_its_line_and_keeps_nothing() {
    let app = stage::app().await;
    let owner = app.member(app.org("Demo One").await, Role::Owner).await;
    let id = venue(&app, &owner, false).await.id.to_string();
    let import =
        |media_type: &str, file: &[u8]| app.to(IMPORT_SEAT_MAP, &[&id]).by(&owner).bytes(media_type, file);
    let csv = "zone,kind,row,seat,x,y\nR1,seated,A,1,0,0\nR1,seated,A,1,5,0\nR1,seated,B,1,left,0\n";
    let problem = import("text/csv", csv.as_bytes()).problem(ErrorCode::ImportFailed).await;
    let told: Vec<_> =
        problem.fields.iter().map(|fault| (fault.field.as_str(), fault.code.as_str())).collect();
    assert_eq!(told, [("line 3, column seat", "duplicate_seat"), ("line 4, column x", "bad_number")]);
    assert_eq!(problem.detail.as_deref(), Some("There are 2 errors."));

    let problem = import("application/json", b"{\n \"name\": }").problem(ErrorCode::ImportFailed).await;
    assert_eq!(problem.fields[0].field, "line 2, column 10");
    let problem = import("text/csv", b"zone\n\xff").problem(ErrorCode::ImportFailed).await;
    assert_eq!(problem.fields[0].field, "line 2");
    // What a file is, its content says: not its name, and not what the sender calls it.
    for (called, file) in [
        ("text/csv", &b"{\"name\": \"Demo\"}"[..]),
        ("application/json", &b"zone,kind,row,seat,x,y\n"[..]),
        ("text/csv", &b"PK\x03\x04packed"[..]),
        ("text/csv", &b"%PDF-1.7"[..]),
        ("text/csv", &b"zone\0kind"[..]),
    ] {
        import(called, file).problem(ErrorCode::UnsupportedMediaType).await;
    }
    import("image/png", b"").problem(ErrorCode::UnsupportedMediaType).await;
    import("text/csv", &vec![b'x'; (8 << 20) + 1]).problem(ErrorCode::BodyTooLarge).await;
    let bad = app.post(&format!("/venues/{id}/seat-maps?name=")).by(&owner).bytes("text/csv", MAP);
    bad.problem(ErrorCode::InvalidFields).await;
    assert_eq!(app.count("SELECT count(*) FROM seat_maps").await, 0);
}

#[actix_web::test]
async fn a_gate_leads_to_zones_of_the_map_and_has_a_name_of_its_own() {
    let app = stage::app().await;
    let (_, owner, venue) = stage::hall(&app).await;
    let id = venue.to_string();
    let create = |name: &str, zones: &[&str]| {
        app.to(CREATE_GATE, &[&id]).by(&owner).json(&json!({"name": name, "zones": zones}))
    };
    let north: Gate = create("Gate A", &["R1", "TN"]).created().await;
    let all: Gate = create("Gate B", &[]).created().await;
    let gates: Vec<Gate> = items(app.to(LIST_GATES, &[&id]).by(&owner)).await;
    assert_eq!(gates, [north, all]);

    let problem = create("Gate C", &["R1", "VIP"]).problem(ErrorCode::UnknownZone).await;
    assert_eq!(problem.fields[0].field, "zones[1]");
    create("Gate A", &[]).problem(ErrorCode::SlugTaken).await;
}

#[actix_web::test]
async fn a_file_is_what_it_holds_and_not_what_it_is_called() {
    let app = stage::app().await;
    let owner = app.member(app.org("Demo One").await, Role::Owner).await;
    let path = format!("/venues/{}/seat-maps?dry_run=true", venue(&app, &owner, false).await.id);
    let import = |kind: &str, bytes: &[u8]| app.post(&path).by(&owner).bytes(kind, bytes);
    for (kind, bytes) in [
        ("text/csv", b"PK\x03\x04 a spreadsheet".as_slice()),
        ("text/csv", b"zone,kind\0row"),
        ("text/csv", b"{\"name\": \"Hall\"}"),
        ("application/json", &b"zone,kind,row,seat,x,y\n"[..]),
        ("application/json", b"\x1f\x8b\x08"),
        ("application/zip", &b"zone,kind,row,seat,x,y\n"[..]),
    ] {
        import(kind, bytes).problem(ErrorCode::UnsupportedMediaType).await;
    }
    import("text/csv", b"zone,kind\n\xff\xfe").problem(ErrorCode::ImportFailed).await;
}
