//! What is granted to members and teams beside roles: for all, one event or one venue.

use contract::{
    events::Event,
    grants::{Grant, Grantee},
    roles::RoleEntry,
    venues::Venue,
};
use domain::{Permission, Scope};
use leptos::{prelude::*, task::spawn_local};
use ui::{
    Failure, Fetched,
    api::staff,
    components::{Button, FailureNotice, Kind, Remote},
    fetched, session, t, tr,
};

use super::Both;
use super::grant::Add;
use crate::pages::access::choice;
use crate::parts::words::title;

/// What the grants are about.
#[derive(Debug, Clone)]
pub struct About {
    grants: Vec<Grant>,
    pub roles: Vec<RoleEntry>,
    pub events: Vec<Event>,
    pub venues: Vec<Venue>,
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
    pub fn scope(&self, scope: Scope) -> String {
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
pub fn called(to: Grantee, (teams, members): &Both) -> String {
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
