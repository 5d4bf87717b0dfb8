//! Holds: all places or none, for ten minutes, given back by whoever knows the secret.

use chrono::TimeDelta;
use contract::{
    ErrorCode,
    endpoints::{CLOSE_SALE, HOLD_BEST, PLACE_HOLD, RELEASE_HOLD},
    events::Event,
    holds::Hold,
};
use serde_json::json;
use uuid::Uuid;

use crate::stage;

#[actix_web::test]
async fn a_hold_claims_all_its_places_for_ten_minutes() {
    let stage = stage::on_sale().await;
    let body = json!({"seats": ["R1-A-2", "R1-A-1"], "standing": [{"zone": "TN", "quantity": 3}]});
    let hold: Hold = stage.holding(&body).created().await;
    let places: Vec<_> =
        hold.places.iter().map(|place| (place.zone.as_str(), place.seat.as_deref())).collect();
    assert_eq!(
        places,
        [("R1", Some("R1-A-1")), ("R1", Some("R1-A-2")), ("TN", None), ("TN", None), ("TN", None)]
    );
    assert_eq!(hold.total.amount, 2 * 250_000 + 3 * 50_000);
    assert_eq!(hold.expires_at, stage.app.clock.now() + TimeDelta::minutes(10));
    assert!(hold.secret.len() >= 22, "128 bits or more");
    let free = stage.availability().await;
    assert_eq!(free.seats, "hh...........");
    assert_eq!(free.standing["TN"], 7);
    stage.sound().await;
}

#[actix_web::test]
async fn a_taken_seat_refuses_the_whole_hold_and_is_named() {
    let stage = stage::on_sale().await;
    stage.hold(&["R1-A-2", "R1-A-3"]).await;
    let problem = stage
        .holding(
            &json!({"seats": ["R1-A-1", "R1-A-2", "R1-A-3"], "standing": [{"zone": "TN", "quantity": 2}]}),
        )
        .problem(ErrorCode::SeatTaken)
        .await;
    let fields: Vec<_> = problem.fields.iter().map(|field| field.field.as_str()).collect();
    assert_eq!(fields, ["seats[1]", "seats[2]"]);
    assert_eq!(problem.more["taken"], json!(["R1-A-2", "R1-A-3"]));
    let free = stage.availability().await;
    assert_eq!((free.seats.as_str(), free.standing["TN"]), (".hh..........", 10), "nothing is half done");
    stage.sound().await;
}

#[actix_web::test]
async fn wishes_that_make_no_sense_are_refused_with_their_field() {
    let stage = stage::on_sale().await;
    let cases = [
        (json!({}), ErrorCode::InvalidFields, "seats"),
        (json!({"seats": ["R1-A-1", "R1-A-1"]}), ErrorCode::InvalidFields, "seats[1]"),
        (json!({"seats": ["x"]}), ErrorCode::InvalidFields, "seats[0]"),
        (json!({"seats": ["R1-A-1", "R1-Z-9"]}), ErrorCode::UnknownSeat, "seats[1]"),
        (
            json!({"standing": [{"zone": "TN", "quantity": 0}]}),
            ErrorCode::InvalidFields,
            "standing[0].quantity",
        ),
        (json!({"standing": [{"zone": "TN", "quantity": 13}]}), ErrorCode::TooManyPlaces, "seats"),
        (json!({"standing": [{"zone": "TN", "quantity": 11}]}), ErrorCode::PlacesGone, "standing[0].zone"),
        (
            json!({"standing": [{"zone": "TN", "quantity": 1}, {"zone": "R1", "quantity": 1}]}),
            ErrorCode::UnknownZone,
            "standing[1].zone",
        ),
        (json!({"places": 2}), ErrorCode::InvalidFields, "places"),
    ];
    for (body, code, field) in cases {
        let problem = stage.holding(&body).problem(code).await;
        assert_eq!(problem.fields[0].field, field, "{body}");
    }
    let seats: Vec<String> =
        (1..=5).flat_map(|seat| [format!("R1-A-{seat}"), format!("R1-B-{seat}")]).collect();
    let body = json!({"seats": seats, "standing": [{"zone": "TN", "quantity": 3}]});
    stage.holding(&body).problem(ErrorCode::TooManyPlaces).await;
    stage.holding(&json!([])).problem(ErrorCode::InvalidFields).await;
    let broken = stage.app.to(PLACE_HOLD, &["demo-night"]).bytes("application/json", "{\"seats\": [");
    broken.problem(ErrorCode::MalformedJson).await;
    assert_eq!(stage.availability().await.free["TN"], 10);
    stage.sound().await;
}

#[actix_web::test]
async fn a_lapsed_hold_counts_as_free_at_once_and_is_tidied_later() {
    let stage = stage::on_sale().await;
    let first = stage.hold(&["R1-A-1", "R1-A-2"]).await;
    let standing: Hold = stage.holding(&json!({"standing": [{"zone": "TN", "quantity": 9}]})).created().await;
    stage.holding(&json!({"standing": [{"zone": "TN", "quantity": 2}]})).problem(ErrorCode::PlacesGone).await;
    stage.app.advance(TimeDelta::minutes(10));
    assert_eq!(stage.availability().await.seats, ".............");
    assert_eq!(stage.availability().await.free["TN"], 10);
    stage.hold(&["R1-A-2"]).await;
    let again: Hold = stage.holding(&json!({"standing": [{"zone": "TN", "quantity": 8}]})).created().await;
    assert_eq!(again.places.len(), 8);
    stage.app.run_timer("expire_holds").await;
    let free = stage.availability().await;
    assert_eq!((free.seats.as_str(), free.standing["TN"]), (".h...........", 2));
    assert_eq!(stage.app.count("SELECT count(*) FROM holds").await, 2);
    assert_ne!(first.id, standing.id);
    stage.sound().await;
}

