//! Events: from draft to cancelled, and what is refused on the way.

use contract::{
    ErrorCode,
    endpoints::{
        CANCEL_EVENT, CLOSE_SALE, CREATE_EVENT, GET_EVENT, GET_FIGURES, LIST_EVENTS, OPEN_SALE,
        PUBLISH_EVENT, UNPUBLISH_EVENT, UPDATE_EVENT,
    },
    events::Event,
    figures::Figures,
};
use domain::{Role, state::EventState};
use serde_json::json;
use testkit::{Caller, TestApp};

use crate::stage::{self, draft, hall, items};

async fn create(app: &TestApp, owner: &Caller, venue: uuid::Uuid, slug: &str) -> Event {
    app.to(CREATE_EVENT, &[]).by(owner).json(&draft(venue, slug)).created().await
}

#[actix_web::test]
async fn an_event_goes_from_draft_to_closed_and_counts_its_places() {
    let app = stage::app().await;
    let (_, owner, venue) = hall(&app).await;
    let event = create(&app, &owner, venue, "one").await;
    assert_eq!((event.state, event.capacity, event.sold), (EventState::Draft, 23, 0));
    assert_eq!(event.prices.len(), 3);
    assert_eq!(event.prices[0].name, "Ringside");

    let id = event.id.to_string();
    for (endpoint, state) in [
        (PUBLISH_EVENT, EventState::Published),
        (UNPUBLISH_EVENT, EventState::Draft),
        (PUBLISH_EVENT, EventState::Published),
        (OPEN_SALE, EventState::OnSale),
        (OPEN_SALE, EventState::OnSale),
        (CLOSE_SALE, EventState::Closed),
        (OPEN_SALE, EventState::OnSale),
        (CANCEL_EVENT, EventState::Cancelled),
    ] {
        let event: Event = app.to(endpoint, &[&id]).by(&owner).ok().await;
        assert_eq!(event.state, state);
    }
    let seats = app.count("SELECT count(*) FROM event_seats").await;
    assert_eq!(seats, 13, "reopening the sale lays nothing out again");
    let refused = app.to(OPEN_SALE, &[&id]).by(&owner).problem(ErrorCode::WrongState).await;
    assert_eq!(refused.more["state"], "cancelled");
    app.run_jobs().await;
}

#[actix_web::test]
async fn a_draft_cannot_be_sold_without_a_price_for_each_zone() {
    let app = stage::app().await;
    let (_, owner, venue) = hall(&app).await;
    let mut body = draft(venue, "unpriced");
    body["prices"] =
        json!([{"name": "Ringside", "price": {"amount": 1, "currency": "THB"}, "zones": ["R1"]}]);
    let event: Event = app.to(CREATE_EVENT, &[]).by(&owner).json(&body).created().await;
    let id = event.id.to_string();
    let _: Event = app.to(PUBLISH_EVENT, &[&id]).by(&owner).ok().await;
    let problem = app.to(OPEN_SALE, &[&id]).by(&owner).problem(ErrorCode::PriceMissing).await;
    assert_eq!(problem.fields.len(), 2);
    let event: Event = app.to(GET_EVENT, &[&id]).by(&owner).ok().await;
    assert_eq!(event.state, EventState::Published, "a refusal changes nothing");
    app.run_jobs().await;
}

#[actix_web::test]
async fn what_does_not_hold_is_named_by_its_field() {
    let app = stage::app().await;
    let (_, owner, venue) = hall(&app).await;
    let post = |body: serde_json::Value| app.to(CREATE_EVENT, &[]).by(&owner).json(&body);

    let mut body = draft(venue, "Not A Slug");
    let problem = post(body.clone()).problem(ErrorCode::InvalidFields).await;
    assert_eq!(problem.fields[0].field, "slug");

    body = draft(venue, "late");
    body["ends_at"] = body["doors_at"].clone();
    let problem = post(body).problem(ErrorCode::InvalidFields).await;
    assert_eq!(problem.fields[0].field, "ends_at");

    body = draft(venue, "zone");
    body["prices"][1]["zones"] = json!(["NOPE"]);
    let problem = post(body).problem(ErrorCode::UnknownZone).await;
    assert_eq!(problem.fields[0].field, "prices[1].zones[0]");

    body = draft(venue, "twice");
    body["prices"][1]["zones"] = json!(["R1"]);
    post(body).problem(ErrorCode::InvalidFields).await;

    body = draft(venue, "tongue");
    body["texts"]["xx"] = json!({"title": "?"});
    post(body).problem(ErrorCode::InvalidFields).await;

    post(draft(domain::ids::new_id(), "nowhere")).problem(ErrorCode::InvalidFields).await;
    assert_eq!(app.count("SELECT count(*) FROM events").await, 0, "nothing is half done");

    create(&app, &owner, venue, "taken").await;
    post(draft(venue, "taken")).problem(ErrorCode::SlugTaken).await;
}

