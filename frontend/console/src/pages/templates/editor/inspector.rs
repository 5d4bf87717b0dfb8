//! What the block looked at says, field by field; without one, the subject line.

use contract::templates::{Block, LetterKind};
use leptos::prelude::*;
use ui::{
    components::{Button, Kind},
    t, tr,
};

use super::desk::{Desk, Spot, name};
use super::said::{Lines, Said};
use crate::parts::select::Select;

/// The fields of what is looked at.
#[component]
pub fn Inspector(desk: Desk) -> impl IntoView {
    let content = move || {
        // Fields are drawn anew when another block is looked at or when blocks change, not while one types.
        desk.turn.track();
        desk.locale.track();
        let chosen = desk.chosen.get();
        untrack(move || match chosen.and_then(|spot| Some((spot, desk.block(spot)?))) {
            Some((spot, block)) => view! { <OfBlock desk spot block/> }.into_any(),
            None => view! { <OfLetter desk/> }.into_any(),
        })
    };
    view! { <section class="panel inspector" aria-label=tr!("console.templates.inspector")>{content}</section> }
}

/// Subject and preheader.
#[component]
fn OfLetter(desk: Desk) -> impl IntoView {
    let content = desk.here();
    let (subject, preheader) = content.map(|one| (one.subject, one.preheader)).unwrap_or_default();
    let kind = kind_of(desk);
    let locked = Signal::derive(move || !desk.may_change());
    let begin = Callback::new(move |()| desk.remember());
    view! {
        <h2>{tr!("console.templates.letter")}</h2>
        <Said kind label=Signal::derive(tr!("console.templates.subject")) value=subject lines=Lines::One locked on_begin=begin
            error=Signal::derive(move || desk.error("subject")) on_type={move |text: String| desk.write(|one| one.subject = text)}/>
        <Said kind label=Signal::derive(tr!("console.templates.preheader")) value=preheader lines=Lines::One locked on_begin=begin
            error=Signal::derive(move || desk.error("preheader")) on_type={move |text: String| desk.write(|one| one.preheader = text)}/>
        <p class="soft">{tr!("console.templates.preheader_hint")}</p>
    }
}

fn kind_of(desk: Desk) -> LetterKind {
    desk.template.with_untracked(|template| template.summary.kind)
}

#[component]
fn OfBlock(desk: Desk, spot: Spot, block: Block) -> impl IntoView {
    let title = block.kind();
    let fields = match block {
        Block::Heading { text, level } => view! {
            <Words desk spot field="text" value=text lines=Lines::One write={|block, said| if let Block::Heading { text, .. } = block { *text = said; }}/>
            <Choice desk spot label="console.templates.size" value=level.to_string() options={&["1", "2", "3"]} words="console.templates.level"
                write={|block, said| if let (Block::Heading { level, .. }, Ok(number)) = (block, said.parse()) { *level = number; }}/>
        }
        .into_any(),
        Block::Text { text } => view! {
            <Words desk spot field="text" value=text lines=Lines::Many write={|block, said| if let Block::Text { text } = block { *text = said; }}/>
            <p class="soft">{tr!("console.templates.text_hint")}</p>
        }
        .into_any(),
        Block::Footer { text } => view! {
            <Words desk spot field="text" value=text lines=Lines::Many write={|block, said| if let Block::Footer { text } = block { *text = said; }}/>
        }
        .into_any(),
        Block::Button { label, address } => view! {
            <Words desk spot field="label" value=label lines=Lines::One write={|block, said| if let Block::Button { label, .. } = block { *label = said; }}/>
            <Words desk spot field="address" value=address lines=Lines::One write={|block, said| if let Block::Button { address, .. } = block { *address = said; }}/>
            <p class="soft">{tr!("console.templates.address_hint")}</p>
        }
        .into_any(),
        Block::Image { address, alt, link, width } => view! {
            <Words desk spot field="address" value=address lines=Lines::One write={|block, said| if let Block::Image { address, .. } = block { *address = said; }}/>
            <Words desk spot field="alt" value=alt lines=Lines::One write={|block, said| if let Block::Image { alt, .. } = block { *alt = said; }}/>
            <Words desk spot field="link" value=link lines=Lines::One write={|block, said| if let Block::Image { link, .. } = block { *link = said; }}/>
            <Number desk spot field="width" value=width write={|block, number| if let Block::Image { width, .. } = block { *width = number; }}/>
            <p class="soft">{tr!("console.templates.image_hint")}</p>
        }
        .into_any(),
        Block::Spacer { height } => view! {
            <Number desk spot field="height" value=height write={|block, number| if let Block::Spacer { height } = block { *height = number; }}/>
        }
        .into_any(),
        Block::Columns { columns } => view! {
            <Choice desk spot label="console.templates.columns" value=columns.len().to_string() options={&["2", "3"]} words="console.templates.count"
                write={|block, said| if let (Block::Columns { columns }, Ok(count)) = (block, said.parse()) { columns.resize_with(count, Default::default); }}/>
            <p class="soft">{tr!("console.templates.columns_hint")}</p>
        }
        .into_any(),
        Block::Divider {} | Block::Event {} | Block::Places {} | Block::Tickets {} | Block::PaymentCode {} => view! {
            <p class="soft">{move || t!(&format!("console.templates.block_about.{title}"))}</p>
        }
        .into_any(),
    };
    view! {
        <header class="inspector-head">
            <h2>{move || t!(&format!("console.templates.block.{title}"))}</h2>
            <Button kind=Kind::Bare on_press=move |_| desk.chosen.set(None)>{tr!("console.templates.to_letter")}</Button>
        </header>
        <p class="field-error" role="alert">{move || desk.error(&name(spot))}</p>
        {fields}
    }
}

