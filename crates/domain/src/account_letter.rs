//! What Ringside writes to people about their own account: in nobody's name, read by no staff.

use serde::{Deserialize, Serialize};

use crate::Role;

/// One such letter, with all it takes to write it. Some carry a secret (a link, a code), so it travels
/// and rests sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "letter", rename_all = "snake_case")]
pub enum AccountLetter {
    /// Somebody tried to open an account with an address that has one.
    AddressInUse {
        /// Where to ask for a new password.
        link: String,
    },
    /// An organisation invites them.
    Invitation {
        /// The organisation's name.
        organisation: String,
        /// The role to come.
        role: Role,
        /// The name of the custom role in its place.
        custom_role: Option<String>,
        /// Where to accept; it carries the secret.
        link: String,
    },
}

impl AccountLetter {
    /// The name of its template: `address_in_use`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::AddressInUse { .. } => "address_in_use",
            Self::Invitation { .. } => "invitation",
        }
    }
}
