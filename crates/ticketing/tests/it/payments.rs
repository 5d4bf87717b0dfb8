//! Payments: asked for once, told once, never dropped.

use chrono::{DateTime, TimeDelta, Utc};
use contract::{
    ErrorCode,
    endpoints::{CANCEL_ORDER, CONFIRM_PAYMENT, GET_PAYMENT_QR, RECEIVE_CALLBACK, START_PAYMENT},
    orders::Order,
    payments::Payment,
};
use domain::{
    Role, promptpay,
    state::{OrderState, PaymentState, TicketState},
};
use serde_json::{Value, json};
use testkit::Call;
use ticketing::payments::{CallbackKey, sign};
use uuid::Uuid;

use crate::{
    sale::access,
    stage::{self, Stage},
};

fn told(id: &str, payment: &Payment) -> Value {
    json!({"id": id, "payment_id": payment.id, "amount": payment.amount, "reference": "BANK-1"})
}

impl Stage {
    fn calling_back(&self, body: &Value) -> Call {
        self.calling_back_at(body, self.app.clock.now())
    }

    fn calling_back_at(&self, body: &Value, at: DateTime<Utc>) -> Call {
        let bytes = serde_json::to_vec(body).unwrap();
        let header = sign(&CallbackKey::of(self.app.state()), &bytes, at);
        self.app
            .to(RECEIVE_CALLBACK, &[])
            .bytes("application/json", bytes)
            .header("Ringside-Signature", &header)
    }
}

#[actix_web::test]
async fn a_second_click_gets_the_payment_that_waits() {
    let stage = stage::on_sale().await;
    let order = stage.order(&["R1-A-1"]).await;
    let first = stage.start_payment(&order).await;
    assert_eq!((first.state, first.amount), (PaymentState::Pending, order.total));
    let parsed = promptpay::parse(first.promptpay.as_deref().unwrap()).unwrap();
    assert_eq!(parsed.amount, Some(250_000));
    assert_eq!(stage.start_payment(&order).await, first);
    assert_eq!(stage.read(&order).await.payment, Some(first.clone()));

    let start =
        |id: Uuid| stage.app.to(START_PAYMENT, &[&id.to_string()]).json(&json!({"method": "promptpay"}));
    start(order.id).problem(ErrorCode::NotFound).await;
    start(Uuid::nil()).access(access(&order)).problem(ErrorCode::NotFound).await;
    let card = stage.app.to(START_PAYMENT, &[&order.id.to_string()]).json(&json!({"method": "shells"}));
    card.access(access(&order)).problem(ErrorCode::InvalidFields).await;

    let qr = stage.app.to(GET_PAYMENT_QR, &[&first.id.to_string()]);
    let image = qr.access(access(&order)).send().await.expect(200);
    assert_eq!(image.header("content-type"), "image/svg+xml");
    let png = stage.app.fetch(&format!(
        "/api/v1/payments/{}/qr?format=png&size=400&access={}",
        first.id,
        access(&order)
    ));
    assert_eq!(png.send().await.expect(200).header("content-type"), "image/png");
    stage.app.to(GET_PAYMENT_QR, &[&first.id.to_string()]).problem(ErrorCode::NotFound).await;

    let _ = stage.pay(&order).await;
    start(order.id).access(access(&order)).problem(ErrorCode::AlreadyPaid).await;
    let gone = stage.app.to(GET_PAYMENT_QR, &[&first.id.to_string()]).access(access(&order));
    gone.problem(ErrorCode::WrongState).await;
    stage.sound().await;
}

#[actix_web::test]
async fn a_signed_callback_pays_the_order_and_issues_its_tickets() {
    let stage = stage::on_sale().await;
    let order = stage.order(&["R1-A-1", "R1-A-2"]).await;
    let payment = stage.start_payment(&order).await;
    let paid: Payment = stage.calling_back(&told("evt_1", &payment)).ok().await;
    assert_eq!((paid.state, paid.reference.as_deref()), (PaymentState::Succeeded, Some("BANK-1")));
    let order = stage.read(&order).await;
    assert_eq!((order.state, order.tickets.len(), order.expires_at), (OrderState::Paid, 2, None));
    assert!(order.tickets.iter().all(|ticket| ticket.state == TicketState::Valid && ticket.code.is_some()));
    assert_eq!(stage.availability().await.seats, "xx...........");

    stage.calling_back(&told("evt_1", &payment)).problem(ErrorCode::CallbackReplayed).await;
    stage.calling_back(&told("evt_2", &payment)).problem(ErrorCode::AlreadyPaid).await;
    assert_eq!(stage.app.count("SELECT count(*) FROM tickets").await, 2);
    assert_eq!(
        stage.app.count("SELECT count(*) FROM payment_callbacks").await,
        1,
        "a refused one leaves no trace"
    );
    stage.sound().await;
}

