//! Who buys.

use contract::ErrorCode;
use contract::orders::{Buyer, HoldRef, PlaceOrder};
use contract::payments::PaymentMethod;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;
use ui::components::{Agree, Agreement, Button, FailureNotice, Field, Kind};
use ui::format::money;
use ui::{Failure, api, i18n, session, t, words};
use uuid::Uuid;

use crate::basket::{self, Basket};

/// What the form holds.
#[derive(Clone, Copy)]
struct Details {
    email: RwSignal<String>,
    name: RwSignal<String>,
    phone: RwSignal<String>,
    failure: RwSignal<Option<Failure>>,
    /// The buyer pressed the button once: from then on fields tell what is wrong.
    pressed: RwSignal<bool>,
}

impl Details {
    fn new() -> Self {
        let me = untrack(session::me);
        let (email, name) = me.map(|me| (me.email, me.name)).unwrap_or_default();
        Self {
            email: RwSignal::new(email),
            name: RwSignal::new(name),
            phone: RwSignal::new(String::new()),
            failure: RwSignal::new(None),
            pressed: RwSignal::new(false),
        }
    }

    /// What is wrong with a field: seen here at once, or told by the server.
    fn fault(
        self,
        field: &'static str,
        here: impl Fn(&str) -> Option<&'static str> + Send + Sync + 'static,
        value: RwSignal<String>,
    ) -> Signal<Option<String>> {
        Signal::derive(move || {
            let own = self.pressed.get().then(|| here(value.read().trim())).flatten().map(|key| t!(key));
            own.or_else(|| self.failure.read().as_ref().and_then(|failure| failure.field(field)))
        })
    }

    fn complete(self) -> bool {
        email_fault(self.email.read_untracked().trim()).is_none()
            && name_fault(self.name.read_untracked().trim()).is_none()
    }

    fn buyer(self) -> Buyer {
        let phone = self.phone.get_untracked().trim().to_owned();
        Buyer {
            email: self.email.get_untracked().trim().to_owned(),
            name: self.name.get_untracked().trim().to_owned(),
            phone: (!phone.is_empty()).then_some(phone),
            locale: untrack(i18n::locale),
        }
    }
}

fn email_fault(text: &str) -> Option<&'static str> {
    let looks_right = text
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.ends_with('.'));
    match (text.is_empty(), looks_right) {
        (true, _) => Some("fields.required"),
        (false, false) => Some("fields.email"),
        (false, true) => None,
    }
}

fn name_fault(text: &str) -> Option<&'static str> {
    text.is_empty().then_some("fields.required")
}

/// The form; its button places the order and leads to payment.
#[component]
pub fn BuyerForm(
    basket: Basket,
    /// Called when the server refused.
    refused: Callback<Failure>,
) -> impl IntoView {
    let details = Details::new();
    let agreement = Agreement::new();
    let busy = RwSignal::new(false);
    let navigate = StoredValue::new_local(use_navigate());
    let total = basket.hold.total;
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        details.pressed.set(true);
        let accepted = agreement.accepted();
        let Some(accepted) = accepted.filter(|_| !busy.get_untracked() && details.complete()) else { return };
        busy.set(true);
        let basket = basket.clone();
        spawn_local(async move {
            details.failure.set(None);
            match place(&basket, details.buyer(), accepted).await {
                Ok(address) => navigate.with_value(|navigate| navigate(&address, Default::default())),
                Err(failure) => {
                    if failure.code() == Some(ErrorCode::PolicyOutdated) {
                        agreement.ask_again();
                    }
                    details.failure.set(Some(failure.clone()));
                    refused.run(failure);
                }
            }
            busy.try_set(false);
        });
    };
    view! {
        <form class="stack buyer" on:submit=send novalidate>
            <Field label=words("shop.checkout.name") name="name" autocomplete="name" value=details.name required=true
                error=details.fault("buyer.name", name_fault, details.name) />
            <Field label=words("shop.checkout.email") name="email" kind="email" autocomplete="email" value=details.email required=true
                hint=words("shop.checkout.email_hint")
                error=details.fault("buyer.email", email_fault, details.email) />
            <Field label=words("shop.checkout.phone") name="phone" kind="tel" autocomplete="tel" value=details.phone
                error=details.fault("buyer.phone", |_| None, details.phone) />
            <Agree agreement/>
            <FailureNotice failure=details.failure />
            <Button kind=Kind::Primary class="button-wide button-large" busy=busy>
                {move || t!("shop.checkout.pay", total = money(total))}
            </Button>
            <p class="small">{words("shop.checkout.next")}</p>
        </form>
    }
}

/// Places the order; gives the address of its page. Pressing twice gives the same order.
async fn place(basket: &Basket, buyer: Buyer, accepted: Vec<Uuid>) -> Result<String, Failure> {
    let hold = HoldRef { id: basket.hold.id, secret: basket.hold.secret.clone() };
    let wish = PlaceOrder {
        hold: Some(hold),
        event_id: None,
        seats: Vec::new(),
        standing: Vec::new(),
        buyer,
        pay_by: Some(PaymentMethod::Promptpay),
        accepted,
    };
    let order = api::orders::place(&wish, &basket.intent).await?;
    let id = order.id.to_string();
    if let Some(secret) = &order.access {
        basket::keep_access(&id, secret);
    }
    basket::empty();
    Ok(format!("/orders/{id}"))
}
