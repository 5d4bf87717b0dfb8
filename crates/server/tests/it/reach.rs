//! What a grant reaches that is narrowed to one event or venue.

use contract::Page;
use contract::endpoints::{
    CREATE_EVENT, CREATE_VENUE, EXPORT_ORDERS, GET_EVENT, GET_ORDER, GET_SEAT_MAP, GET_TICKET,
    IMPORT_SEAT_MAP, LIST_EVENTS, LIST_GATES, LIST_ORDERS, LIST_VENUES, RECORD_SCAN,
};
use contract::events::Event;
use contract::orders::OrderSummary;
use contract::venues::Venue;
use domain::{Permission, Role, Scope};
use serde_json::json;
use testkit::{Caller, TestApp};
use uuid::Uuid;

use crate::night;
use crate::setup;
use crate::tenants::{Everything, about_a_tenant, state};

/// Another event of the same organisation, at another venue of it.
async fn event_elsewhere(app: &TestApp, owner: &Caller) -> (Uuid, Uuid) {
    let hall = json!({"name": "Other Demo Hall", "address": "2 Demo Road", "time_zone": "Asia/Bangkok"});
    let venue: Venue = app.to(CREATE_VENUE, &[]).by(owner).json(&hall).created().await;
    let path = venue.id.to_string();
    let import = app.to(IMPORT_SEAT_MAP, &[&path]).by(owner).bytes("text/csv", night::map(10));
    let _ = import.await.expect(201);
    let event = night::wish(venue.id, "other-night");
    let event: Event = app.to(CREATE_EVENT, &[]).by(owner).json(&event).created().await;
    (event.id, venue.id)
}

/// For each operation with an id: whoever holds the strongest role for one event, or one venue, only
/// finds nothing of another.
#[tokio::test]
async fn a_narrowed_grant_reaches_nothing_beyond_its_scope() {
    let app = setup().start().await;
    let ours = Box::pin(Everything::set_up(&app)).await;
    let org = ours.night.owner.org_id.expect("an owner has an organisation");
    let (event, venue) = event_elsewhere(&app, &ours.night.owner).await;
    app.run_jobs().await;
    let member = app.member(org, Role::Client).await;
    let before = state(&app).await;
    for scope in [Scope::Event(event), Scope::Venue(venue)] {
        let narrowed = member.narrowed(Role::Admin, scope);
        for operation in about_a_tenant() {
            let answer = ours.call(&app, &operation).by(&narrowed).await;
            let refused = [403, 404].contains(&answer.status.as_u16());
            assert!(refused, "{}: {scope:?}: {} {}", operation.id, answer.name, answer.text());
        }
        let orders: Page<OrderSummary> = app.to(LIST_ORDERS, &[]).by(&narrowed).ok().await;
        let events: Page<Event> = app.to(LIST_EVENTS, &[]).by(&narrowed).ok().await;
        let venues: Page<Venue> = app.to(LIST_VENUES, &[]).by(&narrowed).ok().await;
        assert_eq!(orders.items.len(), 0);
        assert_eq!(events.items.iter().map(|event| event.id).collect::<Vec<_>>(), [event]);
        assert_eq!(venues.items.iter().map(|venue| venue.id).collect::<Vec<_>>(), [venue]);
        let filtered = app.get(&format!("/orders?event={}", ours.night.event)).by(&narrowed);
        assert_eq!(filtered.ok::<Page<OrderSummary>>().await.items.len(), 0);
        let file = app.to(EXPORT_ORDERS, &[]).by(&narrowed).await.expect(200).text();
        assert!(!file.contains(&ours.paid.reference), "{file}");
        let code = ours.paid.tickets[0].code.as_deref().expect("a live ticket has its code");
        let reading = json!({"event_id": ours.night.event, "gate_id": ours.night.gates[0], "code": code});
        assert_eq!(app.to(RECORD_SCAN, &[]).by(&narrowed).json(&reading).await.status, 404);
        let wish = night::wish(venue, "one-more-night");
        assert_eq!(app.to(CREATE_EVENT, &[]).by(&narrowed).json(&wish).await.status, 403);
    }
    assert_eq!(state(&app).await, before, "something was changed");
}

