//! The life of each thing that has one. A move that is not listed here does not exist: the server
//! refuses it and the web app does not offer it.

use serde::{Deserialize, Serialize};

macro_rules! states {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal -> [$($to:ident),*]),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant),+ }

        impl $name {
            /// All states, in the order of a normal life.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name that travels in JSON and stands in the database.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The state of that name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$variant),)+ _ => None }
            }

            /// The states that may follow this one.
            #[must_use]
            pub const fn next(self) -> &'static [Self] {
                match self { $(Self::$variant => &[$(Self::$to),*]),+ }
            }

            /// Whether `to` may follow this state.
            #[must_use]
            pub fn may_become(self, to: Self) -> bool {
                self.next().contains(&to)
            }
        }
    };
}

states! {
    /// The life of an event. Sold out is not a state: it is on sale with nothing free.
    EventState {
        /// Only staff see it; everything can be changed.
        Draft = "draft" -> [Published, Cancelled],
        /// The public sees it; nothing is sold yet.
        Published = "published" -> [Draft, OnSale, Cancelled],
        /// Seats are sold.
        OnSale = "on_sale" -> [Closed, Cancelled],
        /// Sale has ended; tickets admit.
        Closed = "closed" -> [OnSale, Cancelled],
        /// Does not take place; nothing is sold and no ticket admits.
        Cancelled = "cancelled" -> [],
    }
}

states! {
    /// The life of an order.
    OrderState {
        /// Its seats are held until it is paid or expires.
        Pending = "pending" -> [Paid, Expired, Cancelled],
        /// Money has arrived, tickets are issued.
        Paid = "paid" -> [Cancelled],
        /// Not paid in time; seats were given back.
        Expired = "expired" -> [Paid],
        /// Ended by the buyer or by staff.
        Cancelled = "cancelled" -> [],
    }
}

states! {
    /// The life of one attempt to pay.
    PaymentState {
        /// The buyer has been shown how to pay.
        Pending = "pending" -> [Succeeded, Failed, ToRefund],
        /// The money has arrived.
        Succeeded = "succeeded" -> [ToRefund],
        /// It will not arrive.
        Failed = "failed" -> [],
        /// The money arrived but its seats are gone: it must go back to the buyer.
        ToRefund = "to_refund" -> [],
    }
}

states! {
    /// The life of a ticket.
    TicketState {
        /// Admits once.
        Valid = "valid" -> [Admitted, Revoked],
        /// Its guest is inside.
        Admitted = "admitted" -> [Revoked],
        /// Admits no more.
        Revoked = "revoked" -> [],
    }
}

states! {
    /// What a seat of an event is doing.
    SeatState {
        /// Can be chosen.
        Free = "free" -> [Held, Blocked],
        /// Claimed for a short while, or waiting for its order to be paid.
        Held = "held" -> [Free, Sold],
        /// Belongs to a ticket.
        Sold = "sold" -> [Free],
        /// Not for sale.
        Blocked = "blocked" -> [Free],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cancelled_event_stays_cancelled() {
        assert!(EventState::Cancelled.next().is_empty());
        assert!(!EventState::Draft.may_become(EventState::OnSale));
        assert!(EventState::Published.may_become(EventState::OnSale));
    }

    #[test]
    fn a_late_payment_can_revive_an_expired_order_only() {
        assert!(OrderState::Expired.may_become(OrderState::Paid));
        assert!(!OrderState::Cancelled.may_become(OrderState::Paid));
    }
}
