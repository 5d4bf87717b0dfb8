//! Granting something to a member or a team.

use contract::grants::{CreateGrant, Grantee};
use domain::{Role, Scope};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use ui::{
    Failure, Fetched,
    api::{self, staff},
    components::{Button, FailureNotice, Kind},
    t, tr,
};

use super::Both;
use super::grants::{About, called};
use crate::pages::access::choice;
use crate::parts::{dialog::Dialog, select::Select};

/// Values and words of a choice.
type Options = Vec<(String, String)>;

/// A choice's value as JSON: what it stands for.
fn written<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// To whom: teams first.
fn grantees(both: &Both) -> Options {
    let groups = both.0.items.iter().map(|team| Grantee::Team(team.id));
    let people = both.1.items.iter().map(|member| Grantee::Member(member.user_id));
    groups.chain(people).map(|to| (written(&to), called(to, both))).collect()
}

/// Which role; owners are made elsewhere. Tracks.
fn roles(about: &About) -> Options {
    let roles: Vec<_> = about.roles.iter().filter(|role| role.role != Role::Owner).cloned().collect();
    choice::options(&roles)
}

/// For what: all, an event or a venue.
fn scopes(about: &About) -> Options {
    let events = about.events.iter().map(|event| Scope::Event(event.id));
    let venues = about.venues.iter().map(|venue| Scope::Venue(venue.id));
    let all = std::iter::once(Scope::Organisation).chain(events).chain(venues);
    all.map(|scope| (written(&scope), about.scope(scope))).collect()
}

/// What was chosen.
#[derive(Clone, Copy)]
struct Draft {
    to: RwSignal<String>,
    role: RwSignal<String>,
    scope: RwSignal<String>,
}

impl Draft {
    fn new() -> Self {
        Self {
            to: RwSignal::new(String::new()),
            role: RwSignal::new(Role::Viewer.name().to_owned()),
            scope: RwSignal::new(written(&Scope::Organisation)),
        }
    }

    /// What is sent; none while something is not chosen. Tracks.
    fn wish(self) -> Option<CreateGrant> {
        let to = serde_json::from_str(&self.to.get()).ok()?;
        let (role, custom_role) = choice::chosen(&self.role.get())?;
        let scope = serde_json::from_str(&self.scope.get()).ok()?;
        Some(CreateGrant { to, role, custom_role, scope })
    }
}

/// The dialog.
#[component]
pub fn Add(open: RwSignal<bool>, grants: Fetched<About>, teams: Fetched<Both>) -> impl IntoView {
    let draft = Draft::new();
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let wish = Memo::new(move |_| draft.wish().map(|grant| (grant, api::new_intent())));
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
                <Choices draft grants teams/>
                <p class="soft">{tr!("console.teams.narrow")}</p>
                <footer class="dialog-foot">
                    <Button kind=Kind::Primary busy>{tr!("console.teams.grant_new")}</Button>
                </footer>
            </form>
        </Dialog>
    }
}

/// To whom, which role, for what.
#[component]
fn Choices(draft: Draft, grants: Fetched<About>, teams: Fetched<Both>) -> impl IntoView {
    let tos = Memo::new(move |_| teams.with(|both| both.map(grantees).unwrap_or_default()));
    Effect::new(move |_| {
        if let Some((first, _)) = tos.get().first().filter(|_| draft.to.get_untracked().is_empty()) {
            draft.to.set(first.clone());
        }
    });
    let of = move |options: fn(&About) -> Options| {
        Signal::derive(move || grants.with(|about| about.map(options).unwrap_or_default()))
    };
    view! {
        <Select label=Signal::derive(tr!("console.teams.to")) value=draft.to options=Signal::derive(move || tos.get())/>
        <Select label=Signal::derive(tr!("console.teams.role")) value=draft.role options=of(roles)/>
        <Select label=Signal::derive(tr!("console.teams.scope")) value=draft.scope options=of(scopes)/>
    }
}