#[actix_web::test]
async fn a_callback_that_is_not_the_providers_changes_nothing() {
    let stage = stage::on_sale().await;
    let order = stage.order(&["R1-A-1"]).await;
    let payment = stage.start_payment(&order).await;
    let body = told("evt_1", &payment);
    let bytes =
        || stage.app.to(RECEIVE_CALLBACK, &[]).bytes("application/json", serde_json::to_vec(&body).unwrap());
    bytes().problem(ErrorCode::BadSignature).await;
    bytes().header("Ringside-Signature", "t=1,v1=00").problem(ErrorCode::BadSignature).await;
    let other =
        sign(&CallbackKey::new(b"another key"), &serde_json::to_vec(&body).unwrap(), stage.app.clock.now());
    bytes().header("Ringside-Signature", &other).problem(ErrorCode::BadSignature).await;
    for minutes in [-6, 6] {
        let at = stage.app.clock.now() + TimeDelta::minutes(minutes);
        stage.calling_back_at(&body, at).problem(ErrorCode::CallbackStale).await;
    }
    let mut unknown = body.clone();
    unknown["payment_id"] = json!(Uuid::nil());
    stage.calling_back(&unknown).problem(ErrorCode::NotFound).await;
    let mut wrong = body.clone();
    wrong["amount"]["amount"] = 249_999.into();
    let problem = stage.calling_back(&wrong).problem(ErrorCode::AmountMismatch).await;
    assert_eq!(problem.more["due"], json!({"amount": 250_000, "currency": "THB"}));
    wrong["amount"] = json!({"amount": 250_000, "currency": "USD"});
    stage.calling_back(&wrong).problem(ErrorCode::AmountMismatch).await;
    stage.calling_back(&json!({"id": "evt_1"})).problem(ErrorCode::InvalidFields).await;
    assert_eq!(stage.read(&order).await.state, OrderState::Pending);
    assert_eq!(stage.app.count("SELECT count(*) FROM payment_callbacks").await, 0);
    let paid: Payment = stage.calling_back(&body).ok().await;
    assert_eq!(paid.state, PaymentState::Succeeded, "the id is still good");
    stage.sound().await;
}

#[actix_web::test]
async fn staff_confirm_once_and_with_the_right_amount() {
    let stage = stage::on_sale().await;
    let order = stage.order(&["R1-A-1"]).await;
    let payment = stage.start_payment(&order).await;
    let id = payment.id.to_string();
    let body = json!({"amount": payment.amount, "reference": "KB-1"});
    let confirm = || stage.app.to(CONFIRM_PAYMENT, &[&id]);
    confirm().json(&body).problem(ErrorCode::NotSignedIn).await;
    let viewer = stage.app.member(stage.org, Role::Viewer).await;
    confirm().by(&viewer).json(&body).problem(ErrorCode::NotPermitted).await;
    let rival = stage.app.member(stage.app.org("Demo Rivals").await, Role::Owner).await;
    confirm().by(&rival).json(&body).problem(ErrorCode::NotFound).await;
    let box_office = stage.app.member(stage.org, Role::BoxOffice).await;
    let mut wrong = body.clone();
    wrong["amount"]["amount"] = 1.into();
    let problem = confirm().by(&box_office).json(&wrong).problem(ErrorCode::AmountMismatch).await;
    assert_eq!(problem.fields[0].field, "amount");
    let paid: Order = confirm().by(&box_office).key("c1").json(&body).ok().await;
    assert_eq!((paid.state, paid.tickets.len()), (OrderState::Paid, 1));
    let again: Order = confirm().by(&box_office).key("c1").json(&body).ok().await;
    assert_eq!(again, paid);
    confirm().by(&box_office).json(&body).problem(ErrorCode::AlreadyPaid).await;
    stage.sound().await;
}

