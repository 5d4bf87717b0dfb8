//! What is granted to members and teams beside roles: for all, one event or one venue.

use contract::{
    events::Event,
    grants::{CreateGrant, Grant, Grantee},
    roles::RoleEntry,
    venues::Venue,
};
use domain::{Permission, Role, Scope};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use ui::{
    Failure, Fetched,
    api::{self, staff},
    components::{Button, FailureNotice, Kind, Remote},
    fetched, session, t, tr,
};

use super::Both;
use crate::pages::access::choice;
use crate::parts::{dialog::Dialog, select::Select, words::title};

/// What the grants are about.
#[derive(Debug, Clone)]
struct About {
    grants: Vec<Grant>,
    roles: Vec<RoleEntry>,
    events: Vec<Event>,
    venues: Vec<Venue>,
}

async fn about() -> Result<About, Failure> {
    Ok(About {
        grants: staff::teams::grants().await?.items,
        roles: staff::roles::list().await?.items,
        events: staff::events::list("", "", "").await?.items,
        venues: staff::venues::list().await?.items,
    })
}

impl About {
    /// What a scope is called.
    fn scope(&self, scope: Scope) -> String {
        match scope {
            Scope::Organisation => t!("console.teams.everything"),
            Scope::Event(id) => self.events.iter().find(|event| event.id == id).map_or_else(
                || t!("console.teams.gone"),
                |event| t!("console.teams.event", name = title(&event.texts)),
            ),
            Scope::Venue(id) => self.venues.iter().find(|venue| venue.id == id).map_or_else(
                || t!("console.teams.gone"),
                |venue| t!("console.teams.venue", name = venue.name),
            ),
        }
    }
}

/// What a grantee is called.
fn called(to: Grantee, (teams, members): &Both) -> String {
    let name = match to {
        Grantee::Member(id) => {
            members.items.iter().find(|member| member.user_id == id).map(|member| member.name.clone())
        }
        Grantee::Team(id) => {
            let team = teams.items.iter().find(|team| team.id == id);
            team.map(|team| t!("console.teams.team", name = team.name))
        }
    };
    name.unwrap_or_else(|| t!("console.teams.gone"))
}

/// What is granted, below the teams.
#[component]
pub fn Grants(teams: Fetched<Both>) -> impl IntoView {
    let grants = fetched(session::organisation, |_| about());
    let adding = RwSignal::new(false);
    // What a team that is gone was granted is gone as well.
    Effect::new(move |_| {
        teams.with(|_| ());
        grants.refetch();
    });
    view! {
        <header class="page-head">
            <h2>{tr!("console.teams.grants")}</h2>
            <Show when=|| session::can(Permission::MembersManage)>
                <Button on_press=move |_| adding.set(true)>{tr!("console.teams.grant_new")}</Button>
            </Show>
        </header>
        <Remote of=grants view={move |now: Signal<About>| view! { <Table now grants teams/> }}/>
        <Show when=move || adding.get()><Add open=adding grants teams/></Show>
    }
}

#[component]
fn Table(now: Signal<About>, grants: Fetched<About>, teams: Fetched<Both>) -> impl IntoView {
    let failure = RwSignal::new(None::<Failure>);
    let row = move |grant: Grant| {
        let id = StoredValue::new(grant.id.to_string());
        let end = move |_| {
            spawn_local(async move {
                let answer = staff::teams::end_grant(&id.get_value()).await;
                grants.refetch();
                failure.try_set(answer.err());
            });
        };
        let to = teams.with(|both| both.map(|both| called(grant.to, both)).unwrap_or_default());
        view! {
            <tr>
                <td><strong>{to}</strong></td>
                <td>{choice::name(grant.role, grant.custom_role.as_ref())}</td>
                <td>{now.with(|about| about.scope(grant.scope))}</td>
                <td class="number">{session::can(Permission::MembersManage).then(|| view! {
                    <Button kind=Kind::Bare class="button-small" on_press=end>{tr!("console.teams.end")}</Button>
                })}</td>
            </tr>
        }
    };
    let none = || view! { <p class="soft">{tr!("console.teams.no_grants")}</p> };
    view! {
        <FailureNotice failure/>
        <Show when=move || now.with(|about| !about.grants.is_empty()) fallback=none>
            <div class="table-frame"><table class="table">
                <thead><tr>
                    <th scope="col">{tr!("console.teams.to")}</th>
                    <th scope="col">{tr!("console.teams.role")}</th>
                    <th scope="col">{tr!("console.teams.scope")}</th>
                    <th scope="col"><span class="unseen">{tr!("console.members.deeds")}</span></th>
                </tr></thead>
                <tbody>{move || now.get().grants.into_iter().map(row).collect_view()}</tbody>
            </table></div>
        </Show>
    }
}

