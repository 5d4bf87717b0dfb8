//! Orders: placed once, seen by their buyer and staff, ended in time.

use chrono::TimeDelta;
use contract::{
    ErrorCode, Page,
    endpoints::{
        CANCEL_EVENT, CANCEL_ORDER, EXPORT_ORDERS, GET_ORDER, LIST_MY_ORDERS, LIST_ORDERS, PLACE_ORDER,
        UPDATE_EVENT,
    },
    events::Event,
    orders::{Order, OrderSummary},
};
use domain::{
    Role,
    state::{OrderState, PaymentState, TicketState},
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    sale::{access, buyer},
    stage::{self, items},
};

#[actix_web::test]
async fn seats_are_claimed_and_ordered_in_one_call() {
    let stage = stage::on_sale().await;
    let body = json!({
        "event_id": stage.event, "seats": ["R1-A-2", "R1-A-1"], "standing": [{"zone": "TN", "quantity": 2}],
        "buyer": {"email": "fan@demo.ringside.example", "name": " Demo Fan ", "phone": "+66 2 000 0000", "locale": "th"},
    });
    let order: Order = stage.app.to(PLACE_ORDER, &[]).json(&body).created().await;
    assert_eq!(order.state, OrderState::Pending);
    assert_eq!(order.event_title, "ศึกทดสอบ");
    assert_eq!(order.buyer.name, "Demo Fan");
    assert_eq!(order.total.amount, 2 * 250_000 + 2 * 50_000);
    assert_eq!(order.expires_at, Some(stage.app.clock.now() + TimeDelta::minutes(15)));
    assert_eq!(order.reference.len(), 9);
    assert_eq!(stage.read(&order).await, order);
    assert_eq!(stage.availability().await.seats, "hh...........");
    stage.sound().await;
}

#[actix_web::test]
async fn a_telephone_number_is_kept_sealed_also_one_of_old() {
    let stage = stage::on_sale().await;
    let body = json!({
        "event_id": stage.event, "seats": ["R1-A-2"],
        "buyer": {"email": "fan@demo.ringside.example", "name": "Demo Fan", "phone": "+66 2 000 0000", "locale": "th"},
    });
    let order: Order = stage.app.to(PLACE_ORDER, &[]).json(&body).created().await;
    let in_the_open = "SELECT count(*) FROM orders AS o WHERE o::text LIKE '%000 0000%'";
    assert_eq!(stage.app.count(in_the_open).await, 0);
    assert_eq!(stage.app.count("SELECT count(*) FROM orders WHERE buyer_phone_sealed IS NOT NULL").await, 1);

    stage.app.execute("UPDATE orders SET buyer_phone = '+66 2 000 0000', buyer_phone_sealed = NULL").await;
    assert_eq!(stage.read(&order).await.buyer.phone, order.buyer.phone);
    stage.app.run_timer("seal_phones").await;
    assert_eq!(stage.app.count(in_the_open).await, 0);
    assert_eq!(stage.read(&order).await.buyer.phone.as_deref(), Some("+66 2 000 0000"));
    stage.sound().await;
}

#[actix_web::test]
async fn a_hold_becomes_an_order_while_it_lasts() {
    let stage = stage::on_sale().await;
    let hold: contract::holds::Hold = stage
        .holding(&json!({"seats": ["R1-A-1"], "standing": [{"zone": "TN", "quantity": 2}]}))
        .created()
        .await;
    let ordering = |id: Uuid, secret: &str| {
        stage.app.to(PLACE_ORDER, &[]).json(&json!({"hold": {"id": id, "secret": secret}, "buyer": buyer()}))
    };
    ordering(hold.id, "wrong").problem(ErrorCode::NotFound).await;
    let order: Order = ordering(hold.id, &hold.secret).created().await;
    assert_eq!((order.places.clone(), order.total), (hold.places.clone(), hold.total));
    assert_eq!(stage.app.count("SELECT count(*) FROM holds").await, 0);
    ordering(hold.id, &hold.secret).problem(ErrorCode::HoldExpired).await;

    let late = stage.hold(&["R1-A-2"]).await;
    stage.app.advance(TimeDelta::minutes(10));
    ordering(late.id, &late.secret).problem(ErrorCode::HoldExpired).await;
    ordering(Uuid::nil(), &late.secret).problem(ErrorCode::HoldExpired).await;
    assert_eq!(stage.availability().await.free["R1"], 9);
    stage.sound().await;
}