#[actix_web::test]
async fn the_same_idempotency_key_makes_one_event() {
    let app = stage::app().await;
    let (_, owner, venue) = hall(&app).await;
    let body = draft(venue, "once");
    let first: Event = app.to(CREATE_EVENT, &[]).by(&owner).key("k-1").json(&body).created().await;
    let again: Event = app.to(CREATE_EVENT, &[]).by(&owner).key("k-1").json(&body).created().await;
    assert_eq!(first, again);
    let other = draft(venue, "other");
    app.to(CREATE_EVENT, &[])
        .by(&owner)
        .key("k-1")
        .json(&other)
        .problem(ErrorCode::IdempotencyKeyReused)
        .await;
    assert_eq!(app.count("SELECT count(*) FROM events").await, 1);
}

#[actix_web::test]
async fn two_editors_do_not_overwrite_each_other() {
    let app = stage::app().await;
    let (_, owner, venue) = hall(&app).await;
    let event = create(&app, &owner, venue, "edited").await;
    let id = event.id.to_string();
    let mine = json!({"version": event.version, "slug": "mine"});
    let changed: Event = app.to(UPDATE_EVENT, &[&id]).by(&owner).json(&mine).ok().await;
    assert_eq!((changed.slug.as_str(), changed.version), ("mine", event.version + 1));
    let theirs = json!({"version": event.version, "slug": "theirs"});
    app.to(UPDATE_EVENT, &[&id]).by(&owner).json(&theirs).problem(ErrorCode::ChangedMeanwhile).await;
    app.run_jobs().await;
}

#[actix_web::test]
async fn prices_and_times_stay_once_places_are_ordered() {
    let stage = stage::on_sale().await;
    let order = json!({"event_id": stage.event, "seats": ["R1-A-1"],
        "buyer": {"email": "fan@test.ringside.example", "name": "Demo Fan"}});
    let _: contract::orders::Order =
        stage.app.to(contract::endpoints::PLACE_ORDER, &[]).json(&order).created().await;
    let event: Event = stage.app.to(GET_EVENT, &[&stage.id()]).by(&stage.owner).ok().await;
    let dearer = json!({"version": event.version, "prices": []});
    stage
        .app
        .to(UPDATE_EVENT, &[&stage.id()])
        .by(&stage.owner)
        .json(&dearer)
        .problem(ErrorCode::WrongState)
        .await;
    let renamed = json!({"version": event.version, "texts": {"en": {"title": "Demo Fight Night II"}}});
    let event: Event = stage.app.to(UPDATE_EVENT, &[&stage.id()]).by(&stage.owner).json(&renamed).ok().await;
    assert_eq!(event.texts["en"].title, "Demo Fight Night II");

    let figures: Figures = stage.app.to(GET_FIGURES, &[&stage.id()]).by(&stage.owner).ok().await;
    assert_eq!((figures.capacity, figures.sold, figures.held, figures.free), (23, 0, 1, 22));
    assert_eq!((figures.orders_paid, figures.orders_pending, figures.revenue.amount), (0, 1, 0));
    stage.app.run_jobs().await;
}

#[actix_web::test]
async fn another_organisation_sees_nothing() {
    let app = stage::app().await;
    let (_, owner, venue) = hall(&app).await;
    let id = create(&app, &owner, venue, "ours").await.id.to_string();
    let stranger_org = app.org("Demo Rivals").await;
    let stranger = app.member(stranger_org, Role::Owner).await;
    app.to(GET_EVENT, &[&id]).by(&stranger).problem(ErrorCode::NotFound).await;
    app.to(CANCEL_EVENT, &[&id]).by(&stranger).problem(ErrorCode::NotFound).await;
    app.to(GET_FIGURES, &[&id]).by(&stranger).problem(ErrorCode::NotFound).await;
    assert!(items::<Event>(app.to(LIST_EVENTS, &[]).by(&stranger)).await.is_empty());
    app.to(CREATE_EVENT, &[])
        .by(&stranger)
        .json(&draft(venue, "theirs"))
        .problem(ErrorCode::InvalidFields)
        .await;
    let scanner = app.member(owner.org_id.expect("an owner has an organisation"), Role::Scanner).await;
    app.to(CANCEL_EVENT, &[&id]).by(&scanner).problem(ErrorCode::NotPermitted).await;
}

#[actix_web::test]
async fn lists_go_page_by_page_and_filter() {
    let app = stage::app().await;
    let (_, owner, venue) = hall(&app).await;
    for slug in ["night-a", "night-b", "night-c"] {
        create(&app, &owner, venue, slug).await;
    }
    let first: contract::Page<Event> = app.get("/events?limit=2").by(&owner).ok().await;
    assert_eq!(first.items.len(), 2);
    let next = first.next.expect("a third event follows");
    let second: contract::Page<Event> =
        app.get(&format!("/events?limit=2&after={next}")).by(&owner).ok().await;
    assert_eq!((second.items.len(), second.next), (1, None));
    assert_eq!(items::<Event>(app.get("/events?q=NIGHT-B").by(&owner)).await.len(), 1);
    assert_eq!(items::<Event>(app.get("/events?q=ศึก").by(&owner)).await.len(), 3);
    assert!(items::<Event>(app.get("/events?state=on_sale").by(&owner)).await.is_empty());
    app.get("/events?limit=201").by(&owner).problem(ErrorCode::PageTooLarge).await;
    app.get("/events?after=zzz").by(&owner).problem(ErrorCode::UnknownCursor).await;
    app.get("/events?state=sold").by(&owner).problem(ErrorCode::MalformedRequest).await;
}
