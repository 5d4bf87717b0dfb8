//! Who may do what. The one role table: the server's `Guard` and the web app's `can` both read it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What kind of tenant an organisation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum OrganisationKind {
    /// Those who run Ringside itself.
    Platform,
    /// Sells fight nights.
    Promoter,
    /// Owns a venue and opens it to promoters.
    VenueOperator,
    /// Is served and watched under contract.
    Client,
}

impl OrganisationKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Platform, Self::Promoter, Self::VenueOperator, Self::Client];

    /// The stable name that travels in JSON and stands in the database: `venue_operator`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Platform => "platform",
            Self::Promoter => "promoter",
            Self::VenueOperator => "venue_operator",
            Self::Client => "client",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),+ $(,)?) => {
        /// The right to do one kind of thing inside an organisation.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
        pub enum Permission { $($(#[$doc])* #[serde(rename = $name)] $variant),+ }

        impl Permission {
            /// All of them, in the order of the role table.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable name that travels in JSON: `orders.read`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The permission of that name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|permission| permission.name() == name)
            }
        }
    };
}

impl Permission {
    /// What it is about: `orders` of `orders.read`.
    #[must_use]
    pub fn area(self) -> &'static str {
        self.name().split_once('.').map_or(self.name(), |(area, _)| area)
    }

    /// Whether it can be held for one event or one venue. What concerns the organisation as a whole
    /// cannot.
    #[must_use]
    pub fn can_be_narrowed(self) -> bool {
        ["venues", "events", "orders", "payments", "tickets", "scans", "figures"].contains(&self.area())
    }
}

permissions! {
    /// See the organisation and its settings.
    OrganisationRead = "organisation.read",
    /// Change the organisation's settings.
    OrganisationManage = "organisation.manage",
    /// See who belongs to the organisation.
    MembersRead = "members.read",
    /// Add and remove members and change their roles.
    MembersManage = "members.manage",
    /// See venues, seat maps and gates.
    VenuesRead = "venues.read",
    /// Create venues, import seat maps, set up gates.
    VenuesManage = "venues.manage",
    /// See events that are not public, too.
    EventsRead = "events.read",
    /// Create, edit, publish, put on sale and cancel events.
    EventsManage = "events.manage",
    /// See orders and the people who placed them.
    OrdersRead = "orders.read",
    /// Cancel orders on a buyer's behalf.
    OrdersManage = "orders.manage",
    /// Confirm that a payment has arrived.
    PaymentsConfirm = "payments.confirm",
    /// See tickets and their codes.
    TicketsRead = "tickets.read",
    /// Revoke tickets.
    TicketsManage = "tickets.manage",
    /// Scan tickets at a gate.
    ScansRecord = "scans.record",
    /// See what was scanned where.
    ScansRead = "scans.read",
    /// See sales figures.
    FiguresRead = "figures.read",
    /// See messages and their delivery.
    DeliveriesRead = "deliveries.read",
    /// Send a failed message again.
    DeliveriesManage = "deliveries.manage",
    /// See the organisation's own letters.
    TemplatesRead = "templates.read",
    /// Write, publish and compare them.
    TemplatesManage = "templates.manage",
    /// See the organisation's API keys and what they are used for.
    KeysRead = "keys.read",
    /// Make, rotate and revoke API keys.
    KeysManage = "keys.manage",
    /// See the organisation's webhooks, where they go and what came of them.
    WebhooksRead = "webhooks.read",
    /// Set webhooks up, change and test them, and send or take in again.
    WebhooksManage = "webhooks.manage",
    /// See attempts to get in by force; in the organisation that runs Ringside.
    ThreatsRead = "threats.read",
    /// Acknowledge them and lift what they led to.
    ThreatsManage = "threats.manage",
    /// See what waits to be done and what was given up; in the organisation that runs Ringside.
    JobsRead = "jobs.read",
    /// Try again what was given up, or discard it.
    JobsManage = "jobs.manage",
    /// See who did what.
    AuditRead = "audit.read",
    /// Look after policies, retention and reports of breaches.
    PrivacyManage = "privacy.manage",
}

/// A set of permissions with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// May do everything, and names other owners.
    Owner,
    /// May do everything but name owners.
    Admin,
    /// Runs events and the venue.
    Operator,
    /// Sells and confirms payments.
    BoxOffice,
    /// Admits at a gate.
    Scanner,
    /// Looks, changes nothing.
    Viewer,
    /// A customer of the organisation; sees only what is shared with it.
    Client,
}