/// A choice's value as JSON: what it stands for.
fn written<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

#[component]
fn Add(open: RwSignal<bool>, grants: Fetched<About>, teams: Fetched<Both>) -> impl IntoView {
    let to = RwSignal::new(String::new());
    let role = RwSignal::new(Role::Viewer.name().to_owned());
    let scope = RwSignal::new(written(&Scope::Organisation));
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let tos = Memo::new(move |_| {
        teams.with(|both| {
            let Some(both) = both else { return Vec::new() };
            let groups = both.0.items.iter().map(|team| Grantee::Team(team.id));
            let people = both.1.items.iter().map(|member| Grantee::Member(member.user_id));
            groups.chain(people).map(|to| (written(&to), called(to, both))).collect()
        })
    });
    Effect::new(move |_| {
        if let Some((first, _)) = tos.get().first().filter(|_| to.get_untracked().is_empty()) {
            to.set(first.clone());
        }
    });
    let roles = move || {
        grants.with(|about| {
            let roles = about.map(|about| about.roles.clone()).unwrap_or_default();
            choice::options(&roles.into_iter().filter(|role| role.role != Role::Owner).collect::<Vec<_>>())
        })
    };
    let scopes = move || {
        grants.with(|about| {
            let Some(about) = about else { return Vec::new() };
            let events = about.events.iter().map(|event| Scope::Event(event.id));
            let venues = about.venues.iter().map(|venue| Scope::Venue(venue.id));
            let all = std::iter::once(Scope::Organisation).chain(events).chain(venues);
            all.map(|scope| (written(&scope), about.scope(scope))).collect::<Vec<_>>()
        })
    };
    let wish = Memo::new(move |_| {
        let to = serde_json::from_str(&to.get()).ok()?;
        let (role, custom_role) = choice::chosen(&role.get())?;
        let scope = serde_json::from_str(&scope.get()).ok()?;
        Some((CreateGrant { to, role, custom_role, scope }, api::new_intent()))
    });
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        let Some((grant, intent)) = wish.get_untracked().filter(|_| !busy.get_untracked()) else { return };
        busy.set(true);
        spawn_local(async move {
            let answer = staff::teams::grant(&grant, &intent).await;
            busy.try_set(false);
            if answer.is_ok() {
                grants.refetch();
                open.try_set(false);
            }
            failure.try_set(answer.err());
        });
    };
    view! {
        <Dialog open title=t!("console.teams.grant_new")>
            <form on:submit=send novalidate>
                <FailureNotice failure/>
                <Select label=Signal::derive(tr!("console.teams.to")) value=to options=Signal::derive(move || tos.get())/>
                <Select label=Signal::derive(tr!("console.teams.role")) value=role options=Signal::derive(roles)/>
                <Select label=Signal::derive(tr!("console.teams.scope")) value=scope options=Signal::derive(scopes)/>
                <p class="soft">{tr!("console.teams.narrow")}</p>
                <footer class="dialog-foot">
                    <Button kind=Kind::Primary busy=busy>{tr!("console.teams.grant_new")}</Button>
                </footer>
            </form>
        </Dialog>
    }
}
