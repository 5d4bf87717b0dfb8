//! Buying on a stage, step by step.

use contract::{
    endpoints::{CONFIRM_PAYMENT, GET_ORDER, PLACE_HOLD, PLACE_ORDER, START_PAYMENT},
    holds::Hold,
    orders::Order,
    payments::Payment,
};
use serde_json::{Value, json};
use testkit::Call;

use crate::stage::Stage;

/// Who buys.
pub fn buyer() -> Value {
    json!({"email": "fan@demo.ringside.example", "name": "Demo Fan"})
}

impl Stage {
    /// An order of these seats, not sent yet.
    pub fn ordering(&self, seats: &[&str]) -> Call {
        let body = json!({"event_id": self.event, "seats": seats, "buyer": buyer()});
        self.app.to(PLACE_ORDER, &[]).json(&body)
    }

    /// A guest's order of these seats.
    pub async fn order(&self, seats: &[&str]) -> Order {
        self.ordering(seats).created().await
    }

    /// A guest's order of standing places.
    pub async fn order_standing(&self, quantity: i32) -> Order {
        let body = json!({"event_id": self.event, "standing": [{"zone": "TN", "quantity": quantity}], "buyer": buyer()});
        self.app.to(PLACE_ORDER, &[]).json(&body).created().await
    }

    /// A hold, not sent yet.
    pub fn holding(&self, body: &Value) -> Call {
        self.app.to(PLACE_HOLD, &["demo-night"]).json(body)
    }

    /// A hold of these seats.
    pub async fn hold(&self, seats: &[&str]) -> Hold {
        self.holding(&json!({"seats": seats})).created().await
    }

    /// An attempt to pay, begun by the guest.
    pub async fn start_payment(&self, order: &Order) -> Payment {
        let call = self.app.to(START_PAYMENT, &[&order.id.to_string()]).json(&json!({"method": "promptpay"}));
        call.access(access(order)).created().await
    }

    /// Staff confirm a payment, not sent yet.
    pub fn confirming(&self, payment: &Payment) -> Call {
        self.app
            .to(CONFIRM_PAYMENT, &[&payment.id.to_string()])
            .by(&self.owner)
            .json(&json!({"amount": payment.amount, "reference": "KB-1"}))
    }

    /// Pays an order and reads it again, as its guest.
    pub async fn pay(&self, order: &Order) -> Order {
        let payment = self.start_payment(order).await;
        let _: Order = self.confirming(&payment).ok().await;
        self.read(order).await
    }

    /// A paid order of these seats.
    pub async fn sold(&self, seats: &[&str]) -> Order {
        let order = self.order(seats).await;
        self.pay(&order).await
    }

    /// Reads an order as its guest; keeps the secret in what comes back.
    pub async fn read(&self, order: &Order) -> Order {
        let call = self.app.to(GET_ORDER, &[&order.id.to_string()]).access(access(order));
        Order { access: order.access.clone(), ..call.ok().await }
    }

    /// At the end: nothing is half done.
    pub async fn sound(&self) {
        let now = self.app.clock.now();
        let found = self.app.sql(async |conn| ticketing::invariants::violations(conn, now).await).await;
        assert!(found.is_empty(), "{found:#?}");
        self.app.run_jobs().await;
    }
}

/// The secret of a guest's order.
pub fn access(order: &Order) -> &str {
    order.access.as_deref().expect("told when it was placed")
}
