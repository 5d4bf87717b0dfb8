//! One source, and what can be done with it.

use contract::inbound::{InboundSignature, InboundSource};
use leptos::prelude::*;
use ui::{
    api::staff,
    components::{Badge, Tone},
    t, tr,
};

use super::form::Form;
use super::sources::Desk;
use crate::pages::access::programs::Opens;
use crate::pages::webhooks::may_manage;
use crate::parts::{copy::CopyLine, sure::Sure};

/// The key of the word for how a source signs, below `console.inbound`.
pub const fn kind_of(signature: &InboundSignature) -> &'static str {
    match signature {
        InboundSignature::StandardWebhooks => "standard_webhooks",
        InboundSignature::Hmac { .. } => "hmac",
        InboundSignature::Bearer => "bearer",
    }
}

/// A row of the list.
#[component]
pub fn Row(source: InboundSource, desk: Desk) -> impl IntoView {
    let (tone, word) =
        if source.enabled { (Tone::Ok, "console.webhooks.on") } else { (Tone::Stop, "console.webhooks.off") };
    let kind = format!("console.inbound.kinds.{}", kind_of(&source.signature));
    let shown = source.clone();
    view! {
        <li class="panel hook">
            <div class="hook-head">
                <strong>{source.name.clone()}</strong>
                <Badge tone>{tr!(word)}</Badge>
            </div>
            <p class="soft">{move || t!(&kind)}</p>
            <CopyLine label=t!("console.inbound.url") text=source.url/>
            <Show when=may_manage>{let source = shown.clone(); move || view! { <Deeds source=source.clone() desk/> }}</Show>
        </li>
    }
}

#[component]
fn Deeds(source: InboundSource, desk: Desk) -> impl IntoView {
    let (editing, deleting) = (RwSignal::new(false), RwSignal::new(false));
    let (id, name) = (StoredValue::new(source.id.to_string()), StoredValue::new(source.name.clone()));
    let stored = StoredValue::new(source);
    let delete = move || async move { staff::inbound::delete(&id.get_value()).await };
    view! {
        <div class="hook-deeds">
            <Opens open=editing word="console.webhooks.edit"/>
            <Opens open=deleting word="console.webhooks.delete"/>
        </div>
        <Show when=move || editing.get()><Form open=editing source=Some(stored.get_value()) desk/></Show>
        <Show when=move || deleting.get()>
            <Sure open=deleting title=t!("console.inbound.delete_title", name = name.get_value())
                text=t!("console.inbound.delete_text") word=t!("console.webhooks.delete") deed=delete
                done=move |()| desk.list.refetch()/>
        </Show>
    }
}
