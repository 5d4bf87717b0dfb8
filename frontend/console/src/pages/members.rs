//! Who belongs to the organisation and as what.

use contract::{
    ErrorCode, Page,
    accounts::{AddMember, Member},
    factors::SignInPolicy,
};
use domain::{Permission, Role};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use ui::{
    Failure, Fetched,
    api::{self, staff},
    components::{Button, FailureNotice, Field, Kind, Remote},
    fetched,
    format::{self, Style},
    session, t, tr,
};

use crate::parts::{dialog::Dialog, select::Select, words};

/// The page at `/console/members`.
#[component]
pub fn MemberList() -> impl IntoView {
    let members = fetched(session::organisation, |_| async { staff::members::list().await });
    let adding = RwSignal::new(false);
    view! {
        <header class="page-head">
            <h1>{tr!("console.members.title")}</h1>
            <Show when=|| session::can(Permission::MembersManage)>
                <Button kind=Kind::Primary on_press=move |_| adding.set(true)>{tr!("console.members.add")}</Button>
            </Show>
        </header>
        <Remote of=members view={move |page: Signal<Page<Member>>| view! { <Table page members/> }}/>
        <Show when=|| session::can(Permission::OrganisationManage)><Policy/></Show>
        <Show when=move || adding.get()><Add open=adding members/></Show>
    }
}

/// How members have to sign in.
#[component]
fn Policy() -> impl IntoView {
    let policy = fetched(session::organisation, |_| api::factors::policy());
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let change = move |requires_second_factor: bool| {
        busy.set(true);
        spawn_local(async move {
            let answer = api::factors::change_policy(&SignInPolicy { requires_second_factor }).await;
            busy.try_set(false);
            if let Ok(now) = &answer {
                policy.set(now.clone());
            }
            failure.try_set(answer.err());
        });
    };
    let choice = move |now: Signal<SignInPolicy>| {
        move || {
            let required = now.get().requires_second_factor;
            let (state, deed) = if required {
                ("console.policy.required", "console.policy.stop")
            } else {
                ("console.policy.optional", "console.policy.start")
            };
            view! {
                <p><strong>{t!(state)}</strong></p>
                <Button busy on_press=move |_| change(!required)>{t!(deed)}</Button>
            }
        }
    };
    let own = move || {
        failure.with(|failure| failure.as_ref().and_then(Failure::code))
            == Some(ErrorCode::SecondFactorRequired)
    };
    view! {
        <section class="policy">
            <h2>{tr!("console.policy.title")}</h2>
            <p class="soft">{tr!("console.policy.text")}</p>
            <FailureNotice failure/>
            <Show when=own><p><a href="/account/security" rel="external">{tr!("console.second_factor.go")}</a></p></Show>
            <Remote of=policy view=choice/>
        </section>
    }
}

/// The roles this person may give: only owners name owners.
fn givable() -> Vec<(String, String)> {
    let owner = session::membership().is_some_and(|membership| membership.role == Role::Owner);
    let roles = Role::ALL.into_iter().filter(|role| owner || *role != Role::Owner);
    roles.map(|role| (role.name().to_owned(), words::role(role))).collect()
}

