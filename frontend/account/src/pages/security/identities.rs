//! Providers the person signs in by, and those they may add.

use contract::sign_on::{Identity, LinkIdentity, PublicProvider};
use leptos::prelude::*;
use leptos::task::spawn_local;
use ui::api::sign_on;
use ui::browser::leave_for;
use ui::components::{Button, FailureNotice, Kind, Remote};
use ui::format::{self, Style};
use ui::{Failure, Fetched, fetched, session, t, words};

use super::Part;

/// The person's own, and the platform's.
#[derive(Debug, Clone)]
struct Ways {
    own: Vec<Identity>,
    offered: Vec<PublicProvider>,
}

async fn ways() -> Result<Ways, Failure> {
    let (own, mut offered) = (sign_on::identities().await?, sign_on::providers().await?);
    offered.retain(|provider| own.iter().all(|identity| identity.provider_id != provider.id));
    Ok(Ways { own, offered })
}

/// Lists, adds and removes them; nothing where there are none.
#[component]
pub fn Identities() -> impl IntoView {
    let all = fetched(|| session::me().map(|me| me.id), |_| ways());
    let list = move |now: Signal<Ways>| {
        let has_some = move || now.with(|now| !now.own.is_empty());
        let row = move |identity| view! { <Row identity all/> };
        let add = |provider| view! { <Add provider/> };
        let text = move || {
            if has_some() { "account.security.identities.text" } else { "account.security.identities.none" }
        };
        view! {
            <Show when=move || now.with(|now| !now.own.is_empty() || !now.offered.is_empty())>
                <Part title=words("account.security.identities.title") on=Signal::derive(has_some)>
                    <p class="soft">{move || t!(text())}</p>
                    <ul class="keys">{move || now.get().own.into_iter().map(row).collect_view()}</ul>
                    {move || now.get().offered.into_iter().map(add).collect_view()}
                </Part>
            </Show>
        }
    };
    view! { <Remote of=all view=list/> }
}

/// Leaves for the provider, which leads back here.
#[component]
fn Add(provider: PublicProvider) -> impl IntoView {
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let add = move |_| {
        busy.set(true);
        spawn_local(async move {
            match sign_on::link(&LinkIdentity { provider: provider.id }).await {
                Ok(begun) => leave_for(&begun.url),
                Err(why) => {
                    busy.try_set(false);
                    failure.try_set(Some(why));
                }
            }
        });
    };
    view! {
        <FailureNotice failure/>
        <p><Button busy on_press=add>{t!("account.security.identities.add", provider = provider.name)}</Button></p>
    }
}

#[component]
fn Row(identity: Identity, all: Fetched<Ways>) -> impl IntoView {
    let asking = RwSignal::new(false);
    let only_way = identity.only_way;
    let kept = StoredValue::new(identity.clone());
    let whose = identity.organisation.map(|organisation| format!(" · {organisation}")).unwrap_or_default();
    let used = format::here(identity.last_used_at, Style::Full);
    let label = t!("account.security.identities.remove", provider = identity.provider.clone());
    view! {
        <li>
            <span>
                <strong>{identity.provider}{whose}</strong>
                <span class="under">{identity.email}</span>
                <span class="under">{t!("account.security.passkeys.used", when = used)}</span>
            </span>
            {(!only_way).then(|| view! {
                <span class="factor-deeds">
                    <Button label=label on_press=move |_| asking.set(true)>{words("account.security.remove")}</Button>
                </span>
            })}
            {only_way.then(|| view! {
                <p class="soft row-ask">
                    {words("account.security.identities.only")} " "
                    <a href="/account/password">{words("account.security.identities.password")}</a>
                </p>
            })}
            <Show when=move || asking.get()><Ask identity=kept.get_value() asking all/></Show>
        </li>
    }
}

/// Asks once more, and removes it.
#[component]
fn Ask(identity: Identity, asking: RwSignal<bool>, all: Fetched<Ways>) -> impl IntoView {
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let id = StoredValue::new(identity.id.to_string());
    let remove = move |_| {
        busy.set(true);
        spawn_local(async move {
            let answer = sign_on::remove_identity(&id.get_value()).await;
            busy.try_set(false);
            if answer.is_ok() {
                all.refetch();
            }
            failure.try_set(answer.err());
        });
    };
    view! {
        <div class="row-ask" role="group">
            <p>{t!("account.security.identities.sure", provider = identity.provider)}</p>
            <FailureNotice failure/>
            <span class="factor-deeds">
                <Button on_press=move |_| asking.set(false)>{words("account.security.identities.keep")}</Button>
                <Button kind=Kind::Stop busy on_press=remove>{words("account.security.remove")}</Button>
            </span>
        </div>
    }
}
