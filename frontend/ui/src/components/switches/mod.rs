//! Language, and light or dark.

use domain::Locale;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::icon::{Glyph, Icon};
use crate::{i18n, theme};

/// Chooses the language, by the languages' own names.
#[component]
pub fn LanguageSwitch() -> impl IntoView {
    let choose = move |event| {
        if let Some(locale) = Locale::from_tag(&event_target_value(&event)) {
            spawn_local(i18n::choose(locale));
        }
    };
    view! {
        <label class="language">
            <Icon glyph=Glyph::Globe />
            <span class="unseen">{crate::i18n::words("actions.language")}</span>
            <select on:change=choose prop:value=move || i18n::locale().code()>
                {Locale::ALL
                    .map(|locale| {
                        view! {
                            <option value=locale.code() lang=locale.code() selected=move || i18n::locale() == locale>
                                {locale.endonym()}
                            </option>
                        }
                    })
                    .collect_view()}
            </select>
        </label>
    }
}

/// Changes between light and dark.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let dark = move || theme::theme().is_dark();
    view! {
        <button type="button" class="button button-bare button-round" aria-label=crate::i18n::words("actions.theme")
            aria-pressed=move || dark().to_string() on:click=move |_| theme::choose(theme::theme().next())>
            {move || if dark() { view! { <Icon glyph=Glyph::Sun /> } } else { view! { <Icon glyph=Glyph::Moon /> } }}
        </button>
    }
}
