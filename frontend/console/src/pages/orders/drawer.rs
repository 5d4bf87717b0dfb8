//! One order, over the list.

use contract::{orders::Order, tickets::Ticket};
use domain::{
    Permission,
    state::{OrderState, PaymentState},
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_params_map;
use ui::{
    Failure, Fetched,
    api::{self, staff},
    components::{Button, FailureNotice, Glyph, Icon, Kind, LinkButton, Remote},
    fetched,
    format::{self, Style},
    live, session, t, tr,
};

use super::{Changed, payment::ConfirmPaymentForm};
use crate::parts::{download, drawer::Drawer, words::State};

/// The drawer at `/console/orders/{order_id}`.
#[component]
pub fn OrderDrawer() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("order_id").unwrap_or_default()));
    let order = fetched(move || id.get(), |id| async move { staff::orders::find(&id).await });
    live::on(move || Some(format!("order:{}", id.get())), move |_| order.refetch());
    let name = move || order.get().map_or_else(|| t!("console.orders.order"), |order| order.reference);
    view! {
        <Drawer name=Signal::derive(name) back="/console/orders">
            <Remote of=order view={move |value: Signal<Order>| view! { <Content order=value fetched=order/> }}/>
        </Drawer>
    }
}

#[component]
fn Content(order: Signal<Order>, fetched: Fetched<Order>) -> impl IntoView {
    let waits = move || {
        let payment = order.get().payment.filter(|payment| payment.state == PaymentState::Pending);
        payment.filter(|_| session::can_somewhere(Permission::PaymentsConfirm))
    };
    let waiting = Memo::new(move |_| waits().map(|payment| (payment.id, payment.amount)));
    let tell = expect_context::<Changed>().0;
    let change = Callback::new(move |order: Order| {
        fetched.set(order);
        tell.update(|count| *count += 1);
    });
    view! {
        <p class="drawer-state">
            {move || view! { <State of=order.get().state/> }}
            <span class="soft">{move || format::here(order.get().placed_at, Style::Full)}</span>
        </p>
        <dl class="facts">
            <dt>{tr!("console.orders.event")}</dt>
            <dd><a href=move || format!("/console/events/{}", order.get().event_id)>{move || order.get().event_title}</a></dd>
            <dt>{tr!("console.orders.buyer")}</dt>
            <dd>{move || order.get().buyer.name}<span class="under">{move || order.get().buyer.email}</span>
                <span class="under">{move || order.get().buyer.phone}</span></dd>
            <dt>{tr!("console.orders.total")}</dt>
            <dd class="drawer-total" data-total>{move || format::money(order.get().total)}</dd>
            {move || order.get().paid_at.map(|at| view! {
                <dt>{t!("console.orders.paid_at")}</dt><dd>{format::here(at, Style::Full)}</dd>
            })}
            {move || order.get().payment.map(|payment| view! {
                <dt>{t!("console.orders.payment")}</dt>
                <dd><State of=payment.state/><span class="under">{payment.reference}</span></dd>
            })}
        </dl>
        {move || waiting.get().map(|(payment, amount)| view! { <ConfirmPaymentForm payment amount change/> })}
        <Places order/>
        <Deeds order change/>
    }
}

/// What is bought: tickets once there are some, places until then.
#[component]
fn Places(order: Signal<Order>) -> impl IntoView {
    let rows = move || {
        let order = order.get();
        if order.tickets.is_empty() {
            let row = |place: contract::holds::Place| {
                let name = place.seat.unwrap_or(place.zone);
                view! { <li><span class="code">{name}</span><span>{place.tier}</span><span class="number">{format::money(place.price)}</span></li> }
                    .into_any()
            };
            return order.places.into_iter().map(row).collect_view();
        }
        let row = |ticket: Ticket| {
            let name = ticket.seat.unwrap_or(ticket.zone);
            let inside = ticket.admitted_at.map(|at| format::at(at, &ticket.time_zone, Style::Time));
            view! {
                <li data-ticket=ticket.id.to_string()>
                    <span class="code">{name}</span>
                    <span><State of=ticket.state/>" "<span class="soft">{inside}</span></span>
                    <span class="number">{format::money(ticket.price)}</span>
                </li>
            }
            .into_any()
        };
        order.tickets.into_iter().map(row).collect_view()
    };
    view! {
        <section>
            <h3>{tr!("console.orders.tickets")}</h3>
            <ul class="places">{rows}</ul>
        </section>
    }
}

/// What may be done with the order.
#[component]
fn Deeds(order: Signal<Order>, change: Callback<Order>) -> impl IntoView {
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let asking = RwSignal::new(false);
    let may_cancel = move || {
        let open = order.get().state.may_become(OrderState::Cancelled);
        open && session::can_somewhere(Permission::OrdersManage)
    };
    let cancel = move |_| {
        busy.set(true);
        let id = order.get_untracked().id.to_string();
        spawn_local(async move {
            let answer = staff::orders::cancel(&id, &api::new_intent()).await;
            busy.try_set(false);
            asking.try_set(false);
            match answer {
                Ok(order) => change.run(order),
                Err(why) => {
                    failure.try_set(Some(why));
                }
            }
        });
    };
    let pdf = move |_| {
        let order = order.get_untracked();
        spawn_local(async move {
            let answer = staff::orders::pdf(&order.id.to_string()).await;
            let name = format!("tickets-{}.pdf", order.reference);
            let answer = answer.and_then(|bytes| download::save(&bytes, "application/pdf", &name));
            failure.try_set(answer.err());
        });
    };
    let mails = Signal::derive(move || format!("/console/deliveries?q={}", order.get().buyer.email));
    view! {
        <FailureNotice failure/>
        <footer class="drawer-foot">
            <Show when=move || order.get().state == OrderState::Paid>
                <Button on_press=pdf><Icon glyph=Glyph::Download/>{tr!("console.orders.pdf")}</Button>
            </Show>
            <Show when=|| session::can(Permission::DeliveriesRead)>
                <LinkButton href=mails>{tr!("console.orders.mails")}</LinkButton>
            </Show>
            <Show when=may_cancel>
                <Show when=move || asking.get() fallback=move || view! {
                    <Button kind=Kind::Stop on_press=move |_| asking.set(true)>{tr!("console.orders.cancel")}</Button>
                }>
                    <div class="ask">
                        <p>{tr!("console.orders.cancel_sure")}</p>
                        <Button on_press=move |_| asking.set(false)>{tr!("console.orders.keep")}</Button>
                        <Button kind=Kind::Stop busy=busy on_press=cancel>{tr!("console.orders.cancel_yes")}</Button>
                    </div>
                </Show>
            </Show>
        </footer>
    }
}
