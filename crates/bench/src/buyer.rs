//! One buyer: holds seats or not, orders them and begins to pay, and the bank tells that the
//! money has arrived.

use std::time::Instant;

use anyhow::Result;
use chrono::Utc;
use contract::endpoints;
use contract::holds::{Hold, PlaceHold};
use contract::orders::{Buyer as BuyerDetails, HoldRef, Order, PlaceOrder};
use contract::payments::{Payment, PaymentCallback, PaymentMethod};
use domain::Locale;
use hmac::{Hmac, KeyInit, Mac};
use hyper::Method;
use serde::de::DeserializeOwned;
use sha2::Sha256;
use uuid::Uuid;

use crate::connection::{Answer, Connection};
use crate::figures::Steps;

/// A way to buy, over one connection.
pub struct Buyer<'a> {
    pub connection: &'a mut Connection,
    pub event: Uuid,
    pub callback_secret: &'a str,
}

/// A paid order and the secret to read it with.
pub struct Bought {
    pub order: Uuid,
    pub access: String,
}

impl Buyer<'_> {
    /// Buys `seats`; with `hold` they are claimed first, as in the shop. Nothing when one of
    /// the steps was refused or failed, which `steps` then shows.
    pub async fn buy(&mut self, seats: &[String], hold: bool, steps: &mut Steps) -> Result<Option<Bought>> {
        let claim = if hold {
            let Some(hold) = self.hold(seats, steps).await? else { return Ok(None) };
            Some(HoldRef { id: hold.id, secret: hold.secret })
        } else {
            None
        };
        let Some(order) = self.order(seats, claim, steps).await? else { return Ok(None) };
        let (Some(access), Some(payment)) = (order.access, order.payment) else { return Ok(None) };
        let paid = self.tell_paid(&payment, steps).await?;
        Ok(paid.map(|_| Bought { order: order.id, access }))
    }

    async fn hold(&mut self, seats: &[String], steps: &mut Steps) -> Result<Option<Hold>> {
        let path = endpoints::PLACE_HOLD.at(&[&self.event.to_string()]);
        let body = PlaceHold { seats: seats.to_vec(), standing: Vec::new() };
        let begun = Instant::now();
        let answer = self.connection.post(&path, &[], &body).await?;
        read("hold", begun, &answer, steps)
    }

    async fn order(
        &mut self,
        seats: &[String],
        hold: Option<HoldRef>,
        steps: &mut Steps,
    ) -> Result<Option<Order>> {
        let step = if hold.is_some() { "order held" } else { "order" };
        let direct = hold.is_none();
        let body = PlaceOrder {
            hold,
            event_id: direct.then_some(self.event),
            seats: if direct { seats.to_vec() } else { Vec::new() },
            standing: Vec::new(),
            buyer: BuyerDetails {
                email: "fan@demo.ringside.example".to_owned(),
                name: "Demo Fan".to_owned(),
                phone: None,
                locale: Locale::En,
            },
            pay_by: Some(PaymentMethod::Promptpay),
            accepted: Vec::new(),
        };
        let begun = Instant::now();
        let answer = self.connection.post(endpoints::PLACE_ORDER.path, &[], &body).await?;
        read(step, begun, &answer, steps)
    }

    /// What the provider sends, signed.
    async fn tell_paid(&mut self, payment: &Payment, steps: &mut Steps) -> Result<Option<Payment>> {
        let body = serde_json::to_vec(&PaymentCallback {
            id: format!("evt_{}", Uuid::now_v7().simple()),
            payment_id: payment.id,
            amount: payment.amount,
            reference: "BENCH".to_owned(),
        })?;
        let signature = sign(self.callback_secret, &body)?;
        let headers = [("content-type", "application/json"), ("ringside-signature", signature.as_str())];
        let begun = Instant::now();
        let answer =
            self.connection.send(Method::POST, endpoints::RECEIVE_CALLBACK.path, &headers, body).await?;
        read("callback", begun, &answer, steps)
    }
}

fn read<T: DeserializeOwned>(
    step: &'static str,
    begun: Instant,
    answer: &Answer,
    steps: &mut Steps,
) -> Result<Option<T>> {
    let first_error = steps.of(step).errors == 0;
    steps.of(step).note(begun, answer.status);
    if first_error && steps.of(step).errors > 0 {
        println!("  first error of {step}: {} {}", answer.status, String::from_utf8_lossy(&answer.body));
    }
    if answer.status.is_success() { answer.json(step).map(Some) } else { Ok(None) }
}

/// `t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`
fn sign(secret: &str, body: &[u8]) -> Result<String> {
    let time = Utc::now().timestamp().to_string();
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes())?;
    mac.update(time.as_bytes());
    mac.update(b".");
    mac.update(body);
    Ok(format!("t={time},v1={}", hex::encode(mac.finalize().into_bytes())))
}
