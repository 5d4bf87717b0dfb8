//! Who we are to a provider: what it has to be told.

use contract::sign_on::{IdentityProvider, ProviderKind};
use leptos::prelude::*;
use ui::{t, tr};
use uuid::Uuid;

use super::part::Part;
use crate::parts::copy::CopyLine;

/// What the provider wants to know of us. A new one is told where it will be.
#[derive(Clone)]
pub struct Ours {
    callback: String,
    answers: String,
    entity_id: String,
}

impl Ours {
    /// As the server says, or as it will once the provider is there.
    pub fn of(provider: Option<&IdentityProvider>, id: Uuid) -> Self {
        let base = format!("{}/api/v1/sign-on", window().location().origin().unwrap_or_default());
        let mut ours = Self {
            callback: format!("{base}/callback"),
            answers: format!("{base}/saml/{id}"),
            entity_id: format!("{base}/saml/{id}/metadata"),
        };
        match provider {
            Some(IdentityProvider { callback_url, entity_id: Some(entity_id), .. }) => {
                ours.answers = callback_url.clone();
                ours.entity_id = entity_id.clone();
            }
            Some(IdentityProvider { callback_url, .. }) => ours.callback = callback_url.clone(),
            None => {}
        }
        ours
    }
}

/// The values to copy.
#[component]
pub fn Tell(ours: Ours, kind: RwSignal<ProviderKind>) -> impl IntoView {
    let lines = move || {
        let ours = ours.clone();
        match kind.get() {
            ProviderKind::Oidc => view! {
                <CopyLine label=t!("console.sign_on.callback") text=ours.callback/>
            }
            .into_any(),
            ProviderKind::Saml => view! {
                <CopyLine label=t!("console.sign_on.our_entity") text=ours.entity_id.clone()/>
                <CopyLine label=t!("console.sign_on.our_answers") text=ours.answers/>
                <p class="soft">
                    {tr!("console.sign_on.our_metadata_text")} " "
                    <a href=ours.entity_id target="_blank" rel="noopener">{tr!("console.sign_on.our_metadata")}</a>
                </p>
            }
            .into_any(),
        }
    };
    view! {
        <Part title="console.sign_on.tell" text="console.sign_on.tell_text">
            <div class="sunken-box">{lines}</div>
        </Part>
    }
}
