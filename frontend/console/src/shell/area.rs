//! The areas of the console: one row in the rail, one letter after `g`, one permission each.

use domain::{OrganisationKind, Permission};
use ui::session;

/// One area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// The key under `console.nav`.
    pub name: &'static str,
    /// Where it is.
    pub path: &'static str,
    /// The letter after `g`.
    pub letter: &'static str,
    /// Who sees it.
    pub permission: Permission,
    /// Its sign: strokes in a box of 20.
    pub sign: &'static str,
}

/// All areas, in the order of the rail.
pub const AREAS: [Area; 18] = [
    Area {
        name: "events",
        path: "/console/events",
        letter: "e",
        permission: Permission::EventsRead,
        sign: "M3 6h14v11H3z M3 9.5h14 M7 3.5v4 M13 3.5v4",
    },
    Area {
        name: "orders",
        path: "/console/orders",
        letter: "o",
        permission: Permission::OrdersRead,
        sign: "M5 2.5h10v15l-2.5-1.7-2.5 1.7-2.5-1.7L5 17.5z M8 7h4 M8 10.5h4",
    },
    Area {
        name: "venues",
        path: "/console/venues",
        letter: "v",
        permission: Permission::VenuesRead,
        sign: "M7 7h6v6H7z M3 3h14v14H3z",
    },
    Area {
        name: "deliveries",
        path: "/console/deliveries",
        letter: "d",
        permission: Permission::DeliveriesRead,
        sign: "M2.5 5h15v10.5h-15z M2.5 5.5l7.5 6 7.5-6",
    },
    Area {
        name: "sending",
        path: "/console/sending",
        letter: "f",
        permission: Permission::OrganisationManage,
        sign: "M17.500 2.500L9 11 M17.500 2.500l-5 15-3.500-6.500-6.500-3.500z",
    },
    Area {
        name: "templates",
        path: "/console/templates",
        letter: "l",
        permission: Permission::TemplatesRead,
        sign: "M4 16l.800-3.500 8.700-8.700 2.700 2.700-8.700 8.700z M11.500 5.800l2.700 2.700 M10 16.500h6.500",
    },
    Area {
        name: "members",
        path: "/console/members",
        letter: "m",
        permission: Permission::MembersRead,
        sign: "M10 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6z M4 17c.4-3.400 2.800-5 6-5s5.600 1.600 6 5",
    },
    Area {
        name: "announcements",
        path: "/console/announcements",
        letter: "n",
        permission: Permission::MembersRead,
        sign: "M3.500 8v4h3l7 4V4l-7 4z M6.500 12l1 5h2 M16 8a3 3 0 0 1 0 4",
    },
    Area {
        name: "sign_on",
        path: "/console/sign-on",
        letter: "i",
        permission: Permission::OrganisationManage,
        sign: "M9 3.500h7.500v13H9 M3 10h9 M9 7l3 3-3 3",
    },
    Area {
        name: "keys",
        path: "/console/keys",
        letter: "k",
        permission: Permission::KeysRead,
        sign: "M7 10a3.500 3.500 0 1 1-.001 0z M9.500 11l7.500-7.500 M14 6.500l2.500 2.500",
    },
    Area {
        name: "applications",
        path: "/console/applications",
        letter: "c",
        permission: Permission::KeysRead,
        sign: "M3.500 3.500h5v5h-5z M11.500 3.500h5v5h-5z M3.500 11.500h5v5h-5z M11.500 11.500h5v5h-5z",
    },
    Area {
        name: "webhooks",
        path: "/console/webhooks",
        letter: "w",
        permission: Permission::WebhooksRead,
        sign: "M7.500 8.500a3.500 3.500 0 1 1 5-1l3 5.500 M10 6l-3.500 6.500 M6.500 12a2.500 2.500 0 1 0 2.500 3h6 M15 12.500a2.500 2.500 0 1 1-.500 4.500",
    },
    Area {
        name: "threats",
        path: "/console/threats",
        letter: "t",
        permission: Permission::ThreatsRead,
        sign: "M10 2.5l6.500 2.500v5c0 4-3 6.500-6.500 7.500-3.500-1-6.500-3.500-6.500-7.500V5z M10 7v4 M10 13.500v.5",
    },
    Area {
        name: "jobs",
        path: "/console/jobs",
        letter: "j",
        permission: Permission::JobsRead,
        sign: "M4 4.500h12 M4 8h12 M4 11.500h7 M4 15h5 M13 13.500l2 2 3-4",
    },
    Area {
        name: "live",
        path: "/console/live",
        letter: "u",
        permission: Permission::JobsRead,
        sign: "M3 10h3l2-5 4 10 2-5h3",
    },
    Area {
        name: "audit",
        path: "/console/audit",
        letter: "a",
        permission: Permission::AuditRead,
        sign: "M4 3h12v14H4z M7 7h6 M7 10h6 M7 13h4",
    },
    Area {
        name: "privacy",
        path: "/console/privacy",
        letter: "p",
        permission: Permission::PrivacyManage,
        sign: "M10 2.5l6 2.500v4.500c0 4-2.500 6.500-6 8-3.500-1.500-6-4-6-8V5z",
    },
    Area {
        name: "scan",
        path: "/console/scan",
        letter: "s",
        permission: Permission::ScansRecord,
        sign: "M3 7V3h4 M13 3h4v4 M17 13v4h-4 M7 17H3v-4 M5 10h10",
    },
];

/// What only the organisation sees that runs Ringside.
const FOR_PLATFORM: [&str; 3] = ["threats", "jobs", "live"];

/// The areas the person may see. Tracks.
pub fn allowed() -> impl Iterator<Item = Area> {
    AREAS.into_iter().filter(|area| {
        session::can_somewhere(area.permission) && (!FOR_PLATFORM.contains(&area.name) || runs_ringside())
    })
}

/// Whether the person acts in the organisation that runs Ringside. Tracks.
fn runs_ringside() -> bool {
    session::membership().is_some_and(|membership| membership.organisation.kind == OrganisationKind::Platform)
}
