//! API keys: the list, making one, rotating, revoking, and how they are used.

mod create;
mod usage;

use contract::{
    Page,
    keys::{ApiKey, NewApiKey, RotateApiKey},
};
use domain::Permission;
use leptos::{prelude::*, task::spawn_local};
use ui::{
    Failure, Fetched,
    api::{self, staff},
    components::{Badge, Button, Empty, FailureNotice, Glyph, Kind, Remote, Tone},
    fetched,
    format::{self, Style},
    session, t, tr,
};

use super::secret::{Secret, Shown};
use crate::parts::{dialog::Dialog, select::Select};
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
    Shown { name: new.key.name, secret: new.secret, text: None }
}

#[component]
fn Keys() -> impl IntoView {
    let keys = fetched(session::organisation, |_| async { staff::keys::list().await });
    let (creating, shown) = (RwSignal::new(false), RwSignal::new(None::<Shown>));
    view! {
        <header class="page-head">
            <h1>{tr!("console.keys.title")}</h1>
            <Show when=|| session::can(Permission::KeysManage)>
                <Button kind=Kind::Primary on_press=move |_| creating.set(true)>{tr!("console.keys.new")}</Button>
            </Show>
            <a class="button button-quiet" href="/console/applications">{tr!("console.nav.applications")}</a>
        </header>
        <p class="soft">{tr!("console.keys.text")}</p>
        <Remote of=keys view={move |page: Signal<Page<ApiKey>>| view! { <Table page keys shown/> }}/>
        <Show when=move || creating.get()><Create open=creating keys shown/></Show>
        {move || shown.get().map(|of| view! { <Secret of shown/> })}
    }
}

#[component]
fn Table(
    page: Signal<Page<ApiKey>>,
    keys: Fetched<Page<ApiKey>>,
    shown: RwSignal<Option<Shown>>,
) -> impl IntoView {
    let rows = move || page.get().items.into_iter().map(|key| view! { <Row key keys shown/> }).collect_view();
    let table = move || {
        view! {
            <div class="table-frame">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{tr!("console.keys.name")}</th>
                            <th scope="col">{tr!("console.keys.state")}</th>
                            <th scope="col" class="wide-only">{tr!("console.keys.last_used")}</th>
                            <th scope="col"><span class="unseen">{tr!("console.members.deeds")}</span></th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
    };
    let none = || view! { <Empty glyph=Glyph::Lock title=Signal::derive(tr!("console.keys.none"))/> };
    view! { <Show when=move || page.with(|page| !page.items.is_empty()) fallback=none>{table()}</Show> }
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
    let changeable = good && session::can(Permission::KeysManage);
    let (using, rotating, revoking) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let stored = StoredValue::new(key.clone());
    view! {
        <tr>
            <td>
                <strong>{key.name}</strong><span class="under">{rights}</span>
                {networks.map(|text| view! { <span class="under">{text}</span> })}
            </td>
            <td><Badge tone>{t!(word)}</Badge>{overlap.map(|text| view! { <span class="under">{text}</span> })}</td>
            <td class="wide-only">{used}</td>
            <td class="number">
                <Button kind=Kind::Bare class="button-small" on_press=move |_| using.set(true)>{tr!("console.keys.usage")}</Button>
                {changeable.then(|| view! {
                    <Button kind=Kind::Bare class="button-small" on_press=move |_| rotating.set(true)>{tr!("console.keys.rotate")}</Button>
                    <Button kind=Kind::Bare class="button-small" on_press=move |_| revoking.set(true)>{tr!("console.keys.revoke")}</Button>
                })}
                <Show when=move || using.get()><Usage key=stored.get_value() open=using/></Show>
                <Show when=move || rotating.get()><Rotate key=stored.get_value() open=rotating keys shown/></Show>
                <Show when=move || revoking.get()><Revoke key=stored.get_value() open=revoking keys/></Show>
            </td>
        </tr>
    }
}

#[component]
fn Rotate(
    key: ApiKey,
    open: RwSignal<bool>,
    keys: Fetched<Page<ApiKey>>,
    shown: RwSignal<Option<Shown>>,
) -> impl IntoView {
    let overlap = RwSignal::new("24".to_owned());
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let options = || {
        let words = [("24", "overlap_day"), ("168", "overlap_week"), ("0", "overlap_now")];
        words.map(|(hours, word)| (hours.to_owned(), t!(&format!("console.keys.{word}")))).to_vec()
    };
    let intent = Memo::new(move |_| {
        overlap.track();
        api::new_intent()
    });
    let id = key.id.to_string();
    let rotate = Callback::new(move |_| {
        let id = id.clone();
        busy.set(true);
        let wish = RotateApiKey { overlap_hours: overlap.get_untracked().parse().ok() };
        spawn_local(async move {
            let answer = staff::keys::rotate(&id, &wish, &intent.get_untracked()).await;
            busy.try_set(false);
            match answer {
                Ok(new) => {
                    keys.refetch();
                    shown.try_set(Some(shown_of(new)));
                    open.try_set(false);
                }
                Err(problem) => {
                    failure.try_set(Some(problem));
                }
            }
        });
    });
    view! {
        <Dialog open title=t!("console.keys.rotate_title", name = key.name)>
            <FailureNotice failure/>
            <Select label=Signal::derive(tr!("console.keys.rotate_text")) value=overlap options=Signal::derive(options)/>
            <footer class="dialog-foot">
                <Button on_press=move |_| open.set(false)>{tr!("actions.cancel")}</Button>
                <Button kind=Kind::Primary busy=busy on_press=rotate>{tr!("console.keys.rotate")}</Button>
            </footer>
        </Dialog>
    }
}

#[component]
fn Revoke(key: ApiKey, open: RwSignal<bool>, keys: Fetched<Page<ApiKey>>) -> impl IntoView {
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let id = key.id.to_string();
    let revoke = Callback::new(move |_| {
        let id = id.clone();
        busy.set(true);
        spawn_local(async move {
            let answer = staff::keys::revoke(&id).await;
            busy.try_set(false);
            match answer {
                Ok(_) => {
                    keys.refetch();
                    open.try_set(false);
                }
                Err(problem) => {
                    failure.try_set(Some(problem));
                }
            }
        });
    });
    view! {
        <Dialog open title=t!("console.keys.revoke_title", name = key.name)>
            <FailureNotice failure/>
            <p>{tr!("console.keys.revoke_text")}</p>
            <footer class="dialog-foot">
                <Button on_press=move |_| open.set(false)>{tr!("actions.cancel")}</Button>
                <Button kind=Kind::Stop busy=busy on_press=revoke>{tr!("console.keys.revoke")}</Button>
            </footer>
        </Dialog>
    }
}
