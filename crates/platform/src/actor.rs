//! Who calls, and how far what they may do reaches.

use chrono::{DateTime, Utc};
use contract::ErrorCode;
use domain::{OrganisationKind, Permission, Permissions, Role, Scope};
use uuid::Uuid;

use crate::audit::{ActorKind, Origin};
use crate::error::ApiResult;
use crate::request::RequestInfo;

/// Who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Somebody who has not signed in.
    Anonymous,
    /// Somebody signed in who belongs to no organisation.
    Person(Person),
    /// Somebody acting in an organisation.
    Member(Member),
    /// A program acting in an organisation.
    Program(Program),
}

/// Somebody signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their account.
    pub user_id: Uuid,
    /// The session their token belongs to.
    pub session_id: Uuid,
    /// Their address.
    pub email: String,
    /// When they last proved who they are.
    pub confirmed_at: DateTime<Utc>,
}

/// A program: an API key, or a client of our authorisation server acting for itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// Which of the two.
    pub kind: ProgramKind,
    /// The key or client.
    pub id: Uuid,
    /// The organisation it acts in.
    pub org_id: Uuid,
    /// What that is.
    pub org_kind: OrganisationKind,
    /// What it may do there.
    pub permissions: Permissions,
    /// For whom it acts; none when it acts for itself.
    pub behalf: Option<Behalf>,
}

/// For whom an application acts. What they may do is counted in: the application never may more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behalf {
    /// The person who let it.
    pub user_id: Uuid,
    /// What they let it, and when: the row the token belongs to.
    pub authorisation_id: Uuid,
    /// What it may do for one event or venue.
    pub narrow: Vec<Narrow>,
    /// Why it may do nothing at present: what the organisation asks of its members is not met.
    pub barred: Option<ErrorCode>,
}

/// What a program shows to be let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProgramKind {
    /// An API key.
    Key,
    /// A token of our authorisation server.
    Client,
}

/// A person and the organisation they act in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The person.
    pub person: Person,
    /// The organisation.
    pub org_id: Uuid,
    /// What it is.
    pub org_kind: OrganisationKind,
    /// Their role there.
    pub role: Role,
    /// What they may do there, for all of it.
    pub permissions: Permissions,
    /// What they may do there for one event or venue.
    pub narrow: Vec<Narrow>,
    /// Why they may do nothing there at present, though they belong to it.
    pub barred: Option<ErrorCode>,
}

/// What somebody may do for one event or venue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Narrow {
    /// The event or venue.
    pub scope: Scope,
    /// What they may do for it.
    pub permissions: Permissions,
    /// That event, or the organisation's events at that venue.
    pub events: Vec<Uuid>,
    /// The event's venue, or that venue.
    pub venue: Uuid,
}

/// How far a permission reaches within the organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// Everything.
    All,
    /// These events, and these venues with the organisation's events there.
    Only {
        /// The events, those at the venues among them.
        events: Vec<Uuid>,
        /// The venues.
        venues: Vec<Uuid>,
    },
}

impl Reach {
    /// Whether the event is within reach.
    #[must_use]
    pub fn has_event(&self, event: Uuid) -> bool {
        self.events().is_none_or(|events| events.contains(&event))
    }

    /// Refuses an event out of reach: it is not there.
    pub fn event(&self, event: Uuid) -> ApiResult<()> {
        if self.has_event(event) { Ok(()) } else { Err(ErrorCode::NotFound.into()) }
    }

    /// Refuses a venue out of reach: it is not there.
    pub fn venue(&self, venue: Uuid) -> ApiResult<()> {
        let there = self.venues().is_none_or(|venues| venues.contains(&venue));
        if there { Ok(()) } else { Err(ErrorCode::NotFound.into()) }
    }

    /// The events within reach, for a query; `None` means all.
    #[must_use]
    pub fn events(&self) -> Option<&[Uuid]> {
        match self {
            Self::All => None,
            Self::Only { events, .. } => Some(events),
        }
    }