#[actix_web::test]
async fn an_order_is_refused_for_the_same_reasons_as_a_hold() {
    let stage = stage::on_sale().await;
    stage.hold(&["R1-A-2"]).await;
    let problem = stage.ordering(&["R1-A-1", "R1-A-2"]).problem(ErrorCode::SeatTaken).await;
    assert_eq!((problem.fields[0].field.as_str(), &problem.more["taken"]), ("seats[1]", &json!(["R1-A-2"])));
    let problem = stage.ordering(&["R1-A-1", "R1-A-99"]).problem(ErrorCode::UnknownSeat).await;
    assert_eq!(problem.fields[0].field, "seats[1]");
    stage.ordering(&[]).problem(ErrorCode::InvalidFields).await;
    let order = |body| stage.app.to(PLACE_ORDER, &[]).json(&body);
    order(json!({"event_id": Uuid::nil(), "seats": ["R1-A-1"], "buyer": buyer()}))
        .problem(ErrorCode::NotFound)
        .await;
    order(json!({"buyer": buyer()})).problem(ErrorCode::InvalidFields).await;
    let both = json!({"event_id": stage.event, "hold": {"id": Uuid::nil(), "secret": "s"}, "buyer": buyer()});
    order(both).problem(ErrorCode::InvalidFields).await;
    let many =
        json!({"event_id": stage.event, "standing": [{"zone": "TN", "quantity": 13}], "buyer": buyer()});
    order(many).problem(ErrorCode::TooManyPlaces).await;
    let gone =
        json!({"event_id": stage.event, "standing": [{"zone": "TN", "quantity": 11}], "buyer": buyer()});
    order(gone).problem(ErrorCode::PlacesGone).await;
    let mut body = json!({"event_id": stage.event, "seats": ["R1-A-1"], "buyer": buyer()});
    body["buyer"]["email"] = "nobody".into();
    assert_eq!(order(body).problem(ErrorCode::InvalidFields).await.fields[0].field, "buyer.email");
    let mut body = json!({"event_id": stage.event, "seats": ["R1-A-1"], "buyer": buyer()});
    body["buyer"]["name"] = "Demo\0Fan".into();
    order(body).problem(ErrorCode::InvalidFields).await;
    stage.app.fetch("/api/v1/orders?q=%00").by(&stage.owner).problem(ErrorCode::InvalidFields).await;
    let ancient = "WyItNTAwMC0wMS0wMVQwMDowMDowMFoiLCIwMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDAiXQ";
    let page = stage.app.fetch(&format!("/api/v1/orders?after={ancient}")).by(&stage.owner);
    page.problem(ErrorCode::InvalidFields).await;
    assert_eq!(stage.app.count("SELECT count(*) FROM orders").await, 0);
    assert_eq!(stage.availability().await.seats, ".h...........", "nothing is half done");
    stage.sound().await;
}

#[actix_web::test]
async fn a_repeated_request_orders_once() {
    let stage = stage::on_sale().await;
    let first: Order = stage.ordering(&["R1-A-1"]).key("k1").created().await;
    let again: Order = stage.ordering(&["R1-A-1"]).key("k1").created().await;
    assert_eq!(first, again);
    stage.ordering(&["R1-A-2"]).key("k1").problem(ErrorCode::IdempotencyKeyReused).await;
    stage.ordering(&["R1-A-1"]).key("k2").problem(ErrorCode::SeatTaken).await;
    // A refusal does not use the key up.
    let _: Order = stage.ordering(&["R1-A-2"]).key("k2").created().await;
    assert_eq!(stage.app.count("SELECT count(*) FROM orders").await, 2);
    stage.sound().await;
}

#[actix_web::test]
async fn an_order_is_seen_by_its_guest_its_member_and_staff_only() {
    let stage = stage::on_sale().await;
    let (fan, other) = (stage.app.person().await, stage.app.person().await);
    let order: Order = stage.ordering(&["R1-A-1"]).by(&fan).created().await;
    let id = order.id.to_string();
    let get = || stage.app.to(GET_ORDER, &[&id]);
    let _: Order = get().access(access(&order)).ok().await;
    let _: Order = stage.app.fetch(&format!("/api/v1/orders/{id}?access={}", access(&order))).ok().await;
    let mine: Order = get().by(&fan).ok().await;
    assert_eq!(mine.access, None, "told once");
    let _: Order = get().by(&stage.owner).ok().await;
    get().problem(ErrorCode::NotFound).await;
    get().access("wrong").problem(ErrorCode::NotFound).await;
    get().by(&other).problem(ErrorCode::NotFound).await;
    let scanner = stage.app.member(stage.org, Role::Scanner).await;
    get().by(&scanner).problem(ErrorCode::NotFound).await;
    let stranger = stage.app.member(stage.app.org("Demo Rivals").await, Role::Owner).await;
    get().by(&stranger).problem(ErrorCode::NotFound).await;
    stage.app.to(GET_ORDER, &[&Uuid::nil().to_string()]).by(&stage.owner).problem(ErrorCode::NotFound).await;
    let listed: Vec<OrderSummary> = items(stage.app.to(LIST_MY_ORDERS, &[]).by(&fan)).await;
    assert_eq!(listed.iter().map(|row| row.id).collect::<Vec<_>>(), [order.id]);
    assert!(items::<OrderSummary>(stage.app.to(LIST_MY_ORDERS, &[]).by(&other)).await.is_empty());
    stage.sound().await;
}

