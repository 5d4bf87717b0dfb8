//! A member's tickets and orders.

use contract::orders::OrderSummary;
use domain::state::OrderState;
use leptos::prelude::*;
use ui::components::{Badge, Empty, Glyph, Kind, LinkButton, Remote, Title, Tone};
use ui::format::{Style, here, money};
use ui::{api, fetched, i18n, session, t, words};

use super::ticket::TicketCard;

/// Shows the page to members; guests sign in first.
fn for_members(page: impl Fn() -> AnyView + Send + 'static) -> impl IntoView {
    move || {
        if session::signed_in() {
            page()
        } else {
            session::ask_to_sign_in();
            ().into_any()
        }
    }
}

#[component]
fn Tabs(#[prop(into)] tickets: bool) -> impl IntoView {
    view! {
        <nav class="tabs" aria-label=words("shop.mine.label")>
            <a href="/my/tickets" aria-current=tickets.then_some("page")>{words("shop.nav.my_tickets")}</a>
            <a href="/my/orders" aria-current=(!tickets).then_some("page")>{words("shop.nav.my_orders")}</a>
            <a href="/account" rel="external">{words("shop.nav.account")}</a>
        </nav>
    }
}

/// The tickets of the person signed in.
#[component]
pub fn MyTickets() -> impl IntoView {
    for_members(|| {
        let tickets =
            fetched(i18n::locale, |_| async { api::orders::my_tickets().await.map(|page| page.items) });
        view! {
            <Title text=words("shop.nav.my_tickets") />
            <div class="page mine">
                <h1>{words("shop.nav.my_tickets")}</h1>
                <Tabs tickets=true />
                <Remote of=tickets view=|tickets| view! {
                    {move || match tickets.get() {
                        tickets if tickets.is_empty() => view! {
                            <Empty glyph=Glyph::Ticket title=words("shop.mine.no_tickets")>
                                <LinkButton href="/" kind=Kind::Primary>{words("shop.missing.home")}</LinkButton>
                            </Empty>
                        }.into_any(),
                        tickets => view! {
                            <ul class="tickets">
                                {tickets.into_iter().map(|ticket| view! { <li><TicketCard ticket access=None /></li> }).collect_view()}
                            </ul>
                        }.into_any(),
                    }}
                } />
            </div>
        }
        .into_any()
    })
}

/// The orders of the person signed in.
#[component]
pub fn MyOrders() -> impl IntoView {
    for_members(|| {
        let orders = fetched(i18n::locale, |_| async { api::orders::mine().await.map(|page| page.items) });
        view! {
            <Title text=words("shop.nav.my_orders") />
            <div class="page mine">
                <h1>{words("shop.nav.my_orders")}</h1>
                <Tabs tickets=false />
                <Remote of=orders view=|orders| view! {
                    {move || match orders.get() {
                        orders if orders.is_empty() => view! {
                            <Empty glyph=Glyph::Ticket title=words("shop.mine.no_orders")>
                                <LinkButton href="/" kind=Kind::Primary>{words("shop.missing.home")}</LinkButton>
                            </Empty>
                        }.into_any(),
                        orders => view! { <ul class="order-list">{orders.into_iter().map(line).collect_view()}</ul> }.into_any(),
                    }}
                } />
            </div>
        }
        .into_any()
    })
}

fn line(order: OrderSummary) -> impl IntoView {
    let (tone, key) = match order.state {
        OrderState::Pending => (Tone::Warn, "order_state.pending"),
        OrderState::Paid => (Tone::Ok, "order_state.paid"),
        OrderState::Expired => (Tone::Plain, "order_state.expired"),
        OrderState::Cancelled => (Tone::Stop, "order_state.cancelled"),
    };
    view! {
        <li>
            <a class="order-line" href=format!("/orders/{}", order.id)>
                <span class="order-what">
                    <strong>{order.event_title}</strong>
                    <span class="small">{order.reference} " · " {here(order.placed_at, Style::Full)} " · " {i18n::count("shop.places", order.places.into())}</span>
                </span>
                <Badge tone>{t!(key)}</Badge>
                <span class="display">{money(order.total)}</span>
            </a>
        </li>
    }
}