    /// The venues within reach, for a query; `None` means all.
    #[must_use]
    pub fn venues(&self) -> Option<&[Uuid]> {
        match self {
            Self::All => None,
            Self::Only { venues, .. } => Some(venues),
        }
    }
}

impl Actor {
    /// The person, when signed in.
    #[must_use]
    pub fn person(&self) -> Option<&Person> {
        match self {
            Self::Anonymous | Self::Program(_) => None,
            Self::Person(person) | Self::Member(Member { person, .. }) => Some(person),
        }
    }

    /// The membership, when acting in an organisation.
    #[must_use]
    pub fn member(&self) -> Option<&Member> {
        match self {
            Self::Member(member) => Some(member),
            _ => None,
        }
    }

    /// Why somebody may do nothing in the organisation, though they belong to it.
    pub(crate) fn barred(&self) -> Option<ErrorCode> {
        match self {
            Self::Member(member) => member.barred,
            Self::Program(program) => program.behalf.as_ref().and_then(|behalf| behalf.barred),
            _ => None,
        }
    }

    /// The organisation acted in, what it is, and what the actor may do there.
    #[must_use]
    pub fn place(&self) -> Option<(Uuid, OrganisationKind, Permissions)> {
        match self {
            Self::Member(member) => Some((member.org_id, member.org_kind, member.permissions)),
            // An application that only learns who somebody is acts in no organisation.
            Self::Program(program) if program.org_id.is_nil() => None,
            Self::Program(program) => Some((program.org_id, program.org_kind, program.permissions)),
            Self::Anonymous | Self::Person(_) => None,
        }
    }

    /// How far the permission reaches in the organisation `org`; `None` when it is not held there.
    #[must_use]
    pub fn reach(&self, permission: Permission, org: Uuid) -> Option<Reach> {
        if self.can(permission, org) {
            return Some(Reach::All);
        }
        let narrow = match self {
            Self::Member(member) if member.org_id == org => &member.narrow,
            Self::Program(Program { behalf: Some(behalf), org_id, .. }) if *org_id == org => &behalf.narrow,
            _ => return None,
        };
        let (mut events, mut venues) = (Vec::new(), Vec::new());
        for narrow in narrow.iter().filter(|narrow| narrow.permissions.contains(permission)) {
            // Whoever works at an event sees its venue, its gates and its map, and changes none of it.
            let at_venue = matches!(narrow.scope, Scope::Venue(_));
            if permission == Permission::VenuesManage && !at_venue {
                continue;
            }
            events.extend_from_slice(&narrow.events);
            if at_venue || permission == Permission::VenuesRead {
                venues.push(narrow.venue);
            }
        }
        (!events.is_empty() || !venues.is_empty()).then_some(Reach::Only { events, venues })
    }

    /// Whether the actor holds the permission in the whole organisation `org`.
    #[must_use]
    pub fn can(&self, permission: Permission, org: Uuid) -> bool {
        self.place().is_some_and(|(own, _, permissions)| own == org && permissions.contains(permission))
    }

    pub(crate) fn origin(&self, info: &RequestInfo) -> Origin {
        let (kind, actor) = match self {
            Self::Anonymous => (ActorKind::Anonymous, None),
            Self::Person(person) | Self::Member(Member { person, .. }) => {
                (ActorKind::Person, Some(person.user_id))
            }
            Self::Program(program) => match program.kind {
                ProgramKind::Key => (ActorKind::Key, Some(program.id)),
                // For a person: they are named, and the authorisation in the session's place names the
                // application.
                ProgramKind::Client => {
                    let behalf = program.behalf.as_ref().map_or(program.id, |behalf| behalf.user_id);
                    (ActorKind::Client, Some(behalf))
                }
            },
        };
        Origin {
            kind,
            actor,
            session: match self {
                Self::Program(program) => program.behalf.as_ref().map(|behalf| behalf.authorisation_id),
                _ => self.person().map(|person| person.session_id),
            },
            org: self.place().map(|(org, ..)| org),
            method: info.method.clone(),
            path: info.path.clone(),
            ip: info.ip,
            request_id: info.id.clone(),
        }
    }
}
