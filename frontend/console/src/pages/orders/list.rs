//! All orders of the organisation.

use contract::{Page, events::Event, orders::OrderSummary};
use domain::state::OrderState;
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_location;
use ui::{
    Failure,
    api::staff::{self, orders::Filter},
    components::{Button, Empty, FailureNotice, Glyph, Icon, Remote},
    fetched,
    format::{self, Style},
    live, session, tr,
};

use super::Changed;
use crate::parts::{
    download,
    listing::{Chips, Listing, More, Search, in_address, listing, query_string, travel_rows},
    words::{State, Stated, title},
};

/// The page at `/console/orders`; the drawer lies over it.
#[component]
pub fn OrderList() -> impl IntoView {
    let (state, _) = in_address("state");
    let (q, _) = in_address("q");
    let (event, _) = in_address("event");
    let filter = move || Filter { event: event.get(), state: state.get(), q: q.get() };
    let orders = listing(
        move || (session::organisation(), filter()),
        |(_, filter), after| async move { staff::orders::list(&filter, &after).await },
    );
    let changed = RwSignal::new(0_u32);
    provide_context(Changed(changed));
    Effect::new(move |before: Option<u32>| {
        let now = changed.get();
        if before.is_some_and(|before| before != now) {
            orders.first.refetch();
        }
        now
    });
    live::on_change(
        move || Some(event.get()).filter(|id| !id.is_empty()).map(|id| format!("sales:{id}")),
        move || orders.first.refetch(),
    );
    let states = OrderState::ALL.iter().map(|state| (state.name().to_owned(), state.key())).collect();
    view! {
        <header class="page-head">
            <h1>{tr!("console.orders.title")}</h1>
            <Export filter=Signal::derive(filter)/>
        </header>
        <div class="filters">
            <Search label=Signal::derive(tr!("console.orders.search"))/>
            <EventFilter/>
            <Chips name="state" options=states/>
        </div>
        <Remote of=orders.first view={move |_| view! { <Table orders/> }}/>
    }
}

/// Narrows to one event.
#[component]
fn EventFilter() -> impl IntoView {
    let (event, set) = in_address("event");
    let events = fetched(session::organisation, |_| async { staff::events::list("", "", "").await });
    let rows = move || {
        let chosen = event.get();
        let row = move |event: Event| {
            let id = event.id.to_string();
            let selected = id == chosen;
            view! { <option value=id selected=selected>{title(&event.texts)}</option> }
        };
        events.with(|page: Option<&Page<Event>>| {
            page.map(|page| page.items.iter().cloned().map(row).collect_view())
        })
    };
    view! {
        <label class="quiet-select">
            <span class="unseen">{tr!("console.orders.event")}</span>
            <select on:change=move |change| set.run(event_target_value(&change))>
                <option value="" selected=move || event.with(String::is_empty)>{tr!("console.orders.every_event")}</option>
                {rows}
            </select>
        </label>
    }
}

/// The list as a file, as it is filtered.
#[component]
fn Export(filter: Signal<Filter>) -> impl IntoView {
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let export = move |_| {
        busy.set(true);
        spawn_local(async move {
            let answer = staff::orders::csv(&filter.get_untracked()).await;
            let answer = answer.and_then(|bytes| download::save(&bytes, "text/csv", "orders.csv"));
            busy.try_set(false);
            failure.try_set(answer.err());
        });
    };
    view! {
        <FailureNotice failure/>
        <Button busy=busy on_press=export><Icon glyph=Glyph::Download/>{tr!("console.orders.export")}</Button>
    }
}

#[component]
fn Table(orders: Listing<OrderSummary>) -> impl IntoView {
    let query = query_string();
    let path = use_location().pathname;
    let rows = move || {
        let row = |order| view! { <Row order query open=path/> };
        orders.rows().into_iter().map(row).collect_view()
    };
    view! {
        <Show when=move || !orders.rows().is_empty() fallback=|| view! {
            <Empty glyph=Glyph::Ticket title=Signal::derive(tr!("console.orders.none"))>
                <p>{tr!("console.orders.none_hint")}</p>
            </Empty>
        }>
            <div class="table-frame">
                <table class="table" on:keydown=|event| travel_rows(&event)>
                    <thead>
                        <tr>
                            <th scope="col">{tr!("console.orders.order")}</th>
                            <th scope="col">{tr!("console.orders.buyer")}</th>
                            <th scope="col" class="wide-only">{tr!("console.orders.event")}</th>
                            <th scope="col">{tr!("console.orders.state")}</th>
                            <th scope="col" class="number wide-only">{tr!("console.orders.places")}</th>
                            <th scope="col" class="number">{tr!("console.orders.total")}</th>
                            <th scope="col" class="wide-only">{tr!("console.orders.placed")}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <More of=orders/>
        </Show>
    }
}

#[component]
fn Row(order: OrderSummary, query: Signal<String>, open: Memo<String>) -> impl IntoView {
    let path = format!("/console/orders/{}", order.id);
    let chosen = {
        let path = path.clone();
        move || open.with(|open| *open == path)
    };
    view! {
        <tr class:chosen=chosen>
            <td><a class="row-link code" href=move || format!("{path}{}", query.get())>{order.reference}</a></td>
            <td>{order.buyer_name}<span class="under">{order.buyer_email}</span></td>
            <td class="wide-only">{order.event_title}</td>
            <td><State of=order.state/></td>
            <td class="number wide-only">{format::number(order.places.into())}</td>
            <td class="number">{format::money(order.total)}</td>
            <td class="wide-only nowrap">{format::here(order.placed_at, Style::Full)}</td>
        </tr>
    }
}
