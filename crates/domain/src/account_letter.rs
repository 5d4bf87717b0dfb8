//! What Ringside writes to people about their own account: in nobody's name, read by no staff.

use serde::{Deserialize, Serialize};

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
    /// The copy of all their data can be fetched.
    ExportReady {
        /// Where.
        link: String,
    },
    /// They asked to be forgotten.
    ErasureAsked {
        /// The day it will be done, `2026-11-28`.
        due: String,
        /// Where to take it back.
        link: String,
    },
    /// They have been forgotten.
    ErasureDone,
}

impl AccountLetter {
    /// The name of its template: `address_in_use`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::AddressInUse { .. } => "address_in_use",
            Self::ExportReady { .. } => "export_ready",
            Self::ErasureAsked { .. } => "erasure_asked",
            Self::ErasureDone => "erasure_done",
        }
    }
}
