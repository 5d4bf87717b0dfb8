//! What Ringside writes to people about their own account: in nobody's name, read by no staff.

use serde::{Deserialize, Serialize};

use crate::Role;

/// Why a sign-in may be somebody else's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInRisk {
    /// A device or a network the person has not signed in from before.
    #[default]
    NewPlace,
    /// So far from the last sign-in that nobody gets there in the time between.
    FarAway,
    /// Somebody has tried wrong passwords shortly before.
    ManyFailures,
}

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
    /// Somebody opened an account with this address: is it theirs?
    VerifyAddress {
        /// Proves it.
        link: String,
    },
    /// Somebody asked for a new password.
    ResetPassword {
        /// Where to choose it.
        link: String,
    },
    /// There is a new password.
    PasswordChanged {
        /// Where to ask for another one.
        link: String,
    },
    /// A sign-in from a device or a network that was not seen before.
    NewSignIn {
        /// `Chrome on Windows`; empty when it does not tell.
        device: String,
        /// From where.
        ip: String,
        /// Where that lies: `Bangkok, TH`; empty when it is not known.
        #[serde(default)]
        place: String,
        /// What is strange about it.
        #[serde(default)]
        why: SignInRisk,
        /// When.
        at: String,
        /// Where to ask for a new password.
        link: String,
    },
    /// A refresh token came back after it was spent: somebody has copied it.
    SessionStolen {
        /// The device it was given to.
        device: String,
        /// Where to ask for a new password.
        link: String,
    },
    /// An identity was added to the account: a provider signs its owner in.
    IdentityAdded {
        /// What the provider is called.
        provider: String,
        /// Whose provider it is.
        organisation: String,
        /// Where it is taken off.
        link: String,
    },
    /// The record that proves a domain of an organisation they own is gone.
    DomainMissing {
        /// The domain.
        domain: String,
        /// Whose it is.
        organisation: String,
        /// The day it is lost, `2026-12-02`.
        until: String,
        /// Where to look after it.
        link: String,
    },
    /// A domain of an organisation they own is proven no longer.
    DomainLost {
        /// The domain.
        domain: String,
        /// Whose it was.
        organisation: String,
        /// Where to prove it again.
        link: String,
    },
    /// An endpoint of webhooks they look after was switched off.
    WebhookDisabled {
        /// Where it went.
        address: String,
        /// Whose it is.
        organisation: String,
        /// Whether its receiver said that it is gone; otherwise it has failed for days.
        gone: bool,
        /// Where to look after it.
        link: String,
    },
    /// Many tries to sign in failed.
    ManyFailures {
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
            Self::VerifyAddress { .. } => "verify_address",
            Self::ResetPassword { .. } => "reset_password",
            Self::PasswordChanged { .. } => "password_changed",
            Self::NewSignIn { .. } => "new_sign_in",
            Self::SessionStolen { .. } => "session_stolen",
            Self::IdentityAdded { .. } => "identity_added",
            Self::DomainMissing { .. } => "domain_missing",
            Self::DomainLost { .. } => "domain_lost",
            Self::WebhookDisabled { .. } => "webhook_disabled",
            Self::ManyFailures { .. } => "many_failures",
            Self::SignInCode { .. } => "sign_in_code",
            Self::FactorChanged { .. } => "factor_changed",
            Self::Invitation { .. } => "invitation",
            Self::ExportReady { .. } => "export_ready",
            Self::ErasureAsked { .. } => "erasure_asked",
            Self::ErasureDone => "erasure_done",
        }
    }
}
