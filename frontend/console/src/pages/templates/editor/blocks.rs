//! The list of blocks: what stands where, and what can be done with it.

use contract::templates::Block;
use leptos::{ev::KeyboardEvent, prelude::*};
use ui::{
    components::{Button, Glyph, Icon, Kind},
    t, tr,
};

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::desk::{Desk, Place, Spot, fresh};
use crate::parts::dialog::Dialog;

/// Blocks that may stand in a column.
const NARROW: [&str; 6] = ["heading", "text", "button", "image", "divider", "spacer"];

/// The blocks of the language looked at.
#[component]
pub fn Blocks(desk: Desk) -> impl IntoView {
    let held = StoredValue::new(None::<Spot>);
    let rows = move || {
        // Not by what is typed: that a row shows by itself.
        desk.turn.track();
        desk.locale.track();
        let blocks = untrack(|| desk.here()).map(|content| content.blocks).unwrap_or_default();
        let last = blocks.len();
        let row = move |(at, block): (usize, Block)| {
            view! { <Row desk spot=Spot { place: Place::Letter, at } block last held/> }
        };
        blocks.into_iter().enumerate().map(row).collect_view()
    };
    let nothing = move || desk.here().is_none_or(|content| content.blocks.is_empty());
    view! {
        <section class="panel blocks" aria-label=tr!("console.templates.blocks")>
            <header class="blocks-head">
                <h2>{tr!("console.templates.blocks")}</h2>
                <Show when=move || desk.may_change()>
                    <Button kind=Kind::Bare disabled=Signal::derive(move || !desk.can_undo()) on_press=move |_| desk.undo()>
                        {tr!("console.templates.undo")}
                    </Button>
                </Show>
            </header>
            <Show when=nothing><p class="soft">{tr!("console.templates.no_blocks")}</p></Show>
            <ol class="block-list">{rows}</ol>
            <Show when=move || desk.may_change()><Add desk place=Place::Letter/></Show>
        </section>
    }
}

#[component]
fn Row(
    desk: Desk,
    spot: Spot,
    block: Block,
    /// How many there are.
    last: usize,
    /// The block that is being dragged.
    held: StoredValue<Option<Spot>>,
) -> impl IntoView {
    let kind = block.kind();
    let word = move || t!(&format!("console.templates.block.{kind}"));
    let said = Memo::new(move |_| desk.block(spot).map(|block| gist(&block)).unwrap_or_default());
    let chosen = move || desk.chosen.get() == Some(spot);
    let travel = move |event: KeyboardEvent| {
        let key = event.key();
        let to = match (key.as_str(), event.alt_key()) {
            ("ArrowUp", true) => spot.at.checked_sub(1),
            ("ArrowDown", true) => Some(spot.at + 1).filter(|to| *to < last),
            ("Delete", _) => {
                event.prevent_default();
                desk.delete(spot);
                return request_animation_frame(focus_add);
            }
            _ => return,
        };
        event.prevent_default();
        if let Some(to) = to {
            desk.move_to(spot, to);
            request_animation_frame(focus_chosen);
        }
    };
    let drop = move |event: web_sys::DragEvent| {
        event.prevent_default();
        if let Some(from) = held.get_value().filter(|from| from.place == spot.place) {
            desk.move_to(from, spot.at);
        }
    };
    let inner = match &block {
        Block::Columns { columns } => columns.len(),
        _ => 0,
    };
    view! {
        <li class="block-row" class:chosen=chosen class:faulty=move || desk.is_faulty(spot)
            draggable=move || desk.may_change().to_string()
            on:dragstart=move |event: web_sys::DragEvent| { event.stop_propagation(); held.set_value(Some(spot)); }
            on:dragover=|event: web_sys::DragEvent| event.prevent_default() on:drop=drop>
            <div class="block-line">
                <button type="button" class="block-name" aria-pressed=move || chosen().to_string()
                    on:click=move |_| desk.chosen.set(Some(spot))
                    on:keydown=move |event| if desk.may_change() { travel(event) }>
                    <span class="block-kind">{word}</span>
                    <span class="block-said">{said}</span>
                    <Show when=move || desk.is_faulty(spot)><Icon glyph=Glyph::Alert/></Show>
                </button>
                <Show when=move || desk.may_change() && chosen()>
                    <Deeds desk spot last/>
                </Show>
            </div>
            {(0..inner).map(|column| view! { <InColumn desk block=spot.at column held/> }).collect_view()}
        </li>
    }
}

