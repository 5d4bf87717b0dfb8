//! Teams, who belongs to them, and what is granted beside roles.

mod grant;
mod grants;

use contract::{
    Page,
    accounts::Member,
    teams::{Team, WriteTeam},
};
use domain::Permission;
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use ui::{
    Failure, Fetched,
    api::{self, staff},
    components::{Button, Empty, FailureNotice, Field, Glyph, Kind, Remote},
    fetched, session, t, tr,
};

use crate::parts::dialog::Dialog;
use grants::Grants;

/// Teams and the organisation's members.
type Both = (Page<Team>, Page<Member>);

async fn both() -> Result<Both, Failure> {
    Ok((staff::teams::list().await?, staff::members::list().await?))
}

/// The page at `/console/teams`.
#[component]
pub fn TeamList() -> impl IntoView {
    let teams = fetched(session::organisation, |_| both());
    let adding = RwSignal::new(false);
    view! {
        <header class="page-head">
            <h1>{tr!("console.teams.title")}</h1>
            <Show when=|| session::can(Permission::MembersManage)>
                <Button kind=Kind::Primary on_press=move |_| adding.set(true)>{tr!("console.teams.new")}</Button>
            </Show>
        </header>
        <p class="soft">{tr!("console.teams.text")}</p>
        <Remote of=teams view={move |now: Signal<Both>| view! { <Teams now teams/> }}/>
        <Grants teams/>
        <Show when=move || adding.get()><Add open=adding teams/></Show>
    }
}

#[component]
fn Teams(now: Signal<Both>, teams: Fetched<Both>) -> impl IntoView {
    let failure = RwSignal::new(None::<Failure>);
    let rows = move || {
        let (all, members) = now.get();
        let row = |team| view! { <Row team members=members.items.clone() teams failure/> };
        all.items.into_iter().map(row).collect_view()
    };
    let table = move || {
        view! {
            <div class="table-frame"><table class="table">
                <thead><tr>
                    <th scope="col">{tr!("console.teams.name")}</th>
                    <th scope="col">{tr!("console.teams.members")}</th>
                    <th scope="col"><span class="unseen">{tr!("console.members.deeds")}</span></th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table></div>
        }
    };
    let none = || view! { <Empty glyph=Glyph::Person title=Signal::derive(tr!("console.teams.none"))/> };
    view! {
        <FailureNotice failure/>
        <Show when=move || now.with(|(all, _)| !all.items.is_empty()) fallback=none>{table()}</Show>
    }
}

#[component]
fn Row(
    team: Team,
    members: Vec<Member>,
    teams: Fetched<Both>,
    failure: RwSignal<Option<Failure>>,
) -> impl IntoView {
    let manage = session::can(Permission::MembersManage);
    let (id, name) = (team.id.to_string(), team.name.clone());
    let done = Callback::new(move |answer: Result<(), Failure>| {
        teams.refetch();
        failure.try_set(answer.err());
    });
    let (inside, outside): (Vec<_>, Vec<_>) =
        members.into_iter().partition(|member| team.members.contains(&member.user_id));
    let chip = {
        let (id, team) = (id.clone(), name.clone());
        move |member: Member| view! { <InTeam team=(id.clone(), team.clone()) member manage done/> }
    };
    let join = {
        let id = id.clone();
        move |event| {
            let (team, member) = (id.clone(), event_target_value(&event));
            if !member.is_empty() {
                spawn_local(async move { done.run(staff::teams::join(&team, &member).await.map(|_| ())) });
            }
        }
    };
    let option = |member: Member| view! { <option value=member.user_id.to_string()>{member.name}</option> };
    view! {
        <tr>
            <td><strong>{name.clone()}</strong></td>
            <td>
                <ul class="stack">{inside.into_iter().map(chip).collect_view()}</ul>
                {(manage && !outside.is_empty()).then(|| view! {
                    <label class="quiet-select">
                        <span class="unseen">{tr!("console.teams.add")}</span>
                        <select on:change=join>
                            <option value="">{tr!("console.teams.add_member")}</option>
                            {outside.into_iter().map(option).collect_view()}
                        </select>
                    </label>
                })}
            </td>
            <td class="number">{manage.then(|| view! { <Dissolve id name done/> })}</td>
        </tr>
    }
}

/// A member of a team, who can be taken out of it.
#[component]
fn InTeam(
    team: (String, String),
    member: Member,
    manage: bool,
    done: Callback<Result<(), Failure>>,
) -> impl IntoView {
    let label = t!("console.teams.take_out", name = member.name, team = team.1);
    let ids = StoredValue::new((team.0, member.user_id.to_string()));
    let leave = move |_| {
        let (team, member) = ids.get_value();
        spawn_local(async move { done.run(staff::teams::leave(&team, &member).await.map(|_| ())) });
    };
    view! {
        <li>
            {member.name}
            {manage.then(|| view! {
                <Button kind=Kind::Bare class="button-small" label=Signal::stored(label) on_press=leave>"×"</Button>
            })}
        </li>
    }
}

/// Dissolves a team, after asking.
#[component]
fn Dissolve(id: String, name: String, done: Callback<Result<(), Failure>>) -> impl IntoView {
    let asking = RwSignal::new(false);
    let delete = Callback::new(move |()| {
        let id = id.clone();
        asking.set(false);
        spawn_local(async move { done.run(staff::teams::delete(&id).await.map(|_| ())) });
    });
    view! {
        <Button kind=Kind::Bare class="button-small" on_press=move |_| asking.set(true)>{tr!("console.teams.delete")}</Button>
        <Show when=move || asking.get()>
            <Dialog open=asking title=t!("console.teams.delete_title", name = name)>
                <p>{tr!("console.teams.delete_text")}</p>
                <footer class="dialog-foot">
                    <Button on_press=move |_| asking.set(false)>{tr!("actions.cancel")}</Button>
                    <Button kind=Kind::Stop on_press=move |_| delete.run(())>{tr!("console.teams.delete")}</Button>
                </footer>
            </Dialog>
        </Show>
    }
}

#[component]
fn Add(open: RwSignal<bool>, teams: Fetched<Both>) -> impl IntoView {
    let name = RwSignal::new(String::new());
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let intent = Memo::new(move |_| {
        name.track();
        api::new_intent()
    });
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let team = WriteTeam { name: name.get_untracked().trim().to_owned() };
        spawn_local(async move {
            let answer = staff::teams::create(&team, &intent.get_untracked()).await;
            busy.try_set(false);
            if answer.is_ok() {
                teams.refetch();
                open.try_set(false);
            }
            failure.try_set(answer.err());
        });
    };
    let error = move || failure.get().and_then(|failure| failure.field("name"));
    view! {
        <Dialog open title=t!("console.teams.new")>
            <form on:submit=send novalidate>
                <FailureNotice failure/>
                <Field label=Signal::derive(tr!("console.teams.name")) name="name" value=name required=true error=Signal::derive(error)/>
                <footer class="dialog-foot">
                    <Button kind=Kind::Primary busy=busy>{tr!("console.teams.new")}</Button>
                </footer>
            </form>
        </Dialog>
    }
}
