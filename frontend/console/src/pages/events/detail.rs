//! One fight night: where it stands, how its sale goes, what may be done.

use contract::events::Event;
use domain::{Permission, state::EventState};
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

use super::{figures::FiguresPanel, present::PresentNow};
use crate::parts::{
    dialog::Dialog,
    words::{State, title},
};

/// The page at `/console/events/{event_id}`.
#[component]
pub fn EventDetail() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("event_id").unwrap_or_default()));
    let event = fetched(
        move || (session::organisation(), id.get()),
        |(_, id)| async move { staff::events::find(&id).await },
    );
    live::on_change(move || Some(format!("event:{}", id.get())), move || event.refetch());
    view! {
        <Remote of=event view={move |value: Signal<Event>| view! {
            <Head event=value fetched=event/>
            <PresentNow event_id=id/>
            <Show when=|| session::can_somewhere(Permission::FiguresRead)>
                <FiguresPanel event_id=Signal::derive(move || id.get())/>
            </Show>
            <div class="columns">
                <Card event=value/>
                <Prices event=value/>
            </div>
        }}/>
    }
}

#[component]
fn Head(event: Signal<Event>, fetched: Fetched<Event>) -> impl IntoView {
    let when = move || {
        let event = event.get();
        format!("{} · {}", format::at(event.starts_at, &event.time_zone, Style::LongDate), event.venue_name)
    };
    let times = move || {
        let event = event.get();
        let at = |instant| format::at(instant, &event.time_zone, Style::Time);
        t!(
            "console.event.times",
            doors = at(event.doors_at),
            first = at(event.starts_at),
            ends = at(event.ends_at)
        )
    };
    let shown = move || !matches!(event.get().state, EventState::Draft);
    view! {
        <nav class="crumbs"><a href="/console/events"><Icon glyph=Glyph::ArrowLeft/>{tr!("console.events.title")}</a></nav>
        <header class="page-head event-head">
            <div>
                <h1>{move || title(&event.get().texts)}</h1>
                <p class="event-when">{move || view! { <State of=event.get().state/> }}" "{when}</p>
                <p class="soft">{times}</p>
            </div>
            <div class="page-actions">
                <Show when=shown>
                    <a class="button button-bare" rel="external" href=move || format!("/events/{}", event.get().slug)>
                        {tr!("console.event.in_shop")}
                    </a>
                </Show>
                <Show when=|| session::can_somewhere(Permission::OrdersRead)>
                    <LinkButton href=Signal::derive(move || format!("/console/orders?event={}", event.get().id))>
                        {tr!("console.nav.orders")}
                    </LinkButton>
                </Show>
                <Show when=|| session::can_somewhere(Permission::EventsManage)>
                    <LinkButton href=Signal::derive(move || format!("/console/events/{}/edit", event.get().id))>
                        {tr!("console.event.edit")}
                    </LinkButton>
                    <Moves event fetched/>
                </Show>
            </div>
        </header>
    }
}

/// The moves that the event's state allows; what the public notices at once is asked twice.
#[component]
fn Moves(event: Signal<Event>, fetched: Fetched<Event>) -> impl IntoView {
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let asking = RwSignal::new(false);
    let go = move |to: EventState| {
        let event = event.get_untracked();
        let Some(operation) = staff::events::operation(event.state, to) else { return };
        busy.set(true);
        spawn_local(async move {
            let answer = staff::events::act(&event.id.to_string(), operation, &api::new_intent()).await;
            busy.try_set(false);
            match answer {
                Ok(event) => {
                    failure.try_set(None);
                    fetched.set(event);
                }
                Err(why) => {
                    failure.try_set(Some(why));
                }
            }
        });
    };
    let press = move |to| move |_| if to == EventState::Cancelled { asking.set(true) } else { go(to) };
    let moves = move || {
        let state = event.get().state;
        let one = |to: &EventState| {
            let to = *to;
            let kind = match (state, to) {
                (EventState::Draft, EventState::Published) | (EventState::Published, EventState::OnSale) => {
                    Kind::Primary
                }
                (_, EventState::Cancelled) => Kind::Stop,
                _ => Kind::Quiet,
            };
            let key = format!("console.event.to.{}", to.name());
            view! { <Button kind busy=busy on_press=press(to)>{t!(&key)}</Button> }
        };
        let mut moves: Vec<_> = state.next().iter().collect();
        // The step forward stands last, where the eye and the thumb end.
        moves.sort_by_key(|to| (**to != EventState::Cancelled, **to != EventState::Draft));
        moves.into_iter().map(one).collect_view()
    };
    view! {
        {moves}
        <div class="page-failure"><FailureNotice failure/></div>
        <Show when=move || asking.get()>
            <Dialog open=asking title=t!("console.event.cancel_title")>
                <p>{move || t!("console.event.cancel_text", count = event.get().sold)}</p>
                <footer class="dialog-foot">
                    <Button on_press=move |_| asking.set(false)>{tr!("console.event.keep")}</Button>
                    <Button kind=Kind::Stop on_press=move |_| { asking.set(false); go(EventState::Cancelled) }>
                        {tr!("console.event.cancel_yes")}
                    </Button>
                </footer>
            </Dialog>
        </Show>
    }
}

/// The fight card, as a scoresheet.
#[component]
fn Card(event: Signal<Event>) -> impl IntoView {
    let bouts = move || {
        let row = |(number, bout): (usize, contract::events::Bout)| {
            let rounds = t!("console.event.rounds", count = bout.rounds);
            view! {
                <li class="bout">
                    <span class="bout-number">{number + 1}</span>
                    <span class="bout-red">{bout.red}</span>
                    <span class="bout-blue">{bout.blue}</span>
                    <span class="soft">{if bout.class.is_empty() { rounds } else { format!("{} · {rounds}", bout.class) }}</span>
                </li>
            }
        };
        event.get().bouts.into_iter().enumerate().map(row).collect_view()
    };
    view! {
        <section class="panel">
            <h2>{tr!("console.event.card")}</h2>
            <Show
                when=move || !event.get().bouts.is_empty()
                fallback=|| view! { <p class="soft">{tr!("console.event.no_card")}</p> }
            >
                <ol class="bouts">{bouts}</ol>
            </Show>
        </section>
    }
}

#[component]
fn Prices(event: Signal<Event>) -> impl IntoView {
    let tiers = move || {
        let row = |tier: contract::events::PriceTier| {
            view! {
                <tr>
                    <th scope="row">{tier.name}</th>
                    <td class="soft">{tier.zones.join(" ")}</td>
                    <td class="number">{format::money(tier.price)}</td>
                </tr>
            }
        };
        event.get().prices.into_iter().map(row).collect_view()
    };
    view! {
        <section class="panel">
            <h2>{tr!("console.event.prices")}</h2>
            <Show
                when=move || !event.get().prices.is_empty()
                fallback=|| view! { <p class="soft">{tr!("console.event.no_prices")}</p> }
            >
                <table class="table table-plain"><tbody>{tiers}</tbody></table>
            </Show>
        </section>
    }
}