#[actix_web::test]
async fn a_late_payment_gets_its_places_back_when_they_are_free() {
    let stage = stage::on_sale().await;
    for tidied in [false, true] {
        let seats = if tidied { ["R1-A-1", "R1-A-2"] } else { ["R1-B-1", "R1-B-2"] };
        let (order, standing) = (stage.order(&seats).await, stage.order_standing(4).await);
        let payments = [stage.start_payment(&order).await, stage.start_payment(&standing).await];
        stage.app.advance(TimeDelta::hours(1));
        if tidied {
            stage.app.run_timer("expire_orders").await;
        }
        let start =
            stage.app.to(START_PAYMENT, &[&order.id.to_string()]).json(&json!({"method": "promptpay"}));
        start.access(access(&order)).problem(ErrorCode::OrderExpired).await;
        for (at, payment) in payments.iter().enumerate() {
            let paid: Payment = stage.calling_back(&told(&format!("evt_{tidied}_{at}"), payment)).ok().await;
            assert_eq!(paid.state, PaymentState::Succeeded);
        }
        assert_eq!(stage.read(&order).await.tickets.len(), 2);
        assert_eq!(stage.read(&standing).await.tickets.len(), 4);
    }
    assert_eq!(stage.availability().await.seats, "xx...xx......");
    stage.sound().await;
}

#[actix_web::test]
async fn a_late_payment_for_places_that_are_gone_goes_back() {
    let stage = stage::on_sale().await;
    let order = stage.order(&["R1-A-1", "R1-A-2"]).await;
    let standing = stage.order_standing(8).await;
    let (payment, other) = (stage.start_payment(&order).await, stage.start_payment(&standing).await);
    stage.app.advance(TimeDelta::hours(1));
    let winner = stage.sold(&["R1-A-2"]).await;
    stage.order_standing(5).await;
    let refused: Payment = stage.calling_back(&told("evt_late", &payment)).ok().await;
    assert_eq!(refused.state, PaymentState::ToRefund);
    let refused: Order = stage.confirming(&other).ok().await;
    assert_eq!(
        (refused.state, refused.payment.unwrap().state),
        (OrderState::Expired, PaymentState::ToRefund)
    );
    assert_eq!(stage.read(&winner).await.state, OrderState::Paid);
    let late = stage.read(&order).await;
    assert_eq!((late.state, late.tickets.len()), (OrderState::Expired, 0));
    stage.confirming(&payment).problem(ErrorCode::WrongState).await;
    let facts = "SELECT count(*) FROM outbox WHERE fact ->> 'fact' = 'payment_to_refund'";
    assert_eq!(stage.app.count(facts).await, 2);
    let free = stage.availability().await;
    assert_eq!(
        (free.seats.as_str(), free.standing["TN"]),
        (".x...........", 5),
        "what it still held is free"
    );
    stage.sound().await;
}

#[actix_web::test]
async fn money_for_a_cancelled_order_goes_back() {
    let stage = stage::on_sale().await;
    let order = stage.order(&["R1-A-1"]).await;
    let payment = stage.start_payment(&order).await;
    let _: Order = stage.app.to(CANCEL_ORDER, &[&order.id.to_string()]).access(access(&order)).ok().await;
    let told: Payment = stage.calling_back(&told("evt_1", &payment)).ok().await;
    assert_eq!(told.state, PaymentState::ToRefund);
    assert_eq!(stage.read(&order).await.state, OrderState::Cancelled);
    assert_eq!(stage.availability().await.seats, ".............");
    stage.sound().await;
}

#[actix_web::test]
async fn callback_and_staff_at_the_same_moment_pay_once() {
    let stage = stage::on_sale().await;
    for seat in 1..=5 {
        let order = stage.order(&[&format!("R1-A-{seat}")]).await;
        let payment = stage.start_payment(&order).await;
        let callbacks =
            (0..3).map(|at| stage.calling_back(&told(&format!("evt_{seat}_{at}"), &payment)).send());
        let confirms = (0..3).map(|_| stage.confirming(&payment).send());
        let answers = futures_util::future::join(
            futures_util::future::join_all(callbacks),
            futures_util::future::join_all(confirms),
        )
        .await;
        let all: Vec<_> = answers.0.iter().chain(&answers.1).collect();
        assert_eq!(all.iter().filter(|answer| answer.status == 200).count(), 1);
        for refused in all.iter().filter(|answer| answer.status != 200) {
            refused.problem(ErrorCode::AlreadyPaid);
        }
    }
    assert_eq!(stage.app.count("SELECT count(*) FROM tickets").await, 5);
    stage.sound().await;
}
