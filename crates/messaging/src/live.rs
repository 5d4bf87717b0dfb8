//! Who may hear which live topic of messages (see `contract::live`).

use domain::Permission;
use platform::guard::Actor;
use uuid::Uuid;

/// The topic to listen to, when it is one of ours and the actor may hear it.
#[must_use]
pub fn enter(actor: &Actor, topic: &str) -> Option<String> {
    let (kind, name) = topic.split_once(':')?;
    // An id has one usual form: a topic has no second name.
    let id = name.parse().ok().filter(|id: &Uuid| id.to_string() == name)?;
    let may = match kind {
        "notices" => actor.person().is_some_and(|person| person.user_id == id),
        "announcements" => {
            actor.reach(Permission::MembersRead, id).is_some_and(|reach| reach.events().is_none())
        }
        _ => false,
    };
    may.then(|| topic.to_owned())
}
