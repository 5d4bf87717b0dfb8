//! What a new provider speaks.

use contract::sign_on::ProviderKind;
use leptos::prelude::*;
use ui::{t, tr};

/// How a kind is called.
pub fn name(kind: ProviderKind) -> &'static str {
    match kind {
        ProviderKind::Oidc => "OpenID Connect",
        ProviderKind::Saml => "SAML 2.0",
    }
}

/// A choice between the kinds.
#[component]
pub fn KindChoice(kind: RwSignal<ProviderKind>) -> impl IntoView {
    let option = move |one: ProviderKind| {
        let hint = format!("console.sign_on.kind_{}", one.name());
        view! {
            <label class="kind">
                <input type="radio" name="kind" prop:checked=move || kind.get() == one on:change=move |_| kind.set(one)/>
                <strong>{name(one)}</strong>
                <span class="soft">{t!(&hint)}</span>
            </label>
        }
    };
    view! {
        <fieldset>
            <legend class="field-label">{tr!("console.sign_on.kind")}</legend>
            <div class="kinds">{[ProviderKind::Oidc, ProviderKind::Saml].map(option).collect_view()}</div>
        </fieldset>
    }
}
