//! A staff member saw the money arrive.

use contract::{orders::Order, payments::ConfirmPayment};
use domain::Money;
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use ui::{
    Failure,
    api::{self, staff},
    components::{Button, FailureNotice, Field, Kind},
    format, t, tr,
};
use uuid::Uuid;

use crate::parts::amount;

/// Asks for what arrived and its reference; the amount must be the amount due.
#[component]
pub fn ConfirmPaymentForm(payment: Uuid, amount: Money, change: Callback<Order>) -> impl IntoView {
    let (arrived, reference) = (RwSignal::new(amount::plain(amount)), RwSignal::new(String::new()));
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let fault = RwSignal::new(None::<String>);
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(amount) = amount::baht(&arrived.get_untracked()) else {
            return fault.set(Some(t!("console.form.not_an_amount")));
        };
        fault.set(None);
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let seen = ConfirmPayment { amount, reference: reference.get_untracked().trim().to_owned() };
        spawn_local(async move {
            let answer = staff::orders::confirm(&payment.to_string(), &seen, &api::new_intent()).await;
            busy.try_set(false);
            match answer {
                Ok(order) => change.run(order),
                Err(why) => {
                    failure.try_set(Some(why));
                }
            }
        });
    };
    let error = move |name: &'static str| failure.get().and_then(|failure| failure.field(name));
    view! {
        <form class="panel confirm-payment" on:submit=send novalidate>
            <h3>{tr!("console.orders.confirm_title")}</h3>
            <p class="soft">{move || t!("console.orders.confirm_text", amount = format::money(amount))}</p>
            <FailureNotice failure/>
            <div class="inline-form">
                <Field label=Signal::derive(tr!("console.orders.arrived")) value=arrived name="amount" required=true
                    error=Signal::derive(move || fault.get().or_else(|| error("amount")))/>
                <Field label=Signal::derive(tr!("console.orders.reference")) value=reference name="reference" required=true
                    error=Signal::derive(move || error("reference"))/>
            </div>
            <Button kind=Kind::Primary busy=busy>{tr!("console.orders.confirm")}</Button>
        </form>
    }
}
