//! The command palette: go anywhere, do the frequent things, find events and orders by their words.

use std::time::Duration;

use domain::Permission;
use leptos::{ev, html, prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use ui::{
    api::staff,
    browser,
    format::{self, Style},
    session, t, theme, tr,
};

use super::area::allowed;
use crate::parts::words::title;

/// Typing rests this long before the server is asked.
const REST: Duration = Duration::from_millis(180);
/// Rows of each kind that the server adds.
const FOUND: usize = 5;

/// What a row does.
#[derive(Clone, PartialEq)]
enum Deed {
    Go(String),
    Theme,
    SignOut,
}

/// A row.
#[derive(Clone, PartialEq)]
struct Command {
    text: String,
    hint: String,
    deed: Deed,
}

/// The palette; closes after a choice.
#[component]
pub fn Palette(open: RwSignal<bool>) -> impl IntoView {
    let words = RwSignal::new(String::new());
    let found = RwSignal::new(Vec::<Command>::new());
    let chosen = RwSignal::new(0_usize);
    search(words, found);
    let commands = Memo::new(move |_| {
        let words = words.get().to_lowercase();
        let known = known().into_iter().filter(|command| command.text.to_lowercase().contains(&words));
        known.chain(found.get()).collect::<Vec<_>>()
    });
    Effect::new(move |_| {
        commands.track();
        chosen.set(0);
    });
    let navigate = use_navigate();
    let act = Callback::new(move |deed: Deed| {
        open.set(false);
        match deed {
            Deed::Go(path) => navigate(&path, NavigateOptions::default()),
            Deed::Theme => theme::choose(theme::theme().next()),
            Deed::SignOut => spawn_local(super::top_bar::sign_out()),
        }
    });
    view! {
        <Window open>
            <Words commands chosen words act open/>
            <Rows commands chosen act/>
            <Show when=move || commands.with(Vec::is_empty)>
                <p class="palette-none soft">{tr!("console.palette.none")}</p>
            </Show>
        </Window>
    }
}

/// The window over the page; its field has the focus from the start.
#[component]
fn Window(open: RwSignal<bool>, children: Children) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    dialog.on_load(move |dialog| {
        if dialog.show_modal().is_err() {
            // An element that is not in the page yet cannot be modal; it is shown all the same.
            dialog.show();
        }
    });
    view! {
        <dialog class="palette" node_ref=dialog aria-label=tr!("console.palette.title")
            on:close=move |_| open.set(false)
            on:mousedown=move |event| if event.target() == event.current_target() { open.set(false) }
        >
            <div class="dialog-inside">{children()}</div>
        </dialog>
    }
}

/// Where one types; the arrow keys travel the rows below.
#[component]
fn Words(
    commands: Memo<Vec<Command>>,
    chosen: RwSignal<usize>,
    words: RwSignal<String>,
    act: Callback<Deed>,
    open: RwSignal<bool>,
) -> impl IntoView {
    let on_key = move |event: ev::KeyboardEvent| {
        let last = commands.with(Vec::len).saturating_sub(1);
        match event.key().as_str() {
            "ArrowDown" => chosen.update(|row| *row = (*row + 1).min(last)),
            "ArrowUp" => chosen.update(|row| *row = row.saturating_sub(1)),
            "Enter" => {
                if let Some(command) = commands.with(|all| all.get(chosen.get_untracked()).cloned()) {
                    act.run(command.deed);
                }
            }
            "Escape" => open.set(false),
            _ => return,
        }
        event.prevent_default();
    };
    view! {
        <input
            class="palette-field"
            type="text"
            role="combobox"
            autofocus
            aria-expanded="true"
            aria-controls="palette-list"
            aria-activedescendant=move || format!("palette-{}", chosen.get())
            aria-label=tr!("console.palette.title")
            placeholder=tr!("console.palette.hint")
            autocomplete="off"
            bind:value=words
            on:keydown=on_key
        />
    }
}

/// What goes by those words.
#[component]
fn Rows(commands: Memo<Vec<Command>>, chosen: RwSignal<usize>, act: Callback<Deed>) -> impl IntoView {
    let row = move |(number, command): (usize, Command)| {
        let deed = command.deed.clone();
        view! {
            <li
                role="option"
                id=format!("palette-{number}")
                class="palette-row"
                aria-selected=move || (chosen.get() == number).to_string()
                on:mousemove=move |_| chosen.set(number)
                on:click=move |_| act.run(deed.clone())
            >
                <span>{command.text}</span>
                <span class="soft">{command.hint}</span>
            </li>
        }
    };
    view! {
        <ul class="palette-list" id="palette-list" role="listbox" aria-label=tr!("console.palette.title")>
            {move || commands.get().into_iter().enumerate().map(row).collect_view()}
        </ul>
    }
}

/// What needs no server: the areas and the frequent deeds.
fn known() -> Vec<Command> {
    let go = |text: String, hint: String, path: &str| Command { text, hint, deed: Deed::Go(path.to_owned()) };
    let mut commands: Vec<_> = allowed()
        .map(|area| go(t!(&format!("console.nav.{}", area.name)), format!("g {}", area.letter), area.path))
        .collect();
    if session::can(Permission::EventsManage) {
        commands.push(go(t!("console.events.new"), String::new(), "/console/events/new"));
    }
    if session::can(Permission::VenuesManage) {
        commands.push(go(t!("console.venues.new"), String::new(), "/console/venues/new"));
    }
    commands.push(Command { text: t!("console.palette.theme"), hint: String::new(), deed: Deed::Theme });
    commands.push(Command { text: t!("console.sign_out"), hint: String::new(), deed: Deed::SignOut });
    commands
}

/// Asks the server for what the words name, once typing rests.
fn search(words: RwSignal<String>, found: RwSignal<Vec<Command>>) {
    let turn = StoredValue::new(0_u32);
    Effect::new(move |_| {
        let words = words.get().trim().to_owned();
        turn.update_value(|turn| *turn += 1);
        let mine = turn.get_value();
        if words.chars().count() < 2 {
            found.set(Vec::new());
            return;
        }
        spawn_local(async move {
            browser::pause(REST).await;
            if turn.try_get_value() != Some(mine) {
                return;
            }
            let rows = ask(&words).await;
            if turn.try_get_value() == Some(mine) {
                found.try_set(rows);
            }
        });
    });
}

/// Events and orders the words name. What cannot be read is left out: the palette is a short cut, the
/// lists tell of failures.
async fn ask(words: &str) -> Vec<Command> {
    let mut rows = Vec::new();
    if session::can_somewhere(Permission::EventsRead)
        && let Ok(page) = staff::events::list("", words, "").await
    {
        rows.extend(page.items.into_iter().take(FOUND).map(|event| Command {
            text: title(&event.texts),
            hint: format::at(event.starts_at, &event.time_zone, Style::ShortDate),
            deed: Deed::Go(format!("/console/events/{}", event.id)),
        }));
    }
    let filter = staff::orders::Filter { q: words.to_owned(), ..staff::orders::Filter::default() };
    if session::can_somewhere(Permission::OrdersRead)
        && let Ok(page) = staff::orders::list(&filter, "").await
    {
        rows.extend(page.items.into_iter().take(FOUND).map(|order| Command {
            text: format!("{} · {}", order.reference, order.buyer_name),
            hint: order.event_title,
            deed: Deed::Go(format!("/console/orders/{}", order.id)),
        }));
    }
    rows
}
