//! By what people and rooms are reached: accounts at providers, and rooms of the team.

mod account;
mod account_form;
mod room;
mod room_form;

use contract::{Page, channel_accounts::ChannelAccount, channels::Channel, destinations::Destination};
use domain::Permission;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use ui::{
    Fetched,
    api::staff,
    components::{Button, Empty, Glyph, Kind, Remote},
    fetched, session, tr,
};

use crate::shell::NotAllowed;
use account::Account;
use room::Room;
use room_form::RoomForm;

/// The accounts, as the page holds them.
type Accounts = Fetched<Vec<ChannelAccount>>;
/// The rooms, as the page holds them.
type Rooms = Fetched<Page<Destination>>;

/// Whether the person may change something here. Tracks.
fn may_change() -> bool {
    session::can(Permission::OrganisationManage)
}

/// Shows what becomes of a test: it is a message like any other.
fn follow() -> impl Fn(uuid::Uuid) + Clone + 'static {
    let navigate = use_navigate();
    move |delivery| navigate(&format!("/console/deliveries/{delivery}"), Default::default())
}

/// The page at `/console/channels`.
#[component]
pub fn ChannelsPage() -> impl IntoView {
    view! {
        <Show when=|| session::can(Permission::OrganisationRead) fallback=|| view! { <NotAllowed/> }>
            <header class="page-head">
                <div>
                    <h1>{tr!("console.channels.title")}</h1>
                    <p class="soft">{tr!("console.channels.text")}</p>
                </div>
            </header>
            <AccountList/>
            <RoomList/>
        </Show>
    }
}

#[component]
fn AccountList() -> impl IntoView {
    let accounts: Accounts = fetched(session::organisation, |_| staff::channels::accounts());
    let rows = move |found: Signal<Vec<ChannelAccount>>| {
        let row = move |channel: Channel| {
            // Drawn anew only when it has changed: a form that lies open stays so.
            let account = Memo::new(move |_| {
                found.with(|all| all.iter().find(|account| account.channel == channel).cloned())
            });
            move || view! { <Account channel account=account.get() accounts/> }
        };
        let by_account = Channel::ALL.iter().copied().filter(|channel| channel.by_account());
        let all = by_account.map(row).collect_view();
        view! { <ul class="card-list" data-test="accounts">{all}</ul> }
    };
    view! {
        <section class="access-part">
            <header class="part-head">
                <div>
                    <h2>{tr!("console.channels.accounts")}</h2>
                    <p class="soft">{tr!("console.channels.accounts_text")}</p>
                </div>
            </header>
            <Remote of=accounts view=rows/>
        </section>
    }
}

#[component]
fn RoomList() -> impl IntoView {
    let rooms: Rooms = fetched(session::organisation, |_| staff::channels::rooms());
    let creating = RwSignal::new(false);
    let rows = move |page: Signal<Page<Destination>>| {
        let none = || {
            view! {
                <Empty glyph=Glyph::Bell title=Signal::derive(tr!("console.channels.no_rooms"))>
                    <p>{tr!("console.channels.no_rooms_text")}</p>
                </Empty>
            }
        };
        // As above: a room that has not changed is not drawn anew.
        let same = |room: &Destination| (room.id, room.changed_at, room.enabled, room.fault.clone());
        view! {
            <Show when=move || page.with(|page| !page.items.is_empty()) fallback=none>
                <ul class="card-list" data-test="rooms">
                    <For each=move || page.get().items key=same let(room)><Room room rooms/></For>
                </ul>
            </Show>
        }
    };
    view! {
        <section class="access-part">
            <header class="part-head">
                <div>
                    <h2>{tr!("console.channels.rooms")}</h2>
                    <p class="soft">{tr!("console.channels.rooms_text")}</p>
                </div>
                <Show when=may_change>
                    <Button kind=Kind::Primary on_press=move |_| creating.set(true)>{tr!("console.channels.new_room")}</Button>
                </Show>
            </header>
            <Remote of=rooms view=rows/>
        </section>
        <Show when=move || creating.get()><RoomForm open=creating room=None rooms/></Show>
    }
}