#[actix_web::test]
async fn an_order_not_paid_in_time_gives_its_places_back() {
    let stage = stage::on_sale().await;
    let order = stage.order(&["R1-A-1", "R1-A-2"]).await;
    let standing = stage.order_standing(10).await;
    stage.app.advance(TimeDelta::minutes(15));
    assert_eq!(stage.read(&order).await.state, OrderState::Expired, "at once, without a job");
    let taken = stage.order(&["R1-A-2"]).await;
    let more = stage.order_standing(4).await;
    stage.app.run_timer("expire_orders").await;
    let free = stage.availability().await;
    assert_eq!((free.seats.as_str(), free.standing["TN"]), (".h...........", 6));
    for (order, state) in
        [(&order, "expired"), (&standing, "expired"), (&taken, "pending"), (&more, "pending")]
    {
        let count = format!("SELECT count(*) FROM orders WHERE id = '{}' AND state = '{state}'", order.id);
        assert_eq!(stage.app.count(&count).await, 1);
    }
    let told = "SELECT count(*) FROM outbox WHERE fact ->> 'fact' = 'order_expired'";
    assert_eq!(stage.app.count(told).await, 2);
    stage.app.run_timer("expire_orders").await;
    assert_eq!(stage.app.count(told).await, 2, "told once");
    stage.sound().await;
}

#[actix_web::test]
async fn a_buyer_cancels_before_paying_and_staff_always() {
    let stage = stage::on_sale().await;
    let cancel = |order: &Order| stage.app.to(CANCEL_ORDER, &[&order.id.to_string()]);
    let waiting = stage.order(&["R1-A-1"]).await;
    cancel(&waiting).problem(ErrorCode::NotFound).await;
    let cancelled: Order = cancel(&waiting).access(access(&waiting)).ok().await;
    assert_eq!(cancelled.state, OrderState::Cancelled);
    cancel(&waiting).access(access(&waiting)).problem(ErrorCode::WrongState).await;

    let paid = stage.sold(&["R1-A-1", "R1-A-2"]).await;
    let standing = stage.order_standing(2).await;
    let standing = stage.pay(&standing).await;
    cancel(&paid).access(access(&paid)).problem(ErrorCode::WrongState).await;
    let viewer = stage.app.member(stage.org, Role::Viewer).await;
    cancel(&paid).by(&viewer).problem(ErrorCode::NotPermitted).await;
    let box_office = stage.app.member(stage.org, Role::BoxOffice).await;
    for order in [&paid, &standing] {
        let cancelled: Order = cancel(order).by(&box_office).ok().await;
        assert_eq!(cancelled.state, OrderState::Cancelled);
        assert_eq!(cancelled.payment.unwrap().state, domain::state::PaymentState::ToRefund);
        assert!(cancelled.tickets.iter().all(|ticket| ticket.state == domain::state::TicketState::Revoked));
    }
    let free = stage.availability().await;
    assert_eq!((free.seats.as_str(), free.standing["TN"]), (".............", 10));
    let facts = "SELECT count(*) FROM outbox WHERE fact ->> 'fact' = 'payment_to_refund'";
    assert_eq!(stage.app.count(facts).await, 2);
    stage.sound().await;
}

#[actix_web::test]
async fn an_order_that_costs_nothing_is_paid_at_once() {
    let stage = stage::on_sale().await;
    let event: Event =
        stage.app.to(contract::endpoints::GET_EVENT, &[&stage.id()]).by(&stage.owner).ok().await;
    let mut prices = event.prices.clone();
    for tier in &mut prices {
        tier.price.amount = 0;
    }
    let change = json!({"version": event.version, "prices": prices});
    let _: Event = stage.app.to(UPDATE_EVENT, &[&stage.id()]).by(&stage.owner).json(&change).ok().await;
    let order = stage.order(&["R1-A-1", "R1-A-2"]).await;
    assert_eq!((order.state, order.tickets.len(), order.payment.clone()), (OrderState::Paid, 2, None));
    assert!(order.access.is_some() && order.expires_at.is_none());
    assert_eq!(stage.availability().await.seats, "xx...........");
    stage.sound().await;
}

