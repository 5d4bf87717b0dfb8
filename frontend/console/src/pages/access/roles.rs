//! Roles and what they allow: a matrix in plain words.

use contract::{
    Page,
    roles::{RoleEntry, WriteRole},
};
use domain::Permission;
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use ui::{
    Failure, Fetched,
    api::{self, staff},
    components::{Button, FailureNotice, Field, Kind, Remote},
    fetched, session, t, tr,
};

use super::choice;
use crate::parts::dialog::Dialog;

/// What a permission is called.
pub fn words(permission: Permission) -> String {
    t!(&format!("console.permission.{}", permission.name().replace('.', "_")))
}

/// The page at `/console/roles`.
#[component]
pub fn RoleList() -> impl IntoView {
    let roles = fetched(session::organisation, |_| async { staff::roles::list().await });
    let editing = RwSignal::new(None::<Option<RoleEntry>>);
    let open = RwSignal::new(false);
    let edit = Callback::new(move |role: Option<RoleEntry>| {
        editing.set(Some(role));
        open.set(true);
    });
    view! {
        <header class="page-head">
            <h1>{tr!("console.roles.title")}</h1>
            <Show when=|| session::can(Permission::MembersManage)>
                <Button kind=Kind::Primary on_press=move |_| edit.run(None)>{tr!("console.roles.new")}</Button>
            </Show>
        </header>
        <p class="soft">{tr!("console.roles.text")}</p>
        <Remote of=roles view={move |page: Signal<Page<RoleEntry>>| view! {
            <OwnRoles page roles edit/>
            <Matrix page/>
        }}/>
        {move || (open.get()).then(|| {
            let role = editing.get_untracked().flatten();
            view! { <Edit open roles role/> }
        })}
    }
}

/// The organisation's own roles, with what can be done to them.
#[component]
fn OwnRoles(
    page: Signal<Page<RoleEntry>>,
    roles: Fetched<Page<RoleEntry>>,
    edit: Callback<Option<RoleEntry>>,
) -> impl IntoView {
    let failure = RwSignal::new(None::<Failure>);
    let row = move |role: RoleEntry| {
        let name = choice::name(role.role, role.custom.as_ref());
        let id = role.custom.as_ref().map(|custom| custom.id.to_string()).unwrap_or_default();
        let changeable = session::can(Permission::MembersManage) && choice::givable(&role);
        let delete = Callback::new(move |()| {
            let id = id.clone();
            spawn_local(async move {
                let answer = staff::roles::delete(&id).await;
                roles.refetch();
                failure.try_set(answer.err());
            });
        });
        let (count, entry) = (role.used, role);
        let deeds = move || {
            let entry = entry.clone();
            view! {
                <Button kind=Kind::Bare class="button-small" on_press=move |_| edit.run(Some(entry.clone()))>
                    {tr!("console.roles.edit")}
                </Button>
                <Button kind=Kind::Bare class="button-small" disabled=Signal::derive(move || count > 0)
                    on_press=move |_| delete.run(())>{tr!("console.roles.delete")}</Button>
            }
        };
        view! {
            <tr>
                <td><strong>{name}</strong><span class="under">{t!("console.roles.used", count = count)}</span></td>
                <td class="number">{changeable.then(deeds)}</td>
            </tr>
        }
    };
    let own = move || page.get().items.into_iter().filter(|role| role.custom.is_some()).collect::<Vec<_>>();
    view! {
        <FailureNotice failure/>
        <Show when=move || !own().is_empty()>
            <div class="table-frame"><table class="table">
                <caption class="unseen">{tr!("console.roles.custom")}</caption>
                <tbody>{move || own().into_iter().map(row).collect_view()}</tbody>
            </table></div>
        </Show>
    }
}

/// Every permission and which role holds it.
#[component]
fn Matrix(page: Signal<Page<RoleEntry>>) -> impl IntoView {
    let head = move || {
        let name = |role: RoleEntry| choice::name(role.role, role.custom.as_ref());
        page.get().items.into_iter().map(|role| view! { <th scope="col">{name(role)}</th> }).collect_view()
    };
    let row = move |permission: &'static Permission| {
        let cell = move |role: RoleEntry| {
            let may = role.permissions.contains(permission);
            let word = if may { t!("console.roles.yes") } else { t!("console.roles.no") };
            view! { <td><span aria-hidden="true">{if may { "✓" } else { "–" }}</span><span class="unseen">{word}</span></td> }
        };
        let cells = move || page.get().items.into_iter().map(cell).collect_view();
        view! { <tr><th scope="row">{words(*permission)}</th>{cells}</tr> }
    };
    view! {
        <h2>{tr!("console.roles.matrix")}</h2>
        <div class="table-frame" tabindex="0" role="region" aria-label=tr!("console.roles.matrix")>
            <table class="table">
                <thead><tr><th scope="col">{tr!("console.roles.right")}</th>{head}</tr></thead>
                <tbody>{move || Permission::ALL.iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Edit(open: RwSignal<bool>, roles: Fetched<Page<RoleEntry>>, role: Option<RoleEntry>) -> impl IntoView {
    let old = role.as_ref().and_then(|role| role.custom.clone());
    let name = RwSignal::new(old.as_ref().map(|custom| custom.name.clone()).unwrap_or_default());
    let chosen = RwSignal::new(role.map(|role| role.permissions).unwrap_or_default());
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    // One key for each thing that was sent: a form that was mended is a new wish.
    let intent = Memo::new(move |_| {
        name.track();
        chosen.track();
        api::new_intent()
    });
    let id = StoredValue::new(old.as_ref().map(|custom| custom.id.to_string()));
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let wish =
            WriteRole { name: name.get_untracked().trim().to_owned(), permissions: chosen.get_untracked() };
        spawn_local(async move {
            let answer = match id.get_value() {
                Some(id) => staff::roles::update(&id, &wish).await,
                None => staff::roles::create(&wish, &intent.get_untracked()).await,
            };
            busy.try_set(false);
            if answer.is_ok() {
                roles.refetch();
                open.try_set(false);
            }
            failure.try_set(answer.err());
        });
    };
    let error = move || failure.get().and_then(|failure| failure.field("name"));
    let own = session::membership().map(|own| own.permissions).unwrap_or_default();
    let boxes = own.into_iter().map(|permission| view! { <Right permission chosen/> }).collect_view();
    let title = old.map_or_else(|| t!("console.roles.new"), |custom| custom.name);
    view! {
        <Dialog open title>
            <form on:submit=send novalidate>
                <FailureNotice failure/>
                <Field label=Signal::derive(tr!("console.roles.name")) name="name" value=name required=true
                    error=Signal::derive(error)/>
                <fieldset class="stack"><legend class="field-label">{tr!("console.roles.right")}</legend>{boxes}</fieldset>
                <footer class="dialog-foot">
                    <Button kind=Kind::Primary busy=busy disabled=Signal::derive(move || chosen.with(Vec::is_empty))>
                        {tr!("console.roles.save")}
                    </Button>
                </footer>
            </form>
        </Dialog>
    }
}

/// A permission to tick.
#[component]
fn Right(permission: Permission, chosen: RwSignal<Vec<Permission>>) -> impl IntoView {
    let ticked = move || chosen.with(|chosen| chosen.contains(&permission));
    let tick = move |event| {
        let on = event_target_checked(&event);
        chosen.update(|chosen| {
            chosen.retain(|other| *other != permission);
            if on {
                chosen.push(permission);
            }
        });
    };
    view! {
        <label class="toggle">
            <input type="checkbox" prop:checked=ticked on:change=tick/>
            <span>{words(permission)}</span>
        </label>
    }
}
