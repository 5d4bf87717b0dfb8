//! The fight card while it is written: lines that can be moved and struck.

use leptos::prelude::*;
use ui::{
    components::{Button, Glyph, Icon},
    t, tr,
};

use super::{Editor, draft::BoutLine};

/// The section with the fight card.
#[component]
pub fn FightCard(editor: Editor) -> impl IntoView {
    let bouts = editor.draft.bouts;
    let numbered = move || bouts.get().into_iter().enumerate().collect::<Vec<_>>();
    view! {
        <section class="panel editor-section">
            <h2>{tr!("console.form.card")}</h2>
            <p class="soft">{tr!("console.form.card_hint")}</p>
            <ol class="bout-lines">
                <For each=numbered key=|(number, line)| (*number, line.key) let((number, line))>
                    <Line editor number line/>
                </For>
            </ol>
            <Button on_press=move |_| editor.draft.add_bout()>{tr!("console.form.add_bout")}</Button>
        </section>
    }
}

#[component]
fn Line(editor: Editor, number: usize, line: BoutLine) -> impl IntoView {
    let bouts = editor.draft.bouts;
    let up = move |_| {
        bouts.update(|bouts| {
            if let Some(before) = number.checked_sub(1).filter(|_| number < bouts.len()) {
                bouts.swap(before, number);
            }
        })
    };
    let strike = move |_| bouts.update(|bouts| bouts.retain(|other| other.key != line.key));
    let field = move |name: &'static str, value: RwSignal<String>, class: &'static str| {
        let error = editor.error(&format!("bouts[{number}].{name}"));
        let label = move || {
            t!("console.form.bout_field", number = number + 1, field = t!(&format!("console.form.{name}")))
        };
        view! {
            <div class=class>
                <input class="field-input" aria-label=label placeholder=move || t!(&format!("console.form.{name}"))
                    inputmode=(name == "rounds").then_some("numeric")
                    aria-invalid=move || error.with(Option::is_some).then_some("true") bind:value=value/>
                <p class="field-error" role="alert">{error}</p>
            </div>
        }
    };
    view! {
        <li class="bout-line">
            <span class="bout-number">{number + 1}</span>
            {field("red", line.red, "bout-line-red")}
            {field("blue", line.blue, "bout-line-blue")}
            {field("class", line.class, "bout-line-class")}
            {field("rounds", line.rounds, "bout-line-rounds")}
            <button type="button" class="icon-button" disabled=number == 0 on:click=up
                aria-label=move || t!("console.form.bout_up", number = number + 1)>
                <span aria-hidden="true">"↑"</span>
            </button>
            <button type="button" class="icon-button" on:click=strike
                aria-label=move || t!("console.form.bout_strike", number = number + 1)>
                <Icon glyph=Glyph::Close/>
            </button>
        </li>
    }
}