#[actix_web::test]
async fn a_hold_is_given_back_by_its_secret_only() {
    let stage = stage::on_sale().await;
    let hold = stage.hold(&["R1-A-1"]).await;
    let id = hold.id.to_string();
    stage.app.to(RELEASE_HOLD, &[&id]).problem(ErrorCode::NotFound).await;
    stage.app.to(RELEASE_HOLD, &[&id]).access("wrong").problem(ErrorCode::NotFound).await;
    stage.app.to(RELEASE_HOLD, &[&id]).access(&hold.secret).no_content().await;
    stage.app.to(RELEASE_HOLD, &[&id]).access(&hold.secret).no_content().await;
    stage.app.to(RELEASE_HOLD, &["nonsense"]).problem(ErrorCode::NotFound).await;
    assert_eq!(stage.availability().await.seats, ".............");
    stage.sound().await;
}

#[actix_web::test]
async fn nothing_is_held_of_an_event_that_is_not_on_sale() {
    let stage = stage::on_sale().await;
    let body = json!({"seats": ["R1-A-1"]});
    stage.app.to(PLACE_HOLD, &["no-such-night"]).json(&body).problem(ErrorCode::NotFound).await;
    stage.app.to(PLACE_HOLD, &[&Uuid::nil().to_string()]).json(&body).problem(ErrorCode::NotFound).await;
    let _: Event = stage.app.to(CLOSE_SALE, &[&stage.id()]).by(&stage.owner).ok().await;
    stage.holding(&body).problem(ErrorCode::NotOnSale).await;
    stage.sound().await;
}

#[actix_web::test]
async fn a_repeated_request_holds_once() {
    let stage = stage::on_sale().await;
    let body = json!({"seats": ["R1-A-1"]});
    let first: Hold = stage.holding(&body).key("click-1").created().await;
    let again: Hold = stage.holding(&body).key("click-1").created().await;
    assert_eq!(first, again);
    stage
        .holding(&json!({"seats": ["R1-A-2"]}))
        .key("click-1")
        .problem(ErrorCode::IdempotencyKeyReused)
        .await;
    stage.holding(&body).key("click-2").problem(ErrorCode::SeatTaken).await;
    stage.sound().await;
}

#[actix_web::test]
async fn the_best_seats_are_in_the_middle_by_the_ring() {
    let stage = stage::on_sale().await;
    let best = |body| stage.app.to(HOLD_BEST, &["demo-night"]).json(&body);
    let labels = |hold: &Hold| hold.places.iter().filter_map(|place| place.seat.clone()).collect::<Vec<_>>();
    let first: Hold = best(json!({"quantity": 1})).created().await;
    assert_eq!(labels(&first), ["R1-A-3"]);
    let pair: Hold = best(json!({"quantity": 2})).created().await;
    assert_eq!(pair.places.len(), 2);
    let cheap: Hold = best(json!({"quantity": 3, "max_price": 100_000})).created().await;
    assert_eq!(labels(&cheap), ["BAL-A-1", "BAL-A-2", "BAL-A-3"]);
    best(json!({"quantity": 1, "zones": ["BAL"]})).problem(ErrorCode::PlacesGone).await;
    let problem = best(json!({"quantity": 1, "zones": ["BAL", "NO"]})).problem(ErrorCode::UnknownZone).await;
    assert_eq!(problem.fields[0].field, "zones[1]");
    best(json!({"quantity": 13})).problem(ErrorCode::InvalidFields).await;
    stage.sound().await;
}

#[actix_web::test]
async fn of_many_who_want_overlapping_seats_each_seat_goes_to_one() {
    let stage = stage::on_sale().await;
    let wishes = [
        ["R1-A-1", "R1-A-2", "R1-A-3"],
        ["R1-A-3", "R1-A-2", "R1-A-1"],
        ["R1-A-2", "R1-A-4", "R1-A-3"],
        ["R1-A-5", "R1-A-3", "R1-A-1"],
    ];
    let calls = (0..24).map(|at| stage.holding(&json!({"seats": wishes[at % 4]})).send());
    let answers = futures_util::future::join_all(calls).await;
    let held = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(held, 1, "every two wishes overlap");
    assert!(answers.iter().all(|answer| matches!(answer.status.as_u16(), 201 | 409)));
    stage.sound().await;
}

#[actix_web::test]
async fn standing_places_are_never_oversold() {
    let stage = stage::on_sale().await;
    let body = json!({"standing": [{"zone": "TN", "quantity": 3}]});
    let answers = futures_util::future::join_all((0..12).map(|_| stage.holding(&body).send())).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 3, "three times three of ten");
    assert_eq!(stage.availability().await.standing["TN"], 1);
    stage.sound().await;
}