/// A text of a block.
#[component]
fn Words(
    desk: Desk,
    spot: Spot,
    field: &'static str,
    value: String,
    lines: Lines,
    write: fn(&mut Block, String),
) -> impl IntoView {
    let label = Signal::derive(move || t!(&format!("console.templates.field.{field}")));
    view! {
        <Said kind=kind_of(desk) label value lines locked=Signal::derive(move || !desk.may_change())
            error=Signal::derive(move || desk.error(&format!("{}.{field}", name(spot))))
            on_begin=move |()| desk.remember()
            on_type={move |said: String| desk.write_block(spot, |block| write(block, said))}/>
    }
}

/// A number of pixels.
#[component]
fn Number(
    desk: Desk,
    spot: Spot,
    field: &'static str,
    value: u16,
    write: fn(&mut Block, u16),
) -> impl IntoView {
    let typed = move |event| {
        let number = event_target_value(&event).parse::<u16>().unwrap_or(0);
        desk.write_block(spot, |block| write(block, number));
    };
    let label = move || t!(&format!("console.templates.field.{field}"));
    view! {
        <label class="field">
            <span class="field-label">{label}</span>
            <input class="field-input" type="number" value=value.to_string() readonly=move || !desk.may_change()
                on:focus=move |_| desk.remember() on:input=typed/>
            <span class="field-error" role="alert">{move || desk.error(&format!("{}.{field}", name(spot)))}</span>
        </label>
    }
}

/// One of a few.
#[component]
fn Choice(
    desk: Desk,
    spot: Spot,
    label: &'static str,
    value: String,
    options: &'static [&'static str],
    /// The key of the options' words; each is appended.
    words: &'static str,
    write: fn(&mut Block, String),
) -> impl IntoView {
    let chosen = RwSignal::new(value);
    Effect::new(move |before: Option<String>| {
        let now = chosen.get();
        if before.is_some_and(|before| before != now) {
            let said = now.clone();
            desk.remember();
            desk.write_block(spot, |block| write(block, said));
            desk.turn.update(|turn| *turn += 1);
        }
        now
    });
    let rows = move || {
        options.iter().map(|one| ((*one).to_owned(), t!(&format!("{words}.{one}")))).collect::<Vec<_>>()
    };
    view! { <Select label=Signal::derive(tr!(label)) value=chosen options=Signal::derive(rows) disabled=Signal::derive(move || !desk.may_change())/> }
}