#[actix_web::test]
async fn lists_are_the_organisations_own_and_can_be_narrowed() {
    let stage = stage::on_sale().await;
    let waiting = stage.order(&["R1-A-1"]).await;
    let paid = stage.sold(&["R1-A-2", "R1-A-3"]).await;
    let body = json!({"event_id": stage.event, "seats": ["R1-B-1"], "buyer": {"email": "other@demo.ringside.example", "name": "=Demo 100% Sum"}});
    let other: Order = stage.app.to(PLACE_ORDER, &[]).json(&body).created().await;
    let list = |query: &str| stage.app.fetch(&format!("/api/v1/orders{query}")).by(&stage.owner);
    let ids = async |query: &str| -> Vec<Uuid> {
        list(query).ok::<Page<OrderSummary>>().await.items.into_iter().map(|row| row.id).collect()
    };
    assert_eq!(ids("").await, [other.id, paid.id, waiting.id], "newest first");
    assert_eq!(ids("?state=paid").await, [paid.id]);
    assert_eq!(ids(&format!("?q={}", waiting.reference.to_lowercase())).await, [waiting.id]);
    assert_eq!(ids("?q=100%25").await, [other.id], "a percent sign is a letter");
    assert_eq!(ids("?q=OTHER@").await, [other.id]);
    assert_eq!(ids(&format!("?event={}", Uuid::nil())).await, [] as [Uuid; 0]);
    let page: Page<OrderSummary> = list("?limit=2").ok().await;
    assert_eq!(page.items.len(), 2);
    assert_eq!(page.items[1].places, 2);
    let rest = ids(&format!("?limit=2&after={}", page.next.unwrap())).await;
    assert_eq!(rest, [waiting.id]);
    list("?limit=201").problem(ErrorCode::PageTooLarge).await;
    list("?after=nonsense").problem(ErrorCode::UnknownCursor).await;
    list("?state=sideways").problem(ErrorCode::MalformedRequest).await;

    let rival = stage.app.member(stage.app.org("Demo Rivals").await, Role::Owner).await;
    assert!(items::<OrderSummary>(stage.app.to(LIST_ORDERS, &[]).by(&rival)).await.is_empty());
    stage.app.to(LIST_ORDERS, &[]).problem(ErrorCode::NotSignedIn).await;

    let file = stage.app.to(EXPORT_ORDERS, &[]).by(&stage.owner).send().await.expect(200);
    assert!(file.header("content-type").starts_with("text/csv"));
    let text = file.text();
    assert_eq!(text.lines().count(), 4);
    assert!(text.contains(",'=Demo 100% Sum,"), "{text}");
    assert!(text.contains(",5000.00,THB,"), "{text}");
    stage.sound().await;
}

#[actix_web::test]
async fn of_many_who_order_the_same_seat_one_gets_it() {
    let stage = stage::on_sale().await;
    let answers = futures_util::future::join_all((0..20).map(|_| stage.ordering(&["R1-A-1"]).send())).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    assert!(answers.iter().all(|answer| matches!(answer.status.as_u16(), 201 | 409)));
    assert_eq!(stage.app.count("SELECT count(*) FROM orders").await, 1);
    stage.sound().await;
}

#[actix_web::test]
async fn an_order_begins_its_payment_in_the_same_call() {
    let stage = stage::on_sale().await;
    let body = json!({"event_id": stage.event, "seats": ["R1-A-1"], "buyer": buyer(), "pay_by": "promptpay"});
    let order: Order = stage.app.to(PLACE_ORDER, &[]).json(&body).key("once").created().await;
    let payment = order.payment.clone().unwrap();
    assert_eq!((payment.state, payment.amount), (PaymentState::Pending, order.total));
    assert!(payment.promptpay.is_some());
    let again: Order = stage.app.to(PLACE_ORDER, &[]).json(&body).key("once").created().await;
    assert_eq!(again, order, "a second click gets the same payment");
    let paid = stage.pay(&order).await;
    assert_eq!(paid.payment.map(|payment| payment.id), Some(order.payment.unwrap().id));
    stage.sound().await;
}

#[actix_web::test]
async fn a_cancelled_event_gives_back_what_was_paid() {
    let stage = stage::on_sale().await;
    let sold = stage.sold(&["R1-A-1", "R1-A-2"]).await;
    let waiting: Order = stage.ordering(&["R1-A-3"]).created().await;
    let _: Event = stage.app.to(CANCEL_EVENT, &[&stage.id()]).by(&stage.owner).ok().await;
    stage.app.run_jobs().await;
    let sold = stage.read(&sold).await;
    assert_eq!(sold.state, OrderState::Cancelled);
    assert_eq!(sold.payment.unwrap().state, PaymentState::ToRefund);
    assert!(sold.tickets.iter().all(|ticket| ticket.state == TicketState::Revoked));
    assert_eq!(stage.read(&waiting).await.state, OrderState::Cancelled);
    stage.sound().await;
}