impl Role {
    /// All of them, strongest first.
    pub const ALL: [Self; 7] = [
        Self::Owner,
        Self::Admin,
        Self::Operator,
        Self::BoxOffice,
        Self::Scanner,
        Self::Viewer,
        Self::Client,
    ];

    /// The stable name that travels in JSON and stands in the database: `box_office`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Operator => "operator",
            Self::BoxOffice => "box_office",
            Self::Scanner => "scanner",
            Self::Viewer => "viewer",
            Self::Client => "client",
        }
    }

    /// The role of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// Whether the role holds the permission.
    #[must_use]
    pub fn can(self, permission: Permission) -> bool {
        use Permission as P;
        match self {
            Self::Owner | Self::Admin => true,
            Self::Operator => !matches!(
                permission,
                P::OrganisationManage
                    | P::MembersManage
                    | P::KeysRead
                    | P::KeysManage
                    | P::WebhooksRead
                    | P::WebhooksManage
                    | P::ThreatsRead
                    | P::ThreatsManage
                    | P::JobsRead
                    | P::JobsManage
                    | P::AuditRead
                    | P::PrivacyManage
            ),
            Self::BoxOffice => matches!(
                permission,
                P::OrganisationRead
                    | P::VenuesRead
                    | P::EventsRead
                    | P::OrdersRead
                    | P::OrdersManage
                    | P::PaymentsConfirm
                    | P::TicketsRead
                    | P::FiguresRead
                    | P::DeliveriesRead
                    | P::DeliveriesManage
            ),
            Self::Scanner => matches!(
                permission,
                P::OrganisationRead | P::VenuesRead | P::EventsRead | P::ScansRecord | P::ScansRead
            ),
            Self::Viewer => matches!(
                permission,
                P::OrganisationRead
                    | P::MembersRead
                    | P::VenuesRead
                    | P::EventsRead
                    | P::OrdersRead
                    | P::TicketsRead
                    | P::ScansRead
                    | P::FiguresRead
                    | P::DeliveriesRead
                    | P::TemplatesRead
            ),
            Self::Client => matches!(permission, P::OrganisationRead),
        }
    }

    /// All permissions the role holds.
    #[must_use]
    pub fn permissions(self) -> Permissions {
        Permission::ALL.iter().copied().filter(|permission| self.can(*permission)).collect()
    }
}

/// Some permissions: what a role amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Permissions(u64);

impl Permissions {
    /// Whether the permission is among them.
    #[must_use]
    pub const fn contains(self, permission: Permission) -> bool {
        self.0 & bit(permission) != 0
    }

    /// None.
    pub const NONE: Self = Self(0);

    /// Those of the given names; a name nobody knows (any more) gives nothing.
    pub fn named<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        names.into_iter().filter_map(Permission::from_name).collect()
    }

    /// These and those.
    #[must_use]
    pub const fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Whether all of `others` are among them.
    #[must_use]
    pub const fn cover(self, others: Self) -> bool {
        others.0 & !self.0 == 0
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Those that can be held for one event or one venue.
    #[must_use]
    pub fn narrowed(self) -> Self {
        self.iter().filter(|permission| permission.can_be_narrowed()).collect()
    }

    /// All of them but this one.
    #[must_use]
    pub const fn without(self, permission: Permission) -> Self {
        Self(self.0 & !bit(permission))
    }

    /// Each of them, in the order of the role table.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.iter().copied().filter(move |permission| self.contains(*permission))
    }
}

/// One bit for each permission; there are far fewer than 64.
const fn bit(permission: Permission) -> u64 {
    1 << permission as u32
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        Self(permissions.into_iter().fold(0, |all, permission| all | bit(permission)))
    }
}

/// What a grant reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Scope {
    /// Everything of the organisation.
    Organisation,
    /// One event and what belongs to it.
    Event(Uuid),
    /// One venue, and the organisation's events there.
    Venue(Uuid),
}

impl Scope {
    /// Its kind as it stands in the database.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Organisation => "organisation",
            Self::Event(_) => "event",
            Self::Venue(_) => "venue",
        }
    }

    /// The event or venue.
    #[must_use]
    pub const fn id(self) -> Option<Uuid> {
        match self {
            Self::Organisation => None,
            Self::Event(id) | Self::Venue(id) => Some(id),
        }
    }

    /// The scope of that kind; `None` when kind and id do not go together.
    #[must_use]
    pub fn of(kind: &str, id: Option<Uuid>) -> Option<Self> {
        match (kind, id) {
            ("organisation", None) => Some(Self::Organisation),
            ("event", Some(id)) => Some(Self::Event(id)),
            ("venue", Some(id)) => Some(Self::Venue(id)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