#[component]
fn Table(page: Signal<Page<Member>>, members: Fetched<Page<Member>>) -> impl IntoView {
    let failure = RwSignal::new(None::<Failure>);
    let rows = move || {
        let row = |member| view! { <Row member members failure/> };
        page.get().items.into_iter().map(row).collect_view()
    };
    view! {
        <FailureNotice failure/>
        <div class="table-frame">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{tr!("console.members.name")}</th>
                        <th scope="col">{tr!("console.members.role")}</th>
                        <th scope="col" class="wide-only">{tr!("console.members.since")}</th>
                        <th scope="col"><span class="unseen">{tr!("console.members.deeds")}</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Row(member: Member, members: Fetched<Page<Member>>, failure: RwSignal<Option<Failure>>) -> impl IntoView {
    let owner = session::membership().is_some_and(|membership| membership.role == Role::Owner);
    let changeable = session::can(Permission::MembersManage) && (member.role != Role::Owner || owner);
    let done = Callback::new(move |answer: Result<(), Failure>| {
        // Read again also after a refusal: the choice must show what is true.
        members.refetch();
        failure.try_set(answer.err());
    });
    let role = member.role;
    view! {
        <tr>
            <td><strong>{member.name.clone()}</strong><span class="under">{member.email.clone()}</span></td>
            <td>
                {if changeable {
                    view! { <RoleChoice member=member.clone() done/> }.into_any()
                } else {
                    view! { <span>{move || words::role(role)}</span> }.into_any()
                }}
            </td>
            <td class="wide-only">{format::here(member.since, Style::Full)}</td>
            <td class="number">{changeable.then(|| view! { <Remove member done/> })}</td>
        </tr>
    }
}

/// The role, to be changed at once.
#[component]
fn RoleChoice(member: Member, done: Callback<Result<(), Failure>>) -> impl IntoView {
    let id = member.user_id.to_string();
    let change = move |event| {
        let Some(role) = Role::from_name(&event_target_value(&event)) else { return };
        let id = id.clone();
        spawn_local(async move { done.run(staff::members::change_role(&id, role).await.map(|_| ())) });
    };
    let current = member.role.name();
    let options = move || {
        let row = |(name, text): (String, String)| {
            let selected = name == current;
            view! { <option value=name selected=selected>{text}</option> }
        };
        givable().into_iter().map(row).collect_view()
    };
    view! {
        <label class="quiet-select">
            <span class="unseen">{t!("console.members.role_of", name = member.name)}</span>
            <select on:change=change>{options}</select>
        </label>
    }
}

/// Removes a member, after asking.
#[component]
fn Remove(member: Member, done: Callback<Result<(), Failure>>) -> impl IntoView {
    let asking = RwSignal::new(false);
    let id = member.user_id.to_string();
    let remove = Callback::new(move |()| {
        let id = id.clone();
        asking.set(false);
        spawn_local(async move { done.run(staff::members::remove(&id).await.map(|_| ())) });
    });
    view! {
        <Button kind=Kind::Bare class="button-small" on_press=move |_| asking.set(true)>
            {tr!("console.members.remove")}
        </Button>
        <Show when=move || asking.get()>
            <Dialog open=asking title=t!("console.members.remove_title", name = member.name)>
                <p>{tr!("console.members.remove_text")}</p>
                <footer class="dialog-foot">
                    <Button on_press=move |_| asking.set(false)>{tr!("actions.cancel")}</Button>
                    <Button kind=Kind::Stop on_press=move |_| remove.run(())>{tr!("console.members.remove")}</Button>
                </footer>
            </Dialog>
        </Show>
    }
}

#[component]
fn Add(open: RwSignal<bool>, members: Fetched<Page<Member>>) -> impl IntoView {
    let (email, role) = (RwSignal::new(String::new()), RwSignal::new(Role::Viewer.name().to_owned()));
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(role) = Role::from_name(&role.get_untracked()).filter(|_| !busy.get_untracked()) else {
            return;
        };
        busy.set(true);
        let member = AddMember { email: email.get_untracked().trim().to_owned(), role };
        spawn_local(async move {
            let answer = staff::members::add(&member, &api::new_intent()).await;
            busy.try_set(false);
            if answer.is_ok() {
                members.refetch();
                open.try_set(false);
            }
            failure.try_set(answer.err());
        });
    };
    let error = move || failure.get().and_then(|failure| failure.field("email"));
    view! {
        <Dialog open title=t!("console.members.add")>
            <form on:submit=send novalidate>
                <p class="soft">{tr!("console.members.add_text")}</p>
                <FailureNotice failure/>
                <Field label=Signal::derive(tr!("console.members.email")) value=email kind="email" name="email" required=true
                    error=Signal::derive(error)/>
                <Select label=Signal::derive(tr!("console.members.role")) value=role options=Signal::derive(givable)/>
                <footer class="dialog-foot">
                    <Button kind=Kind::Primary busy=busy>{tr!("console.members.add")}</Button>
                </footer>
            </form>
        </Dialog>
    }
}
