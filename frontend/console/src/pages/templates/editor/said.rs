//! What is typed into a letter: a line or several, with buttons for marks and for variables.

use contract::templates::{LetterKind, Variable, VariableKind};
use js_sys::Reflect;
use leptos::{html, prelude::*};
use ui::{components::Glyph, components::Icon, t, tr};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// What kind of text it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lines {
    /// One line, with variables.
    One,
    /// Several, with marks and variables.
    Many,
}

/// A text of a letter.
#[component]
pub fn Said(
    /// The letter's kind: which variables there are.
    kind: LetterKind,
    /// What it is.
    #[prop(into)]
    label: Signal<String>,
    /// What stands there at first.
    value: String,
    lines: Lines,
    /// What is wrong with it.
    #[prop(into)]
    error: Signal<Option<String>>,
    /// Called with what is typed.
    #[prop(into)]
    on_type: Callback<String>,
    /// Called before the first change.
    #[prop(into)]
    on_begin: Callback<()>,
    /// It can only be read.
    #[prop(into)]
    locked: Signal<bool>,
) -> impl IntoView {
    let text = RwSignal::new(value);
    let (line, area) = (NodeRef::<html::Input>::new(), NodeRef::<html::Textarea>::new());
    let begun = StoredValue::new(false);
    let typed = Callback::new(move |now: String| {
        if !begun.get_value() {
            begun.set_value(true);
            on_begin.run(());
        }
        text.set(now.clone());
        on_type.run(now);
    });
    // Puts something around what is marked, or at the cursor.
    let put = Callback::new(move |(before, after): (String, &'static str)| {
        let field: Option<HtmlElement> = match lines {
            Lines::One => line.get_untracked().map(Into::into),
            Lines::Many => area.get_untracked().map(Into::into),
        };
        let Some(field) = field else { return };
        let now = text.get_untracked();
        let (from, to) = marked(&field, &now);
        let inside = &now[from..to];
        typed.run(format!("{}{before}{inside}{after}{}", &now[..from], &now[to..]));
        // A field that refuses the focus has taken the text all the same.
        let _ = field.focus();
    });
    let invalid = move || error.with(Option::is_some).then_some("true");
    let field = match lines {
        Lines::One => view! {
            <input class="field-input" node_ref=line aria-label=label aria-invalid=invalid readonly=locked prop:value=text
                on:input=move |event| typed.run(event_target_value(&event))/>
        }
        .into_any(),
        Lines::Many => view! {
            <textarea class="field-input" rows="7" node_ref=area aria-label=label aria-invalid=invalid readonly=locked prop:value=text
                on:input=move |event| typed.run(event_target_value(&event))></textarea>
        }
        .into_any(),
    };
    let mark = move |sign: &'static str, key: &'static str, before: &'static str, after: &'static str| {
        view! {
            <button type="button" class="mark" aria-label=tr!(key) title=tr!(key)
                on:click=move |_| put.run((before.to_owned(), after))>{sign}</button>
        }
    };
    view! {
        <div class="field said">
            <div class="said-head">
                <span class="field-label" aria-hidden="true">{label}</span>
                <Show when=move || !locked.get()>
                    <span class="marks">
                        {(lines == Lines::Many).then(|| view! {
                            {mark("B", "console.templates.bold", "**", "**")}
                            {mark("I", "console.templates.italic", "*", "*")}
                            {mark("↗", "console.templates.link", "[", "](https://)")}
                        })}
                    </span>
                </Show>
            </div>
            {field}
            <p class="field-error" role="alert">{move || error.get()}</p>
            <Show when=move || !locked.get()><Picker kind loops={lines == Lines::Many} put/></Show>
        </div>
    }
}

/// The variables of a letter, to be put into a text.
#[component]
fn Picker(kind: LetterKind, loops: bool, put: Callback<(String, &'static str)>) -> impl IntoView {
    let row = move |variable: &'static Variable| {
        let is_list = variable.kind == VariableKind::List;
        let press = move |_| {
            let (before, after) = if is_list {
                (
                    format!(
                        "{{% for place in {} %}}\n- {{{{ place.zone }}}} {{{{ place.row }}}} {{{{ place.seat }}}}\n",
                        variable.name
                    ),
                    "{% endfor %}",
                )
            } else if variable.optional && loops {
                (format!("{{% if {0} %}}{{{{ {0} }}}}", variable.name), "{% endif %}")
            } else {
                (format!("{{{{ {} }}}}", variable.name), "")
            };
            put.run((before, after));
        };
        view! {
            <li>
                <button type="button" class="variable" on:click=press>
                    <code>{variable.name}</code>
                    <span>{t!(&format!("console.templates.variable.{}", variable.name.replace('.', "_")))}</span>
                    <span class="soft">{variable.example}</span>
                </button>
            </li>
        }
    };
    let all =
        move || kind.variables().iter().filter(move |variable| loops || variable.kind != VariableKind::List);
    view! {
        <details class="variables">
            <summary><Icon glyph=Glyph::Plus/>{tr!("console.templates.insert_variable")}</summary>
            <ul>{all().map(row).collect_view()}</ul>
        </details>
    }
}

/// What is marked in a field, as bytes of its text. Browsers count in UTF-16.
fn marked(field: &HtmlElement, text: &str) -> (usize, usize) {
    let at = |name: &str| {
        let value = Reflect::get(field.unchecked_ref(), &name.into()).ok();
        value.and_then(|value| value.as_f64()).map_or(text.len(), |units| byte_at(text, units))
    };
    let (from, to) = (at("selectionStart"), at("selectionEnd"));
    (from.min(to), to.max(from))
}

fn byte_at(text: &str, units: f64) -> usize {
    let mut count = 0.0;
    for (byte, c) in text.char_indices() {
        if count >= units {
            return byte;
        }
        count += if c.len_utf16() == 2 { 2.0 } else { 1.0 };
    }
    text.len()
}
