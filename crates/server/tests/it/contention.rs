//! Many want the same: seats before the ring, one ticket at two gates.

use std::collections::HashSet;

use contract::ErrorCode;
use contract::endpoints::RECORD_SCAN;
use contract::orders::Order;
use contract::scans::Scan;
use diesel::deserialize::QueryableByName;
use futures_util::future::join_all;
use serde_json::json;
use testkit::TestApp;

use crate::night::{Night, assert_invariants};
use crate::setup;

const BUYERS: usize = 500;
const SEATS: usize = 50;

/// Lets every buyer try for a seat at once, ten for each; how many believe they have one.
async fn rush<'a>(seats: &'a [String], claim: impl AsyncFn(usize, &'a str) -> bool) -> usize {
    let tries = (0..BUYERS).map(|buyer| claim(buyer, &seats[buyer % SEATS]));
    join_all(tries).await.into_iter().filter(|won| *won).count()
}

#[tokio::test]
async fn five_hundred_buyers_get_fifty_seats_once_each() {
    let app = setup().start().await;
    let night = Night::on_sale(&app, "demo-rush", SEATS).await;

    let won = rush(&night.seats, async |buyer, seat| {
        let answer = night.order(&app, &format!("fan{buyer}"), &[seat]).await;
        if answer.status == 201 {
            let order: Order = answer.json();
            let _ = night.pay(&app, &order).await.expect(200);
            return true;
        }
        let problem = answer.problem(ErrorCode::SeatTaken);
        assert_eq!(problem.more["taken"], json!([seat]));
        false
    })
    .await;

    assert_eq!(won, SEATS);
    assert_eq!(
        app.count("SELECT count(DISTINCT seat) FROM tickets WHERE state = 'valid'").await,
        SEATS as i64
    );
    assert_eq!(app.count("SELECT count(*) FROM tickets").await, SEATS as i64);
    app.run_jobs().await;
    assert_invariants(&app).await;
}

/// The same rush on a copy of the seats by a claim that looks and then takes, without the condition
/// on the UPDATE: were the test above blind, this one would pass as well.
#[tokio::test]
async fn without_the_guard_seats_are_sold_more_than_once() {
    let app = setup().start().await;
    let night = Night::on_sale(&app, "demo-rush", SEATS).await;
    app.execute("CREATE TABLE unguarded AS SELECT seat, state FROM event_seats").await;

    let won = rush(&night.seats, async |_, seat| claim_unguarded(&app, seat).await).await;

    assert!(won > SEATS, "{won} claims of {SEATS} seats: the rush is too gentle to find a missing guard");
}

async fn claim_unguarded(app: &TestApp, seat: &str) -> bool {
    use diesel_async::RunQueryDsl as _;

    #[derive(QueryableByName)]
    struct Free {
        #[diesel(sql_type = diesel::sql_types::Bool)]
        free: bool,
    }
    let look = format!("SELECT state = 'free' AS free FROM unguarded WHERE seat = '{seat}'");
    let take = format!("UPDATE unguarded SET state = 'sold' WHERE seat = '{seat}'");
    let found = app.sql(async |conn| Ok(diesel::sql_query(look).get_result::<Free>(conn).await?)).await;
    if found.free {
        app.sql(async |conn| Ok(diesel::sql_query(take).execute(conn).await?)).await;
    }
    found.free
}

/// Orders of several seats that overlap, in every direction: all or nothing, and no deadlock.
#[tokio::test]
async fn orders_that_overlap_get_all_their_seats_or_none() {
    let app = setup().start().await;
    let night = Night::on_sale(&app, "demo-overlap", 20).await;

    let tries = (0..100).map(async |buyer: usize| {
        let mut seats: Vec<_> = (0..4).map(|step| night.seats[(buyer + step) % 20].as_str()).collect();
        if buyer % 2 == 1 {
            seats.reverse();
        }
        let answer = night.order(&app, &format!("fan{buyer}"), &seats).await;
        match answer.status.as_u16() {
            201 => Some(answer.json::<Order>()),
            _ => {
                answer.problem(ErrorCode::SeatTaken);
                None
            }
        }
    });
    let orders: Vec<Order> = join_all(tries).await.into_iter().flatten().collect();

    let seats: Vec<_> = orders.iter().flat_map(|order| &order.places).map(|place| &place.seat).collect();
    assert_eq!(seats.len(), 4 * orders.len());
    assert_eq!(seats.iter().collect::<HashSet<_>>().len(), seats.len());
    assert!(!orders.is_empty());
    assert_eq!(app.count("SELECT count(*) FROM event_seats WHERE state = 'held'").await, seats.len() as i64);
    app.run_jobs().await;
    assert_invariants(&app).await;
}

#[tokio::test]
async fn two_scanners_admit_a_ticket_once() {
    let app = setup().start().await;
    let night = Night::on_sale(&app, "demo-gates", SEATS).await;
    app.advance(chrono::TimeDelta::hours(8));
    for seat in night.seats.iter().take(20) {
        // Sold at the door, so that doors are open and every ticket is fresh.
        let order = night.sell(&app, "fan", &[seat]).await;
        let ticket = &order.tickets[0];
        let scan = async |gate| {
            let reading = json!({"event_id": night.event, "gate_id": gate, "code": ticket.code});
            app.to(RECORD_SCAN, &[]).by(&night.owner).json(&reading).await
        };

        let (one, other) = tokio::join!(scan(night.gates[0]), scan(night.gates[1]));

        let (green, red, gate) = match (one.status.is_success(), other.status.is_success()) {
            (true, false) => (one, other, "Gate A"),
            (false, true) => (other, one, "Gate B"),
            both => panic!("of two scanners one admits: {both:?}, {}, {}", one.text(), other.text()),
        };
        let admitted: Scan = green.json();
        assert_eq!(admitted.ticket_id, ticket.id);
        let refused = red.problem(ErrorCode::AlreadyAdmitted);
        assert_eq!(refused.more["first_scan"]["gate"], gate);
        assert_eq!(refused.more["first_scan"]["at"], json!(admitted.scanned_at));
    }
    assert_eq!(app.count("SELECT count(*) FROM scans WHERE outcome = 'admitted'").await, 20);
    app.run_jobs().await;
    assert_invariants(&app).await;
}
