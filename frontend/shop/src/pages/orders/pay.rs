//! Paying by PromptPay: a large QR, the amount, and the moment the bank answers.

use contract::orders::Order;
use contract::payments::Payment;
use leptos::prelude::*;
use leptos::task::spawn_local;
use ui::components::{Button, Countdown, FailureNotice, Glyph, Icon, Kind, Remote};
use ui::format::money;
use ui::{Failure, api, fetched, t, words};

use crate::downloads;
use crate::pages::checkout::{Places, Step, Steps};

/// A payment with its QR as SVG.
type Attempt = (Payment, String);

/// The page while the order waits for money.
#[component]
pub fn Pay(
    order: Signal<Order>,
    access: Memo<Option<String>>,
    /// Asks for the order again.
    refetch: Callback<()>,
) -> impl IntoView {
    let first = order.get_untracked();
    let id = first.id.to_string();
    // The same key for the life of the page: asking again goes on with the same attempt.
    let intent = api::new_intent();
    let attempt = fetched(
        move || access.get(),
        move |access| {
            let (id, intent) = (id.clone(), intent.clone());
            async move { begin(&id, access.as_deref(), &intent).await }
        },
    );
    let until = Signal::derive(move || order.read().expires_at.unwrap_or_else(ui::browser::now));
    view! {
        <Steps now=Step::Payment />
        <h1>{words("shop.pay.heading")}</h1>
        <div class="checkout-columns pay">
            <section class="promptpay" aria-label="PromptPay">
                <Remote of=attempt view=move |attempt| view! { <Qr attempt access /> } />
                <p class="waiting" role="status">
                    <i aria-hidden="true"></i>
                    {words("shop.pay.waiting")}
                </p>
                <p class="small pay-left">
                    {words("shop.pay.time")} " "
                    <Countdown until on_end=refetch />
                </p>
                <ol class="pay-how">
                    <li>{words("shop.pay.how_1")}</li>
                    <li>{words("shop.pay.how_2")}</li>
                    <li>{words("shop.pay.how_3")}</li>
                </ol>
            </section>
            <section class="summary" aria-labelledby="order-title">
                <h2 id="order-title">{first.event_title}</h2>
                <p class="small">{words("shop.order.reference")} " " <strong>{first.reference}</strong></p>
                <Places places=first.places total=first.total />
                <p class="small">{move || t!("shop.pay.mail", email = order.read().buyer.email)}</p>
                <Cancel order access refetch />
            </section>
        </div>
    }
}

async fn begin(order: &str, access: Option<&str>, intent: &str) -> Result<Attempt, Failure> {
    let payment = api::payments::start(order, access, intent).await?;
    let picture = api::payments::qr(&payment.id.to_string(), access, "svg").await?;
    let picture = String::from_utf8(picture).map_err(Failure::unreadable)?;
    Ok((payment, picture))
}

#[component]
fn Qr(attempt: Signal<Attempt>, access: Memo<Option<String>>) -> impl IntoView {
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let amount = move || money(attempt.read().0.amount);
    let save = move |_| {
        busy.set(true);
        spawn_local(async move {
            let id = attempt.get_untracked().0.id.to_string();
            match api::payments::qr(&id, access.get_untracked().as_deref(), "png").await {
                Ok(bytes) => downloads::save(&bytes, "image/png", "promptpay.png"),
                Err(problem) => failure.set(Some(problem)),
            }
            busy.try_set(false);
        });
    };
    let drawing = move || attempt.with(|(_, picture)| picture.clone());
    view! {
        <p class="pay-amount">
            <span class="small">{words("shop.pay.amount")}</span>
            <strong class="display">{amount}</strong>
        </p>
        <div class="qr" role="img" aria-label=move || t!("shop.pay.qr_alt", amount = amount()) inner_html=drawing></div>
        <Button on_press=save busy=busy>
            <Icon glyph=Glyph::Download />
            {words("shop.pay.save")}
        </Button>
        <FailureNotice failure />
    }
}

/// The way out: gives the seats back.
#[component]
fn Cancel(order: Signal<Order>, access: Memo<Option<String>>, refetch: Callback<()>) -> impl IntoView {
    let sure = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    let intent = api::new_intent();
    let cancel = Callback::new(move |_| {
        if !sure.get_untracked() {
            return sure.set(true);
        }
        let intent = intent.clone();
        busy.set(true);
        spawn_local(async move {
            let id = order.get_untracked().id.to_string();
            match api::orders::cancel(&id, access.get_untracked().as_deref(), &intent).await {
                Ok(_) => refetch.run(()),
                Err(problem) => failure.set(Some(problem)),
            }
            busy.try_set(false);
        });
    });
    view! {
        <FailureNotice failure />
        <Button kind=Kind::Bare class="button-small" on_press=cancel busy=busy>
            {move || if sure.get() { t!("shop.pay.cancel_sure") } else { t!("shop.pay.cancel") }}
        </Button>
    }
}
