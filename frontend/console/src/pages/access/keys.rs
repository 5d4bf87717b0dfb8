//! API keys: the list, making one, rotating, revoking, and how they are used.

mod create;
mod usage;

use contract::{
    Page,
    keys::{ApiKey, NewApiKey},
};
use domain::Permission;
use leptos::prelude::*;
use ui::{
    Fetched,
    api::staff,
    components::{Badge, Remote, Tone},
    fetched,
    format::{self, Style},
    session, t,
};

use super::programs::{Opens, ProgramTable, Programs, may_manage};
use super::rotate::Rotate;
use super::secret::Shown;
use crate::parts::sure::Sure;
use crate::shell::NotAllowed;
use create::Create;
use usage::Usage;

/// The page at `/console/keys`.
#[component]
pub fn KeyList() -> impl IntoView {
    view! {
        <Show when=|| session::can(Permission::KeysRead) fallback=|| view! { <NotAllowed/> }><Keys/></Show>
    }
}

fn shown_of(new: NewApiKey) -> Shown {
    Shown { name: new.key.name, id: None, secret: Some(new.secret) }
}

#[component]
fn Keys() -> impl IntoView {
    let keys = fetched(session::organisation, |_| async { staff::keys::list().await });
    let (creating, shown) = (RwSignal::new(false), RwSignal::new(None::<Shown>));
    let table = move |page: Signal<Page<ApiKey>>| {
        let row = move |key| view! { <Row key keys shown/> };
        view! { <ProgramTable words="console.keys" columns=&["name", "state", "last_used"] wide="last_used" page row/> }
    };
    view! {
        <Programs words="console.keys" creating shown><Remote of=keys view=table/></Programs>
        <Show when=move || creating.get()><Create open=creating keys shown/></Show>
    }
}

/// Whether a key still opens anything.
fn is_good(key: &ApiKey) -> bool {
    key.revoked_at.is_none() && key.expires_at.is_none_or(|end| end > ui::browser::now())
}

#[component]
fn Row(key: ApiKey, keys: Fetched<Page<ApiKey>>, shown: RwSignal<Option<Shown>>) -> impl IntoView {
    let good = is_good(&key);
    let (tone, word) = match (good, key.revoked_at) {
        (true, _) => (Tone::Ok, "console.keys.active"),
        (false, Some(_)) => (Tone::Stop, "console.keys.revoked"),
        (false, None) => (Tone::Plain, "console.keys.ended"),
    };
    let rights = key.permissions.iter().map(|right| right.name()).collect::<Vec<_>>().join(", ");
    let networks = (!key.networks.is_empty())
        .then(|| t!("console.keys.networks_of", networks = key.networks.join(", ")));
    let overlap = key.old_secret_until.filter(|_| good);
    let overlap = overlap.map(|until| t!("console.keys.overlap", until = format::here(until, Style::Full)));
    let used = key.last_used_at.map_or_else(|| t!("console.keys.never"), |at| format::here(at, Style::Full));
    view! {
        <tr>
            <td>
                <strong>{key.name.clone()}</strong><span class="under">{rights}</span>
                {networks.map(|text| view! { <span class="under">{text}</span> })}
            </td>
            <td><Badge tone>{t!(word)}</Badge>{overlap.map(|text| view! { <span class="under">{text}</span> })}</td>
            <td class="wide-only">{used}</td>
            <td class="number"><Deeds key good keys shown/></td>
        </tr>
    }
}

/// What can be done with a key.
#[component]
fn Deeds(
    key: ApiKey,
    good: bool,
    keys: Fetched<Page<ApiKey>>,
    shown: RwSignal<Option<Shown>>,
) -> impl IntoView {
    let (using, rotating, revoking) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let changeable = good && may_manage();
    let (name, id) = (StoredValue::new(key.name.clone()), StoredValue::new(key.id.to_string()));
    let stored = StoredValue::new(key);
    let rotate = move |wish, intent: String| async move {
        staff::keys::rotate(&id.get_value(), &wish, &intent).await.map(shown_of)
    };
    let revoke = move || async move { staff::keys::revoke(&id.get_value()).await };
    view! {
        <Opens open=using word="console.keys.usage"/>
        {changeable.then(|| view! {
            <Opens open=rotating word="console.keys.rotate"/>
            <Opens open=revoking word="console.keys.revoke"/>
        })}
        <Show when=move || using.get()><Usage key=stored.get_value() open=using/></Show>
        <Show when=move || rotating.get()>
            <Rotate open=rotating title=t!("console.keys.rotate_title", name = name.get_value())
                text=t!("console.keys.rotate_text") deed=rotate shown done=move |()| keys.refetch()/>
        </Show>
        <Show when=move || revoking.get()>
            <Sure open=revoking title=t!("console.keys.revoke_title", name = name.get_value())
                text=t!("console.keys.revoke_text") word=t!("console.keys.revoke") deed=revoke done=move |()| keys.refetch()/>
        </Show>
    }
}
