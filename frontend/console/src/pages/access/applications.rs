//! Applications of integrators: the list, registering one, changing, rotating and deleting it.

mod deeds;
mod form;

use contract::{
    Page,
    oauth::{ClientKind, NewOauthClient, OauthClient},
};
use domain::Permission;
use leptos::prelude::*;
use ui::{
    Fetched,
    api::staff,
    components::{Badge, Button, Empty, Glyph, Kind, Remote, Tone},
    fetched, session, t, tr,
};

use super::secret::{Secret, Shown};
use crate::shell::NotAllowed;
use deeds::{Delete, Rotate};
use form::Form;

/// The page at `/console/applications`.
#[component]
pub fn ApplicationList() -> impl IntoView {
    view! {
        <Show when=|| session::can(Permission::KeysRead) fallback=|| view! { <NotAllowed/> }><Applications/></Show>
    }
}

/// What a new secret is shown by; a public application has its id to show.
fn shown_of(new: NewOauthClient) -> Shown {
    let id = new.client.id.to_string();
    let text = match &new.secret {
        Some(_) => None,
        None => Some(t!("console.applications.secret_none", id = &id)),
    };
    Shown { name: new.client.name, secret: new.secret.unwrap_or(id), text }
}

#[component]
fn Applications() -> impl IntoView {
    let list = fetched(session::organisation, |_| async { staff::applications::list().await });
    let (creating, shown) = (RwSignal::new(false), RwSignal::new(None::<Shown>));
    view! {
        <header class="page-head">
            <h1>{tr!("console.applications.title")}</h1>
            <Show when=|| session::can(Permission::KeysManage)>
                <Button kind=Kind::Primary on_press=move |_| creating.set(true)>{tr!("console.applications.new")}</Button>
            </Show>
        </header>
        <p class="soft">{tr!("console.applications.text")}</p>
        <Remote of=list view={move |page: Signal<Page<OauthClient>>| view! { <Table page list shown/> }}/>
        <Show when=move || creating.get()><Form open=creating client=None list shown/></Show>
        {move || shown.get().map(|of| view! { <Secret of shown/> })}
    }
}

#[component]
fn Table(
    page: Signal<Page<OauthClient>>,
    list: Fetched<Page<OauthClient>>,
    shown: RwSignal<Option<Shown>>,
) -> impl IntoView {
    let rows =
        move || page.get().items.into_iter().map(|client| view! { <Row client list shown/> }).collect_view();
    let table = move || {
        view! {
            <div class="table-frame">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{tr!("console.applications.name")}</th>
                            <th scope="col">{tr!("console.applications.kind")}</th>
                            <th scope="col"><span class="unseen">{tr!("console.members.deeds")}</span></th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
    };
    let none = || view! { <Empty glyph=Glyph::Lock title=Signal::derive(tr!("console.applications.none"))/> };
    view! { <Show when=move || page.with(|page| !page.items.is_empty()) fallback=none>{table()}</Show> }
}

#[component]
fn Row(
    client: OauthClient,
    list: Fetched<Page<OauthClient>>,
    shown: RwSignal<Option<Shown>>,
) -> impl IntoView {
    let word = match client.kind {
        ClientKind::Confidential => "console.applications.confidential",
        ClientKind::Public => "console.applications.public",
    };
    let (rotatable, manages) =
        (client.kind == ClientKind::Confidential, session::can(Permission::KeysManage));
    let (editing, rotating, deleting) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let stored = StoredValue::new(client.clone());
    let bare = move |open: RwSignal<bool>, key: &'static str| {
        view! { <Button kind=Kind::Bare class="button-small" on_press=move |_| open.set(true)>{tr!(key)}</Button> }
    };
    view! {
        <tr>
            <td>
                <strong>{client.name}</strong>
                <span class="under">{t!("console.applications.id")} " " <code>{client.id.to_string()}</code></span>
                <span class="under">{client.scopes.join(", ")}</span>
            </td>
            <td><Badge tone=Tone::Plain>{t!(word)}</Badge></td>
            <td class="number">
                {manages.then(|| bare(editing, "console.applications.edit"))}
                {(manages && rotatable).then(|| bare(rotating, "console.applications.rotate"))}
                {manages.then(|| bare(deleting, "console.applications.delete"))}
                <Show when=move || editing.get()><Form open=editing client=Some(stored.get_value()) list shown/></Show>
                <Show when=move || rotating.get()><Rotate client=stored.get_value() open=rotating list shown/></Show>
                <Show when=move || deleting.get()><Delete client=stored.get_value() open=deleting list/></Show>
            </td>
        </tr>
    }
}
