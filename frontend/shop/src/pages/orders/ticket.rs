//! Tickets that look like tickets.

use contract::orders::Order;
use contract::tickets::Ticket;
use domain::state::TicketState;
use leptos::prelude::*;
use leptos::task::spawn_local;
use ui::components::{Badge, Button, FailureNotice, Glyph, Icon, Kind, Notice, Remote, Tone};
use ui::format::{Style, at, money};
use ui::{Failure, api, fetched, t, words};

use crate::{downloads, seat_name};

/// The page of a paid order.
#[component]
pub fn Tickets(order: Signal<Order>, access: Memo<Option<String>>) -> impl IntoView {
    let first = order.get_untracked();
    let email = first.buyer.email.clone();
    view! {
        <div class="paid">
            <Notice tone=Tone::Ok>{move || t!("shop.tickets.paid", email = email)}</Notice>
            <h1>{words("shop.tickets.heading")}</h1>
            <p class="small">{words("shop.order.reference")} " " <strong>{first.reference.clone()}</strong></p>
            <Actions order=first.clone() access />
        </div>
        <ul class="tickets">
            {move || {
                let tickets = order.read().tickets.clone();
                tickets.into_iter().map(|ticket| view! { <li><TicketCard ticket access=access.get_untracked() /></li> }).collect_view()
            }}
        </ul>
    }
}

#[component]
fn Actions(order: Order, access: Memo<Option<String>>) -> impl IntoView {
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let copied = RwSignal::new(false);
    let id = order.id.to_string();
    let file = format!("ringside-{}.pdf", order.reference);
    let own = id.clone();
    let pdf = move |_| {
        let (id, file) = (own.clone(), file.clone());
        busy.set(true);
        spawn_local(async move {
            match api::orders::pdf(&id, access.get_untracked().as_deref()).await {
                Ok(bytes) => downloads::save(&bytes, "application/pdf", &file),
                Err(problem) => failure.set(Some(problem)),
            }
            busy.try_set(false);
        });
    };
    let title = order.event_title.clone();
    let share = move |_| {
        let origin = ui::browser::window().location().origin().unwrap_or_default();
        let secret = access.get_untracked().map(|secret| format!("#access={secret}")).unwrap_or_default();
        let (link, title) = (format!("{origin}/orders/{id}{secret}"), title.clone());
        spawn_local(async move {
            if downloads::share(&title, &link).await {
                copied.try_set(true);
            }
        });
    };
    let print = |_| {
        // A browser that cannot print says so itself.
        let _ = ui::browser::window().print();
    };
    view! {
        <div class="row no-print">
            <Button kind=Kind::Primary on_press=pdf busy=busy><Icon glyph=Glyph::Download />{words("shop.tickets.pdf")}</Button>
            <Button on_press=print><Icon glyph=Glyph::Printer />{words("actions.print")}</Button>
            <Button on_press=share><Icon glyph=Glyph::Share />{move || if copied.get() { t!("actions.copied") } else { t!("actions.share") }}</Button>
        </div>
        <FailureNotice failure />
    }
}

/// One ticket: what it admits to, and the code the gate reads.
#[component]
pub fn TicketCard(ticket: Ticket, access: Option<String>) -> impl IntoView {
    let zone = ticket.time_zone.clone();
    let when = move |instant, style| at(instant, &zone, style);
    let (date, doors, starts) = (when.clone(), when.clone(), when);
    let seat = ticket.seat.clone();
    let numbers = seat.as_deref().and_then(|seat| seat.parse::<domain::seat::SeatLabel>().ok());
    let price = ticket.price;
    let place = match numbers {
        Some(label) => view! {
            <div><dt>{words("shop.seat.row_word")}</dt><dd>{label.row().to_owned()}</dd></div>
            <div><dt>{words("shop.seat.seat_word")}</dt><dd>{label.number().to_owned()}</dd></div>
        }.into_any(),
        None => view! { <div class="ticket-wide"><dt>{words("shop.seat.place_word")}</dt><dd>{move || seat_name::place(seat.as_deref())}</dd></div> }.into_any(),
    };
    view! {
        <article class="ticket" class:ticket-off=ticket.state == TicketState::Revoked>
            <div class="ticket-face">
                <p class="ticket-kicker"><span>{move || date(ticket.starts_at, Style::LongDate)}</span>{state_badge(ticket.state)}</p>
                <h2>{ticket.event_title.clone()}</h2>
                <p class="ticket-venue">{ticket.venue_name.clone()}</p>
                <dl class="ticket-place">
                    <div><dt>{words("shop.seat.zone_word")}</dt><dd>{ticket.zone.clone()}</dd></div>
                    {place}
                </dl>
                <dl class="ticket-more">
                    <div><dt>{words("shop.event.doors")}</dt><dd>{move || doors(ticket.doors_at, Style::Time)}</dd></div>
                    <div><dt>{words("shop.event.first_bout")}</dt><dd>{move || starts(ticket.starts_at, Style::Time)}</dd></div>
                    <div><dt>{ticket.tier.clone()}</dt><dd>{move || money(price)}</dd></div>
                </dl>
            </div>
            <div class="ticket-stub">
                {match ticket.state {
                    TicketState::Revoked => view! { <p class="ticket-void">{words("ticket_state.revoked")}</p> }.into_any(),
                    _ => view! { <Code id=ticket.id.to_string() access /> }.into_any(),
                }}
                <p class="ticket-zone">{ticket.zone_name.clone()}</p>
            </div>
        </article>
    }
}

fn state_badge(state: TicketState) -> impl IntoView {
    let (tone, key) = match state {
        TicketState::Valid => (Tone::Ok, "ticket_state.valid"),
        TicketState::Admitted => (Tone::Plain, "ticket_state.admitted"),
        TicketState::Revoked => (Tone::Stop, "ticket_state.revoked"),
    };
    view! { <Badge tone>{move || t!(key)}</Badge> }
}

#[component]
fn Code(id: String, access: Option<String>) -> impl IntoView {
    let picture = fetched(
        || (),
        move |()| {
            let (id, access) = (id.clone(), access.clone());
            async move {
                let bytes = api::orders::ticket_qr(&id, access.as_deref()).await?;
                String::from_utf8(bytes).map_err(Failure::unreadable)
            }
        },
    );
    view! {
        <Remote of=picture skeleton=ViewFn::from(|| view! { <div class="qr skeleton"></div> }) view=|picture| {
            view! { <div class="qr" role="img" aria-label=words("shop.tickets.qr_alt") inner_html=picture></div> }
        } />
    }
}
