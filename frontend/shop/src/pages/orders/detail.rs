//! One order: to be paid, paid, or over.

use std::time::Duration;

use contract::orders::Order;
use domain::state::OrderState;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use ui::components::{Empty, Glyph, Kind, LinkButton, Remote, Title};
use ui::live::{self, Connection};
use ui::{api, fetched, t, words};

use super::pay::Pay;
use super::ticket::Tickets;
use crate::basket;

/// How often the order is asked for while nothing pushes its news.
const ASK_EVERY: Duration = Duration::from_secs(4);
/// How often beside a live connection: only in case a message was lost.
const ASK_BESIDE: u32 = 6;

/// The page of an order; a guest's link carries the secret behind `#access=`.
#[component]
pub fn OrderPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("order").unwrap_or_default());
    let access = Memo::new(move |_| basket::access(&id.read()));
    let order = fetched(
        move || (id.get(), access.get()),
        |(id, access)| async move { api::orders::find(&id, access.as_deref()).await },
    );
    live::on(
        move || {
            let id = id.get();
            Some(access.get().map_or_else(|| format!("order:{id}"), |access| format!("order:{id}:{access}")))
        },
        move |_| order.refetch(),
    );
    let waiting =
        Memo::new(move |_| order.with(|order| order.is_some_and(|order| order.state == OrderState::Pending)));
    let turn = StoredValue::new(0_u32);
    let ask = move || {
        turn.update_value(|turn| *turn = turn.wrapping_add(1));
        let alone = untrack(live::connection) != Connection::Open;
        if waiting.get_untracked() && (alone || turn.get_value().is_multiple_of(ASK_BESIDE)) {
            order.refetch();
        }
    };
    if let Ok(handle) = set_interval_with_handle(ask, ASK_EVERY) {
        on_cleanup(move || handle.clear());
    }
    view! {
        <Title text=words("shop.order.title") />
        <div class="page order">
            <Remote of=order view=move |order_now| {
                let state = Memo::new(move |_| order_now.read().state);
                view! {
                    {move || match state.get() {
                        OrderState::Pending => view! { <Pay order=order_now access refetch=Callback::new(move |()| order.refetch()) /> }.into_any(),
                        OrderState::Paid => view! { <Tickets order=order_now access /> }.into_any(),
                        OrderState::Expired => view! { <Over order=order_now.get_untracked() key="expired" /> }.into_any(),
                        OrderState::Cancelled => view! { <Over order=order_now.get_untracked() key="cancelled" /> }.into_any(),
                    }}
                }
            } />
        </div>
    }
}

/// An order that came to nothing.
#[component]
fn Over(order: Order, key: &'static str) -> impl IntoView {
    let reference = order.reference.clone();
    view! {
        <h1 class="unseen">{move || t!("shop.order.heading", reference = reference)}</h1>
        <Empty glyph=Glyph::Clock title=Signal::derive(move || t!(&format!("shop.order.{key}")))>
            <p>{move || t!(&format!("shop.order.{key}_hint"))}</p>
            <p class="small">{order.reference}</p>
            <LinkButton href=format!("/events/{}", order.event_id) kind=Kind::Primary>{words("shop.home.see_event")}</LinkButton>
        </Empty>
    }
}
