//! Buttons, and links that look like them.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

/// How much a button asks to be pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// The one thing to do here.
    Primary,
    /// Something else that can be done.
    #[default]
    Quiet,
    /// Text only.
    Bare,
    /// Ends something for good.
    Stop,
}

impl Kind {
    fn class(self) -> &'static str {
        match self {
            Self::Primary => "button button-primary",
            Self::Quiet => "button button-quiet",
            Self::Bare => "button button-bare",
            Self::Stop => "button button-stop",
        }
    }
}

/// A button. While `busy` it turns and does not act.
#[component]
pub fn Button(
    /// How much it asks to be pressed.
    #[prop(optional)]
    kind: Kind,
    /// Called when pressed; a button without it sends its form.
    #[prop(optional, into)]
    on_press: Option<Callback<MouseEvent>>,
    /// Its work is under way.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// It cannot be pressed just now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// More classes.
    #[prop(optional, into)]
    class: String,
    /// Says what it does where its content does not.
    #[prop(optional, into)]
    label: Option<Signal<String>>,
    /// What stands on it.
    children: Children,
) -> impl IntoView {
    let act = move |event: MouseEvent| {
        if let Some(on_press) = on_press.filter(|_| !busy.get_untracked()) {
            on_press.run(event);
        }
    };
    view! {
        <button
            type=if on_press.is_some() { "button" } else { "submit" }
            class=format!("{} {class}", kind.class())
            aria-busy=move || busy.get().then_some("true")
            aria-label=move || label.map(|label| label.get())
            disabled=move || disabled.get()
            on:click=act
        >
            {children()}
        </button>
    }
}

/// A link that looks like a button.
#[component]
pub fn LinkButton(
    /// Where it leads.
    #[prop(into)]
    href: Signal<String>,
    /// How much it asks to be pressed.
    #[prop(optional)]
    kind: Kind,
    /// More classes.
    #[prop(optional, into)]
    class: String,
    /// The name of the file, when it is a download.
    #[prop(optional, into)]
    download: Option<String>,
    /// What stands on it.
    children: Children,
) -> impl IntoView {
    view! {
        <a href=move || href.get() class=format!("{} {class}", kind.class()) download=download>
            {children()}
        </a>
    }
}
