//! The providers: what they do, whether they answer, and changing them.

use contract::sign_on::{IdentityProvider, ProviderCheck};
use leptos::{prelude::*, task::spawn_local};
use ui::{
    Failure, Fetched,
    api::staff,
    components::{Badge, Button, FailureNotice, Kind, Notice, Remote, Tone},
    fetched, session, t, tr,
};

use super::form::Edit;
use super::may_change;

/// The providers, and a button for one more.
#[component]
pub fn Providers() -> impl IntoView {
    let providers = fetched(session::organisation, |_| async { staff::sign_on::providers().await });
    let (editing, open) = (RwSignal::new(None::<IdentityProvider>), RwSignal::new(false));
    let edit = Callback::new(move |provider: Option<IdentityProvider>| {
        editing.set(provider);
        open.set(true);
    });
    let list = move |now: Signal<Vec<IdentityProvider>>| {
        let row = move |provider| view! { <Row provider providers edit/> };
        view! { <ul class="card-list">{move || now.get().into_iter().map(row).collect_view()}</ul> }
    };
    view! {
        <section class="stack">
            <h2>{tr!("console.sign_on.providers")}</h2>
            <p class="soft">{tr!("console.sign_on.providers_text")}</p>
            <Remote of=providers view=list/>
            <Show when=may_change>
                <div><Button kind=Kind::Primary on_press=move |_| edit.run(None)>{tr!("console.sign_on.new")}</Button></div>
            </Show>
        </section>
        {move || open.get().then(|| {
            let provider = editing.get_untracked();
            view! { <Edit open providers provider/> }
        })}
    }
}

#[component]
fn Row(
    provider: IdentityProvider,
    providers: Fetched<Vec<IdentityProvider>>,
    edit: Callback<Option<IdentityProvider>>,
) -> impl IntoView {
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let told = RwSignal::new(None::<ProviderCheck>);
    let id = StoredValue::new(provider.id.to_string());
    let kept = StoredValue::new(provider.clone());
    let test = move |_| {
        busy.set(true);
        spawn_local(async move {
            let answer = staff::sign_on::test(&id.get_value()).await;
            busy.try_set(false);
            match answer {
                Ok(check) => {
                    told.try_set(Some(check));
                    failure.try_set(None);
                }
                Err(refused) => {
                    told.try_set(None);
                    failure.try_set(Some(refused));
                }
            }
        });
    };
    let remove = move |_| {
        busy.set(true);
        spawn_local(async move {
            let answer = staff::sign_on::remove_provider(&id.get_value()).await;
            busy.try_set(false);
            if answer.is_ok() {
                providers.refetch();
            }
            failure.try_set(answer.err());
        });
    };
    let badge = if provider.enabled {
        view! { <Badge tone=Tone::Ok>{tr!("console.sign_on.enabled")}</Badge> }.into_any()
    } else {
        view! { <Badge>{tr!("console.sign_on.disabled")}</Badge> }.into_any()
    };
    let marks = [
        (provider.jit, "console.sign_on.jit_short"),
        (provider.required, "console.sign_on.required_short"),
        (provider.trusts_second_factor, "console.sign_on.trusts_short"),
    ];
    let marks: Vec<String> = marks.into_iter().filter(|(on, _)| *on).map(|(_, key)| t!(key)).collect();
    // A SAML provider is not asked: it answers browsers only.
    let asked = provider.oidc.is_some();
    let issuer = provider.oidc.map(|oidc| oidc.issuer).or(provider.saml.map(|saml| saml.entity_id));
    view! {
        <li class="card stack">
            <p><strong>{provider.name}</strong>" "{badge}</p>
            {issuer.map(|issuer| view! { <p><code>{issuer}</code></p> })}
            {(!marks.is_empty()).then(|| view! { <p class="soft">{marks.join(" · ")}</p> })}
            <FailureNotice failure/>
            {move || told.get().map(|check| view! { <Told check/> })}
            <Show when=may_change>
                <p class="deeds">
                    {asked.then(|| view! { <Button busy on_press=test>{tr!("console.sign_on.test")}</Button> })}
                    <Button on_press=move |_| edit.run(Some(kept.get_value()))>{tr!("console.sign_on.edit")}</Button>
                    <Button kind=Kind::Bare busy on_press=remove>{tr!("console.sign_on.remove")}</Button>
                </p>
            </Show>
        </li>
    }
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
