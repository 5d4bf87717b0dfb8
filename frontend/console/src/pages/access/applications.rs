//! Applications of integrators: the list, registering one, changing, rotating and deleting it.

mod draft;
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
    components::{Badge, Remote},
    fetched, session, t,
};

use super::programs::{Opens, ProgramTable, Programs, may_manage};
use super::rotate::Rotate;
use super::secret::Shown;
use crate::parts::sure::Sure;
use crate::shell::NotAllowed;
use form::Form;

/// The page at `/console/applications`.
#[component]
pub fn ApplicationList() -> impl IntoView {
    view! {
        <Show when=|| session::can(Permission::KeysRead) fallback=|| view! { <NotAllowed/> }><Applications/></Show>
    }
}

fn shown_of(new: NewOauthClient) -> Shown {
    Shown { name: new.client.name, id: Some(new.client.id.to_string()), secret: new.secret }
}

#[component]
fn Applications() -> impl IntoView {
    let list = fetched(session::organisation, |_| async { staff::applications::list().await });
    let (creating, shown) = (RwSignal::new(false), RwSignal::new(None::<Shown>));
    let table = move |page: Signal<Page<OauthClient>>| {
        let row = move |client| view! { <Row client list shown/> };
        view! { <ProgramTable words="console.applications" columns=&["name", "kind"] wide="" page row/> }
    };
    view! {
        <Programs words="console.applications" creating shown><Remote of=list view=table/></Programs>
        <Show when=move || creating.get()><Form open=creating client=None list shown/></Show>
    }
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
    view! {
        <tr>
            <td>
                <strong>{client.name.clone()}</strong>
                <span class="under">{t!("console.applications.id")} " " <code>{client.id.to_string()}</code></span>
                <span class="under">{client.scopes.join(", ")}</span>
            </td>
            <td><Badge>{t!(word)}</Badge></td>
            <td class="number">{may_manage().then(|| view! { <Deeds client list shown/> })}</td>
        </tr>
    }
}

/// What can be done with an application.
#[component]
fn Deeds(
    client: OauthClient,
    list: Fetched<Page<OauthClient>>,
    shown: RwSignal<Option<Shown>>,
) -> impl IntoView {
    let (editing, rotating, deleting) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let rotatable = client.kind == ClientKind::Confidential;
    let (name, id) = (StoredValue::new(client.name.clone()), StoredValue::new(client.id.to_string()));
    let stored = StoredValue::new(client);
    let rotate = move |wish, intent: String| async move {
        staff::applications::rotate(&id.get_value(), &wish, &intent).await.map(shown_of)
    };
    let delete = move || async move { staff::applications::delete(&id.get_value()).await };
    view! {
        <Opens open=editing word="console.applications.edit"/>
        {rotatable.then(|| view! { <Opens open=rotating word="console.applications.rotate"/> })}
        <Opens open=deleting word="console.applications.delete"/>
        <Show when=move || editing.get()><Form open=editing client=Some(stored.get_value()) list shown/></Show>
        <Show when=move || rotating.get()>
            <Rotate open=rotating title=t!("console.applications.rotate_title", name = name.get_value())
                text=t!("console.applications.rotate_text") deed=rotate shown done=move |()| list.refetch()/>
        </Show>
        <Show when=move || deleting.get()>
            <Sure open=deleting title=t!("console.applications.delete_title", name = name.get_value())
                text=t!("console.applications.delete_text") word=t!("console.applications.delete") deed=delete
                done=move |()| list.refetch()/>
        </Show>
    }
}
