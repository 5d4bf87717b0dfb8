//! Who belongs to the organisation and as what.

use contract::{
    accounts::{ChangeRole, Member},
    invitations::{Invitation, Invite},
    roles::RoleEntry,
    teams::Team,
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
use uuid::Uuid;

use crate::pages::access::choice;
use crate::pages::policy::Policy;
use crate::parts::{dialog::Dialog, select::Select};

/// Members, open invitations, and the roles to give.
#[derive(Debug, Clone)]
struct Everybody {
    members: Vec<Member>,
    invitations: Vec<Invitation>,
    roles: Vec<RoleEntry>,
    teams: Vec<Team>,
}

async fn everybody() -> Result<Everybody, Failure> {
    Ok(Everybody {
        members: staff::members::list().await?.items,
        invitations: staff::invitations::list().await?.items,
        roles: staff::roles::list().await?.items,
        teams: staff::teams::list().await?.items,
    })
}

/// The page at `/console/members`.
#[component]
pub fn MemberList() -> impl IntoView {
    let all = fetched(session::organisation, |_| everybody());
    let adding = RwSignal::new(false);
    view! {
        <header class="page-head">
            <h1>{tr!("console.members.title")}</h1>
            <div class="page-actions">
            <a class="button button-quiet" href="/console/teams">{tr!("console.members.teams")}</a>
            <a class="button button-quiet" href="/console/roles">{tr!("console.members.roles")}</a>
            <Show when=|| session::can(Permission::OrganisationManage)>
                <a class="button button-quiet" href="/console/networks">{tr!("console.members.networks")}</a>
            </Show>
            <Show when=|| session::can(Permission::OrganisationRead)>
                <a class="button button-quiet" href="/console/sign-on">{tr!("console.members.sign_on")}</a>
            </Show>
            <Show when=|| session::can(Permission::MembersManage)>
                <Button kind=Kind::Primary on_press=move |_| adding.set(true)>{tr!("console.members.add")}</Button>
            </Show>
            </div>
        </header>
        <Remote of=all view={move |now: Signal<Everybody>| view! { <Table now all/><Pending now all/> }}/>
        <Show when=|| session::can(Permission::OrganisationManage)><Policy/></Show>
        <Show when=move || adding.get()><Invitee open=adding all/></Show>
    }
}

#[component]
fn Table(now: Signal<Everybody>, all: Fetched<Everybody>) -> impl IntoView {
    let failure = RwSignal::new(None::<Failure>);
    let rows = move || {
        let Everybody { members, roles, .. } = now.get();
        let row = |member| view! { <Row member roles=roles.clone() all failure/> };
        members.into_iter().map(row).collect_view()
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
fn Row(
    member: Member,
    roles: Vec<RoleEntry>,
    all: Fetched<Everybody>,
    failure: RwSignal<Option<Failure>>,
) -> impl IntoView {
    let own = |role: &&RoleEntry| role.role == member.role && role.custom == member.custom_role;
    let givable = roles.iter().find(own).is_some_and(choice::givable);
    let changeable = session::can(Permission::MembersManage) && givable;
    let done = Callback::new(move |answer: Result<(), Failure>| {
        // Read again also after a refusal: the choice must show what is true.
        all.refetch();
        failure.try_set(answer.err());
    });
    let called = choice::name(member.role, member.custom_role.as_ref());
    view! {
        <tr>
            <td><strong>{member.name.clone()}</strong><span class="under">{member.email.clone()}</span></td>
            <td>
                {if changeable {
                    view! { <RoleChoice member=member.clone() roles done/> }.into_any()
                } else {
                    view! { <span>{called}</span> }.into_any()
                }}
            </td>
            <td class="wide-only">{format::here(member.since, Style::Full)}</td>
            <td class="number">{changeable.then(|| view! { <Remove member done/> })}</td>
        </tr>
    }
}

/// The role, to be changed at once.
#[component]
fn RoleChoice(member: Member, roles: Vec<RoleEntry>, done: Callback<Result<(), Failure>>) -> impl IntoView {
    let id = member.user_id.to_string();
    let change = move |event| {
        let Some((role, custom_role)) = choice::chosen(&event_target_value(&event)) else { return };
        let (id, wish) = (id.clone(), ChangeRole { role, custom_role });
        spawn_local(async move { done.run(staff::members::change_role(&id, &wish).await.map(|_| ())) });
    };
    let current = choice::value(member.role, member.custom_role.as_ref());
    let options = move || {
        let row = |(name, text): (String, String)| {
            let selected = name == current;
            view! { <option value=name selected=selected>{text}</option> }
        };
        choice::options(&roles).into_iter().map(row).collect_view()
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

/// Those who have not accepted yet.
#[component]
fn Pending(now: Signal<Everybody>, all: Fetched<Everybody>) -> impl IntoView {
    let failure = RwSignal::new(None::<Failure>);
    let rows = move || {
        let row = |invitation| view! { <PendingRow invitation all failure/> };
        now.get().invitations.into_iter().map(row).collect_view()
    };
    view! {
        <FailureNotice failure/>
        <Show when=move || now.with(|now| !now.invitations.is_empty())>
            <h2>{tr!("console.members.invited")}</h2>
            <div class="table-frame"><table class="table">
                <thead><tr>
                    <th scope="col">{tr!("console.members.email")}</th>
                    <th scope="col">{tr!("console.members.role")}</th>
                    <th scope="col" class="wide-only">{tr!("console.members.expires")}</th>
                    <th scope="col"><span class="unseen">{tr!("console.members.deeds")}</span></th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table></div>
        </Show>
    }
}

#[component]
fn PendingRow(
    invitation: Invitation,
    all: Fetched<Everybody>,
    failure: RwSignal<Option<Failure>>,
) -> impl IntoView {
    let id = StoredValue::new(invitation.id.to_string());
    let done = move |answer: Result<(), Failure>| {
        all.refetch();
        failure.try_set(answer.err());
    };
    let sent = RwSignal::new(false);
    let resend = move |_| {
        spawn_local(async move {
            let answer = staff::invitations::resend(&id.get_value()).await.map(|_| ());
            sent.try_set(answer.is_ok());
            if answer.is_err() {
                done(answer);
            }
        });
    };
    let withdraw = move |_| {
        spawn_local(async move { done(staff::invitations::withdraw(&id.get_value()).await.map(|_| ())) });
    };
    let over = invitation.expires_at < ui::browser::now();
    let until =
        if over { t!("console.members.expired") } else { format::here(invitation.expires_at, Style::Full) };
    let again = move || if sent.get() { t!("console.members.resent") } else { t!("console.members.resend") };
    let (to, of) = (
        t!("console.members.resend_to", email = invitation.email),
        t!("console.members.withdraw_of", email = invitation.email),
    );
    view! {
        <tr>
            <td>{invitation.email.clone()}</td>
            <td>{choice::name(invitation.role, invitation.custom_role.as_ref())}</td>
            <td class="wide-only">{until}</td>
            <td class="number">{session::can(Permission::MembersManage).then(|| view! {
                <Button kind=Kind::Bare class="button-small" label=Signal::stored(to) disabled=sent on_press=resend>{again}</Button>
                <Button kind=Kind::Bare class="button-small" label=Signal::stored(of) on_press=withdraw>
                    {tr!("console.members.withdraw")}
                </Button>
            })}</td>
        </tr>
    }
}

#[component]
fn Invitee(open: RwSignal<bool>, all: Fetched<Everybody>) -> impl IntoView {
    let (email, role) = (RwSignal::new(String::new()), RwSignal::new(Role::Viewer.name().to_owned()));
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let joining = RwSignal::new(Vec::<Uuid>::new());
    let teams = move || all.with(|now| now.map(|now| now.teams.clone()).unwrap_or_default());
    let roles = move || all.with(|now| now.map(|now| choice::options(&now.roles)).unwrap_or_default());
    // One key for each thing that was sent: a form that was mended is a new wish.
    let wish = Memo::new(move |_| {
        let (role, custom_role) = choice::chosen(&role.get())?;
        let email = email.get().trim().to_owned();
        Some((Invite { email, role, custom_role, teams: joining.get() }, api::new_intent()))
    });
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        let Some((wish, intent)) = wish.get_untracked().filter(|_| !busy.get_untracked()) else { return };
        busy.set(true);
        spawn_local(async move {
            let answer = staff::invitations::invite(&wish, &intent).await;
            busy.try_set(false);
            if answer.is_ok() {
                all.refetch();
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
                <Select label=Signal::derive(tr!("console.members.role")) value=role options=Signal::derive(roles)/>
                <Show when=move || !teams().is_empty()>
                    <fieldset class="stack">
                        <legend class="field-label">{tr!("console.members.teams")}</legend>
                        {move || teams().into_iter().map(|team| view! { <Joining team joining/> }).collect_view()}
                    </fieldset>
                </Show>
                <footer class="dialog-foot">
                    <Button kind=Kind::Primary busy=busy>{tr!("console.members.add")}</Button>
                </footer>
            </form>
        </Dialog>
    }
}

/// A team to join with the invitation.
#[component]
fn Joining(team: Team, joining: RwSignal<Vec<Uuid>>) -> impl IntoView {
    let id = team.id;
    let tick = move |event| {
        let on = event_target_checked(&event);
        joining.update(|joining| {
            joining.retain(|other| *other != id);
            if on {
                joining.push(id);
            }
        });
    };
    view! {
        <label class="toggle">
            <input type="checkbox" prop:checked=move || joining.with(|joining| joining.contains(&id)) on:change=tick/>
            <span>{team.name}</span>
        </label>
    }
}
