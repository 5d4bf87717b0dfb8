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
    /// A code that proves who somebody is.
    SignInCode {
        /// Six digits.
        code: String,
    },
    /// Something about the person's second factors has changed.
    FactorChanged {
        /// What happened.
        change: FactorChange,
        /// Where to look after them.
        link: String,
    },
}

/// What happened to somebody's second factors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactorChange {
    /// An authenticator app was added.
    TotpAdded,
    /// The authenticator app was removed.
    TotpRemoved,
    /// A passkey was added.
    PasskeyAdded,
    /// A passkey was removed.
    PasskeyRemoved,
    /// New recovery codes were made.
    RecoveryCodesRenewed,
    /// A recovery code was used.
    RecoveryCodeUsed,
}

impl AccountLetter {
    /// The name of its template: `address_in_use`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::AddressInUse { .. } => "address_in_use",
            Self::SignInCode { .. } => "sign_in_code",
            Self::FactorChanged { .. } => "factor_changed",
        }
    }
}
