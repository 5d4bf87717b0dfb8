//! The database throws everybody out in the middle of a sale. Whoever asks again with the same
//! Idempotency-Key gets what they asked for, once.

use contract::ErrorCode;
use contract::endpoints::{CONFIRM_PAYMENT, PLACE_ORDER, START_PAYMENT};
use contract::orders::Order;
use contract::payments::Payment;
use futures_util::future::join_all;
use serde_json::json;
use testkit::{Answer, Call, TestApp};
use tokio::sync::mpsc;

use crate::night::{self, Night, assert_invariants};
use crate::setup;

const SEATS: usize = 60;
const PATIENCE: usize = 50;

/// Asks until there is an answer; `unavailable` is none.
async fn insist(call: impl Fn() -> Call) -> Answer {
    for _ in 0..PATIENCE {
        let answer = call().await;
        if answer.status != 503 {
            return answer;
        }
        answer.problem(ErrorCode::Unavailable);
    }
    panic!("{PATIENCE} times unavailable");
}

async fn buy(app: &TestApp, night: &Night, seat: &str) {
    let wish = json!({"event_id": night.event, "seats": [seat], "buyer": night::buyer("fan")});
    let place = || app.to(PLACE_ORDER, &[]).key(&format!("place-{seat}")).json(&wish);
    let order: Order = insist(place).await.expect(201).json();
    let (id, access) = (order.id.to_string(), order.access.expect("the answer that placed it gives access"));
    let method = json!({"method": "promptpay"});
    let start = || app.to(START_PAYMENT, &[&id]).access(&access).key(&format!("pay-{seat}")).json(&method);
    let payment: Payment = insist(start).await.expect(201).json();
    let confirmation = json!({"amount": payment.amount, "reference": "DEMO-1"});
    let id = payment.id.to_string();
    let confirmed = insist(|| app.to(CONFIRM_PAYMENT, &[&id]).by(&night.owner).json(&confirmation)).await;
    // Confirming creates nothing and takes no key: the first try may have counted.
    if confirmed.status != 200 {
        confirmed.problem(ErrorCode::AlreadyPaid);
    }
}

#[tokio::test]
async fn a_sale_outlives_connections_that_break() {
    let app = setup().start().await;
    let night = Night::on_sale(&app, "demo-break", SEATS).await;
    let (sold, mut heard) = mpsc::unbounded_channel();

    let sales = join_all(night.seats.iter().map(async |seat| {
        buy(&app, &night, seat).await;
        sold.send(()).expect("it is heard");
    }));
    let breaking = async {
        for _ in 0..5 {
            app.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                 WHERE datname = current_database() AND pid <> pg_backend_pid()",
            )
            .await;
            for _ in 0..SEATS / 10 {
                heard.recv().await.expect("sales go on");
            }
        }
    };
    tokio::join!(sales, breaking);

    assert_eq!(app.count("SELECT count(*) FROM orders").await, SEATS as i64);
    assert_eq!(app.count("SELECT count(*) FROM tickets WHERE state = 'valid'").await, SEATS as i64);
    app.run_jobs().await;
    assert_invariants(&app).await;
}
