//! What the public sees, and what it does not.

use contract::{
    ErrorCode,
    endpoints::{
        CREATE_EVENT, GET_AVAILABILITY, GET_PUBLIC_EVENT, GET_PUBLIC_SEAT_MAP, LIST_PUBLIC_EVENTS,
        PLACE_HOLD, PUBLISH_EVENT,
    },
    events::{Event, PublicEvent},
    holds::Hold,
};
use domain::seat_map::SeatMap;
use serde_json::json;

use crate::stage::{self, draft, hall, items};

#[actix_web::test]
async fn a_draft_is_nobodys_business() {
    let app = stage::app().await;
    let (_, owner, venue) = hall(&app).await;
    let event: Event = app.to(CREATE_EVENT, &[]).by(&owner).json(&draft(venue, "quiet")).created().await;
    let id = event.id.to_string();
    for endpoint in [GET_PUBLIC_EVENT.at(&["quiet"]), GET_PUBLIC_EVENT.at(&[&id])] {
        app.fetch(&endpoint).problem(ErrorCode::NotFound).await;
    }
    app.to(GET_PUBLIC_SEAT_MAP, &[&id]).problem(ErrorCode::NotFound).await;
    app.to(GET_AVAILABILITY, &[&id]).problem(ErrorCode::NotFound).await;
    assert!(items::<PublicEvent>(app.to(LIST_PUBLIC_EVENTS, &[])).await.is_empty());

    let _: Event = app.to(PUBLISH_EVENT, &[&id]).by(&owner).ok().await;
    let shown: PublicEvent = app.to(GET_PUBLIC_EVENT, &["quiet"]).ok().await;
    assert_eq!((shown.id, shown.sold_out), (event.id, false));
    assert_eq!(items::<PublicEvent>(app.to(LIST_PUBLIC_EVENTS, &[])).await.len(), 1);
    app.run_jobs().await;
}

#[actix_web::test]
async fn the_page_speaks_the_readers_language() {
    let stage = stage::on_sale().await;
    for (language, title) in [("th", "ศึกทดสอบ"), ("en", "Demo Fight Night"), ("ja", "Demo Fight Night")]
    {
        let event: PublicEvent =
            stage.app.to(GET_PUBLIC_EVENT, &["demo-night"]).header("accept-language", language).ok().await;
        assert_eq!(event.title, title);
        assert_eq!(event.from_price.map(|price| price.amount), Some(50_000));
        assert_eq!(event.time_zone, "Asia/Bangkok");
    }
}

#[actix_web::test]
async fn availability_follows_holds_and_their_end() {
    let stage = stage::on_sale().await;
    let free = stage.availability().await;
    assert_eq!(free.seats, ".............");
    assert_eq!((free.free["R1"], free.free["BAL"], free.free["TN"], free.standing["TN"]), (10, 3, 10, 10));

    let claim = json!({"seats": ["R1-A-2", "BAL-A-3"], "standing": [{"zone": "TN", "quantity": 4}]});
    let _: Hold = stage.app.to(PLACE_HOLD, &[&stage.id()]).json(&claim).created().await;
    let held = stage.availability().await;
    assert_eq!(held.seats, ".h..........h");
    assert_eq!((held.free["R1"], held.free["BAL"], held.free["TN"]), (9, 2, 6));

    stage.app.advance(chrono::TimeDelta::minutes(11));
    let lapsed = stage.availability().await;
    assert_eq!(lapsed.seats, ".............", "a lapsed hold is free without any job");
    stage.app.run_timer("expire_holds").await;
    assert_eq!(stage.availability().await.free["TN"], 10);
    stage.app.run_jobs().await;
}

#[actix_web::test]
async fn maps_are_known_by_their_etag_and_sent_compressed() {
    let stage = stage::on_sale().await;
    let path = GET_PUBLIC_SEAT_MAP.at(&[&stage.id()]);
    let plain = stage.app.fetch(&path).send().await.expect(200);
    let etag = plain.header("etag").to_owned();
    let map: SeatMap = plain.json();
    assert_eq!((map.seat_count(), map.standing_count()), (13, 10));
    assert!(stage.app.fetch(&path).header("if-none-match", &etag).send().await.expect(304).text().is_empty());
    for encoding in ["br", "gzip"] {
        let packed = stage.app.fetch(&path).header("accept-encoding", encoding).send().await.expect(200);
        assert_eq!(packed.header("content-encoding"), encoding);
        assert_eq!(packed.header("etag"), etag);
    }
}

#[actix_web::test]
async fn a_page_from_the_shelf_is_counted_and_looks_at_tokens_like_any_other() {
    let stage = stage::on_sale_with(|config| config.rate_limits = true).await;
    let path = GET_PUBLIC_SEAT_MAP.at(&[&stage.id()]);
    let mut left = Vec::new();
    let mut heads = Vec::new();
    for _ in 0..3 {
        let answer = stage.app.fetch(&path).send().await.expect(200);
        left.push(answer.header("ratelimit").split(';').nth(1).expect("what is left").to_owned());
        let mut head: Vec<_> = answer.headers.keys().map(ToString::to_string).collect();
        head.sort();
        heads.push(head);
    }
    assert!(left[0] > left[1] && left[1] > left[2], "each reading counts: {left:?}");
    assert_eq!(heads[0], heads[1], "the shelf leaves no header out");
    let wrong = stage.app.fetch(&path).header("authorization", "Bearer nonsense").send().await;
    wrong.problem(ErrorCode::NotSignedIn);
}
