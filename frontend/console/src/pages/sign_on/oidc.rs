//! How an OpenID Connect provider is reached.

use leptos::prelude::*;
use ui::{components::Field, t, tr};

use super::draft::Draft;

/// Issuer, client and secret.
#[component]
pub fn OidcFields(draft: Draft) -> impl IntoView {
    let oidc = draft.oidc;
    let secret_hint = move || {
        if oidc.has_secret { t!("console.sign_on.secret_kept") } else { t!("console.sign_on.secret_hint") }
    };
    view! {
        <Field label=Signal::derive(tr!("console.sign_on.issuer")) name="issuer" kind="url" value=oidc.issuer required=true
            error=draft.fault("oidc.issuer") hint=Signal::derive(tr!("console.sign_on.issuer_hint"))/>
        <Field label=Signal::derive(tr!("console.sign_on.client_id")) name="client-id" value=oidc.client_id required=true
            error=draft.fault("oidc.client_id")/>
        <Field label=Signal::derive(tr!("console.sign_on.secret")) name="client-secret" kind="password" value=oidc.secret
            autocomplete="off" hint=Signal::derive(secret_hint) error=draft.fault("client_secret")/>
        <Field label=Signal::derive(tr!("console.sign_on.scopes")) name="scopes" value=oidc.scopes
            hint=Signal::derive(tr!("console.sign_on.scopes_hint")) error=draft.fault("oidc.scopes")/>
    }
}
