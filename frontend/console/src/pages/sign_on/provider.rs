//! A provider: what it does, whether it answers, changing and removing it.

use contract::sign_on::{IdentityProvider, ProviderCheck};
use leptos::{prelude::*, task::spawn_local};
use ui::{
    Failure, Fetched,
    api::staff,
    components::{Badge, Button, FailureNotice, Kind, Notice, Tone},
    t, tr,
};

use super::{certificates::LastingUntil, kind, may_change};
use crate::parts::sure::Sure;

/// The provider's card.
#[component]
pub fn Provider(
    provider: IdentityProvider,
    providers: Fetched<Vec<IdentityProvider>>,
    edit: Callback<Option<IdentityProvider>>,
) -> impl IntoView {
    let kept = StoredValue::new(provider.clone());
    let (told, failure) = (RwSignal::new(None::<ProviderCheck>), RwSignal::new(None::<Failure>));
    let removing = RwSignal::new(false);
    // A SAML provider is not asked: it answers browsers only.
    let asked = provider.oidc.is_some();
    view! {
        <li class="card">
            <div class="card-text"><About provider/></div>
            <Show when=may_change>
                <p class="deeds">
                    {asked.then(|| view! { <Test id=kept.with_value(|it| it.id.to_string()) told failure/> })}
                    <Button class="button-small" on_press=move |_| edit.run(Some(kept.get_value()))>{tr!("console.sign_on.edit")}</Button>
                    <Button kind=Kind::Bare class="button-small" on_press=move |_| removing.set(true)>{tr!("console.sign_on.remove")}</Button>
                </p>
            </Show>
            <FailureNotice failure/>
            {move || told.get().map(|check| view! { <Told check/> })}
            <Show when=move || removing.get()><Remove provider=kept.get_value() open=removing providers/></Show>
        </li>
    }
}

/// What it is and does.
#[component]
fn About(provider: IdentityProvider) -> impl IntoView {
    let (tone, word) = if provider.enabled {
        (Tone::Ok, "console.sign_on.enabled")
    } else {
        (Tone::Plain, "console.sign_on.disabled")
    };
    let marks = [
        (provider.jit, "console.sign_on.jit_short"),
        (provider.required, "console.sign_on.required_short"),
        (provider.trusts_second_factor, "console.sign_on.trusts_short"),
    ];
    let marks: Vec<String> = marks.into_iter().filter(|(on, _)| *on).map(|(_, key)| t!(key)).collect();
    let issuer = provider.oidc.map(|oidc| oidc.issuer).or(provider.saml.map(|saml| saml.entity_id));
    view! {
        <p class="card-title">
            <strong>{provider.name}</strong>
            <Badge>{kind::name(provider.kind)}</Badge>
            <Badge tone>{t!(word)}</Badge>
            <LastingUntil certificates=provider.certificates/>
        </p>
        {issuer.map(|issuer| view! { <p><code>{issuer}</code></p> })}
        {(!marks.is_empty()).then(|| view! { <p class="soft">{marks.join(" · ")}</p> })}
    }
}

/// Asks it what it says of itself.
#[component]
fn Test(
    id: String,
    told: RwSignal<Option<ProviderCheck>>,
    failure: RwSignal<Option<Failure>>,
) -> impl IntoView {
    let busy = RwSignal::new(false);
    let id = StoredValue::new(id);
    let test = move |_| {
        busy.set(true);
        spawn_local(async move {
            let answer = staff::sign_on::test(&id.get_value()).await;
            busy.try_set(false);
            told.try_set(answer.as_ref().ok().cloned());
            failure.try_set(answer.err());
        });
    };
    view! { <Button class="button-small" busy on_press=test>{tr!("console.sign_on.test")}</Button> }
}

/// What the provider says of itself.
#[component]
fn Told(check: ProviderCheck) -> impl IntoView {
    view! {
        <Notice tone=Tone::Ok>
            <strong>{t!("console.sign_on.answers", count = check.keys)}</strong>
            <span class="under"><code>{check.authorization_endpoint}</code></span>
            <span class="under"><code>{check.token_endpoint}</code></span>
            <span class="under"><code>{check.jwks_uri}</code></span>
        </Notice>
    }
}

#[component]
fn Remove(
    provider: IdentityProvider,
    open: RwSignal<bool>,
    providers: Fetched<Vec<IdentityProvider>>,
) -> impl IntoView {
    let id = StoredValue::new(provider.id.to_string());
    let deed = move || async move { staff::sign_on::remove_provider(&id.get_value()).await };
    view! {
        <Sure open title=t!("console.sign_on.remove_title", name = provider.name) text=t!("console.sign_on.remove_text")
            word=t!("console.sign_on.remove") deed done=move |()| providers.refetch()/>
    }
}