/// The other side of it: within its scope a narrowed grant opens what the role allows.
#[tokio::test]
async fn a_narrowed_grant_reaches_its_event() {
    let app = setup().start().await;
    let ours = Box::pin(Everything::set_up(&app)).await;
    let org = ours.night.owner.org_id.expect("an owner has an organisation");
    let (elsewhere, _) = event_elsewhere(&app, &ours.night.owner).await;
    let member = app.member(org, Role::Client).await;
    let (event, venue) = (ours.night.event.to_string(), ours.night.venue.to_string());
    let (order, ticket) = (ours.paid.id.to_string(), ours.paid.tickets[0].id.to_string());
    for scope in [Scope::Event(ours.night.event), Scope::Venue(ours.night.venue)] {
        let by = member.narrowed(Role::Operator, scope);
        let opened = [
            app.to(GET_EVENT, &[&event]),
            app.to(GET_ORDER, &[&order]),
            app.to(GET_TICKET, &[&ticket]),
            app.to(LIST_GATES, &[&venue]),
            app.to(GET_SEAT_MAP, &[&ours.night.seat_map.to_string()]),
            app.get(&format!("/events/{event}/figures")),
            app.get(&format!("/events/{event}/scans")),
        ];
        for call in opened {
            let _ = call.by(&by).await.expect(200);
        }
        let orders: Page<OrderSummary> = app.to(LIST_ORDERS, &[]).by(&by).ok().await;
        assert_eq!(orders.items.len(), 2);
        assert_eq!(app.to(GET_EVENT, &[&elsewhere.to_string()]).by(&by).await.status, 404);
        let gate = json!({"name": format!("Gate {}", scope.kind()), "zones": []});
        let gate = app.post(&format!("/venues/{venue}/gates")).by(&by).json(&gate).await;
        // Whoever works at an event does not change its venue.
        assert_eq!(gate.status, if matches!(scope, Scope::Venue(_)) { 201 } else { 403 }, "{}", gate.text());
    }
    let viewer = member.narrowed(Role::Viewer, Scope::Event(ours.night.event));
    assert_eq!(app.post(&format!("/events/{event}/close-sale")).by(&viewer).await.status, 403);
    app.forget_jobs().await;
}

/// Reach is read from the grants in the database with each request, by the real way in.
#[tokio::test]
async fn grants_reach_what_the_database_says() {
    let app = setup().authenticate(real).start().await;
    let (token, org, event, elsewhere) = somebody_granted(&app).await;
    let get = |event: Uuid| app.to(GET_EVENT, &[&event.to_string()]).token(&token);
    assert_eq!(get(event).await.status, 403, "a client sees no events");
    let user = "SELECT user_id FROM members WHERE role = 'client'";
    for kind in ["event", "venue"] {
        let column = if kind == "event" { "id" } else { "venue_id" };
        let scope = format!("(SELECT {column} FROM events WHERE id = '{event}')");
        let grant = format!(
            "DELETE FROM grants;
             INSERT INTO grants (id, org_id, user_id, role, scope_kind, scope_id)
             VALUES (gen_random_uuid(), '{org}', ({user}), 'viewer', '{kind}', {scope})"
        );
        app.execute(&grant).await;
        assert_eq!(
            (get(event).await.status.as_u16(), get(elsewhere).await.status.as_u16()),
            (200, 404),
            "{kind}"
        );
        let me: contract::accounts::Me = app.get("/me").token(&token).ok().await;
        assert!(me.memberships[0].somewhere.contains(&Permission::EventsRead));
        assert!(!me.memberships[0].permissions.contains(&Permission::EventsRead));
    }
    app.execute("DELETE FROM grants").await;
    assert_eq!(get(event).await.status, 403, "ended, it counts at once");
    app.forget_jobs().await;
}

fn real(app: &platform::state::App) -> std::sync::Arc<dyn platform::guard::Authenticate> {
    std::sync::Arc::new(accounts::Accounts::new(app).expect("the settings of a test hold"))
}

/// A client of an organisation with two events at two venues: their token, the organisation, the events.
async fn somebody_granted(app: &TestApp) -> (String, Uuid, Uuid, Uuid) {
    let (person, password) = (app.person().await, "southpaw-in-the-third-round");
    let passwords = accounts::Accounts::new(app.state()).expect("the settings of a test hold").passwords;
    let hash = passwords.hash(password, &[]).await.expect("a good password is hashed");
    let id = person.user_id;
    app.execute(&format!(
        "UPDATE people SET password_hash = '{hash}', verified_at = now() WHERE id = '{id}'"
    ))
    .await;
    let wish = json!({"email": person.email, "password": password, "token_in_body": true});
    let session: contract::accounts::Session = app.post("/sessions").json(&wish).created().await;
    let org = app.org("Demo Promotions").await;
    app.execute(&format!(
        "INSERT INTO members (org_id, user_id, role) VALUES ('{org}', '{}', 'client')",
        session.me.id
    ))
    .await;
    let mut events = Vec::new();
    for name in ["one", "two"] {
        let (venue, map, event) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
        app.execute(&format!(
            "INSERT INTO venues (id, org_id, name, address, time_zone)
             VALUES ('{venue}', '{org}', 'Demo Hall {name}', '1 Demo Road', 'Asia/Bangkok');
             INSERT INTO seat_maps (id, venue_id, name, map, zones, seats, standing)
             VALUES ('{map}', '{venue}', 'Demo', '{{}}', '[]', 0, 0);
             INSERT INTO events (id, org_id, venue_id, seat_map_id, slug, texts, bouts, doors_at, starts_at, ends_at, capacity)
             VALUES ('{event}', '{org}', '{venue}', '{map}', 'night-{name}', '{{\"en\": {{\"title\": \"Demo\"}}}}', '[]',
                     '2026-11-20T20:00Z', '2026-11-20T21:00Z', '2026-11-21T00:00Z', 1)"
        ))
        .await;
        events.push(event);
    }
    (session.access_token, org, events[0], events[1])
}