/// What can be done with the block looked at.
#[component]
fn Deeds(desk: Desk, spot: Spot, last: usize) -> impl IntoView {
    // What is done draws the list anew.
    let then = |deed: Box<dyn Fn()>| {
        move |_| {
            deed();
            request_animation_frame(focus_chosen);
        }
    };
    let up = then(Box::new(move || {
        if let Some(to) = spot.at.checked_sub(1) {
            desk.move_to(spot, to);
        }
    }));
    let down = then(Box::new(move || desk.move_to(spot, spot.at + 1)));
    let copy = then(Box::new(move || desk.duplicate(spot)));
    view! {
        <span class="block-deeds">
            <button type="button" class="icon-button block-up" aria-label=tr!("console.templates.up") disabled=spot.at == 0 on:click=up>
                <Icon glyph=Glyph::ChevronDown/>
            </button>
            <button type="button" class="icon-button" aria-label=tr!("console.templates.down") disabled={spot.at + 1 >= last} on:click=down>
                <Icon glyph=Glyph::ChevronDown/>
            </button>
            <button type="button" class="icon-button" aria-label=tr!("console.templates.duplicate") on:click=copy>
                <Icon glyph=Glyph::Plus/>
            </button>
            <button type="button" class="icon-button" aria-label=tr!("console.templates.delete_block") on:click=move |_| desk.delete(spot)>
                <Icon glyph=Glyph::Close/>
            </button>
        </span>
    }
}

/// A list that was drawn anew has lost the focus: it goes where the person looks.
fn focus_chosen() {
    focus(".block-row.chosen > .block-line .block-name");
}

fn focus_add() {
    focus(".blocks > .button");
}

fn focus(selector: &str) {
    let found = document().query_selector(selector).ok().flatten();
    if let Some(element) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        // What refuses the focus is read all the same.
        let _ = element.focus();
    }
}

/// The blocks of one column.
#[component]
fn InColumn(desk: Desk, block: usize, column: usize, held: StoredValue<Option<Spot>>) -> AnyView {
    let place = Place::Column(block, column);
    let blocks = untrack(|| match desk.block(Spot { place: Place::Letter, at: block }) {
        Some(Block::Columns { columns }) => {
            columns.into_iter().nth(column).map(|one| one.blocks).unwrap_or_default()
        }
        _ => Vec::new(),
    });
    let last = blocks.len();
    let row = move |(at, block): (usize, Block)| {
        view! { <Row desk spot=Spot { place, at } block last held/> }.into_any()
    };
    let name = move || t!("console.templates.column", number = column + 1);
    view! {
        <div class="block-column">
            <p class="soft">{name}</p>
            <ol class="block-list">{blocks.into_iter().enumerate().map(row).collect_view()}</ol>
            <Show when=move || desk.may_change()><Add desk place/></Show>
        </div>
    }
    .into_any()
}

/// Asks which block, and adds it.
#[component]
fn Add(desk: Desk, place: Place) -> impl IntoView {
    let open = RwSignal::new(false);
    let kinds = move || {
        let all = desk.template.with_untracked(|template| template.summary.kind.blocks());
        all.into_iter().filter(move |kind| place == Place::Letter || NARROW.contains(kind))
    };
    let choice = move |kind: &'static str| {
        let add = move |_| {
            if let Some(block) = fresh(kind) {
                desk.add(block, place);
            }
            open.set(false);
        };
        view! {
            <button type="button" class="block-choice" on:click=add>
                <strong>{t!(&format!("console.templates.block.{kind}"))}</strong>
                <span class="soft">{t!(&format!("console.templates.block_about.{kind}"))}</span>
            </button>
        }
    };
    view! {
        <Button on_press=move |_| open.set(true)>{tr!("console.templates.add_block")}</Button>
        <Show when=move || open.get()>
            <Dialog open title=t!("console.templates.add_block") class="dialog dialog-wide">
                <div class="block-choices">{kinds().map(choice).collect_view()}</div>
            </Dialog>
        </Show>
    }
}

/// The first words of a block.
fn gist(block: &Block) -> String {
    match block {
        Block::Heading { text, .. } | Block::Text { text } | Block::Footer { text } => {
            text.chars().take(80).collect()
        }
        Block::Button { label, .. } => label.clone(),
        Block::Image { alt, .. } => alt.clone(),
        Block::Spacer { height } => format!("{height} px"),
        _ => String::new(),
    }
}
