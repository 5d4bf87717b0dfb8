//! Who may see an order and what belongs to it.

use domain::Permission;
use garde::Validate;
use platform::guard::{Access, Actor, Guard};
use serde::Deserialize;
use uuid::Uuid;

use crate::secrets;

/// The secret of a guest's order in the address, for links and images that cannot send a header.
#[derive(Debug, Default, Deserialize, Validate, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AccessQuery {
    /// The order's secret, when it is not sent as `Order-Access`.
    #[serde(default)]
    #[garde(inner(length(max = 100)))]
    pub access: Option<String>,
}

/// Whoever asks for an order.
#[derive(Debug, Clone)]
pub(crate) struct Reader {
    actor: Actor,
    secret: Option<String>,
}

/// Whose an order is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Belongs<'a> {
    pub org_id: Uuid,
    pub event_id: Uuid,
    pub user_id: Option<Uuid>,
    pub access_hash: &'a [u8],
}

impl Reader {
    /// The caller, with the secret they sent in the header or else in the address.
    pub fn of<P: Access>(guard: &Guard<P>, query: Option<&AccessQuery>) -> Self {
        let in_address = query.and_then(|query| query.access.clone());
        Self { actor: guard.actor.clone(), secret: guard.request.order_access.clone().or(in_address) }
    }

    /// Whether they may see it: its buyer, or staff with the permission.
    pub fn may_see(&self, order: Belongs<'_>, permission: Permission) -> bool {
        self.is_staff(order, permission) || self.is_buyer(order)
    }

    /// Whether they bought it.
    pub fn is_buyer(&self, order: Belongs<'_>) -> bool {
        let person = self.actor.person().map(|person| person.user_id);
        let signed_in = person.is_some() && person == order.user_id;
        signed_in || self.secret.as_deref().is_some_and(|secret| secrets::opens(secret, order.access_hash))
    }

    /// Whether they act for the organisation that sells it, with that permission for its event.
    pub fn is_staff(&self, order: Belongs<'_>, permission: Permission) -> bool {
        let reach = self.actor.reach(permission, order.org_id);
        reach.is_some_and(|reach| reach.has_event(order.event_id))
    }
}
