//! Second factors, and proving once more who one is.

use chrono::{DateTime, Utc};
use garde::Validate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::accounts::Session;

/// A way to prove who one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// The password; only for somebody who is signed in.
    Password,
    /// A passkey or security key (WebAuthn).
    Passkey,
    /// A code of an authenticator app (RFC 6238).
    Totp,
    /// A code that was mailed.
    MailCode,
    /// One of the codes kept for the day the phone is lost.
    RecoveryCode,
}

impl Method {
    /// Its stable name, as it travels: `mail_code`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Passkey => "passkey",
            Self::Totp => "totp",
            Self::MailCode => "mail_code",
            Self::RecoveryCode => "recovery_code",
        }
    }
}

/// A question that waits for its answer: which, and the secret of whoever may answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Challenge {
    /// The question.
    #[garde(skip)]
    pub id: Uuid,
    /// Given away once; send it with the answer.
    #[garde(length(max = 200))]
    pub secret: String,
}

/// The password was right; a second factor is asked for as well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct SecondFactorNeeded {
    /// Answer it at `/sessions/challenges/{id}`.
    pub challenge: Challenge,
    /// How it can be answered, best first.
    pub methods: Vec<Method>,
    /// Until when.
    pub expires_at: DateTime<Utc>,
}

/// What signing in is answered with: 201 and a session, or 202 and a question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum SignInAnswer {
    /// Signed in.
    SignedIn(Box<Session>),
    /// Not yet.
    Needed(SecondFactorNeeded),
}

/// A proof of who somebody is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(tag = "method", rename_all = "snake_case", deny_unknown_fields)]
pub enum Proof {
    /// The password.
    Password {
        /// As typed.
        #[garde(length(chars, min = 1, max = 200))]
        password: String,
    },
    /// What the browser's authenticator answered.
    Passkey {
        /// The credential as `PublicKeyCredential.toJSON()` gives it.
        #[garde(skip)]
        #[cfg_attr(feature = "utoipa", schema(value_type = Object))]
        credential: Value,
    },
    /// A code of an authenticator app.
    Totp {
        /// Six digits; spaces do not matter.
        #[garde(length(chars, min = 1, max = 20))]
        #[cfg_attr(feature = "utoipa", schema(example = "492039"))]
        code: String,
    },
    /// A code that was mailed.
    MailCode {
        /// Six digits; spaces do not matter.
        #[garde(length(chars, min = 1, max = 20))]
        #[cfg_attr(feature = "utoipa", schema(example = "492039"))]
        code: String,
    },
    /// One of the recovery codes.
    RecoveryCode {
        /// Letters and digits; hyphens and case do not matter.
        #[garde(length(chars, min = 1, max = 40))]
        #[cfg_attr(feature = "utoipa", schema(example = "7k2mp-x94qd"))]
        code: String,
    },
}

/// Answers the question that signing in put.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AnswerChallenge {
    /// The secret of the question.
    #[garde(length(max = 200))]
    pub secret: String,
    /// The answer.
    #[garde(dive)]
    pub proof: Proof,
    /// Put the refresh token into the answer instead of a cookie: for programs.
    #[serde(default)]
    #[garde(skip)]
    pub token_in_body: bool,
}

/// Asks for something that belongs to a question: a mailed code, the options of a passkey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AboutChallenge {
    /// The secret of the question.
    #[garde(length(max = 200))]
    pub secret: String,
}

/// What to give to `navigator.credentials`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct PasskeyOptions {
    /// For `PublicKeyCredential.parseRequestOptionsFromJSON`.
    #[cfg_attr(feature = "utoipa", schema(value_type = Object))]
    pub options: Value,
}

/// Signing in by a passkey has begun.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct PasskeySignIn {
    /// Answer it at `/sessions/challenges/{id}`.
    pub challenge: Challenge,
    /// For `PublicKeyCredential.parseRequestOptionsFromJSON`.
    #[cfg_attr(feature = "utoipa", schema(value_type = Object))]
    pub options: Value,
}

/// A confirmation has begun: prove it at `/confirmations/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Confirmation {
    /// The question.
    pub id: Uuid,
    /// How it can be answered, best first.
    pub methods: Vec<Method>,
    /// Until when.
    pub expires_at: DateTime<Utc>,
}

/// Answers the question of a confirmation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ProveIdentity {
    /// The answer.
    #[garde(dive)]
    pub proof: Proof,
}

/// The session may do what matters most for a while.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Confirmed {
    /// Until when.
    pub until: DateTime<Utc>,
}

/// The second factors of the person signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Factors {
    /// Since when codes of an authenticator app are asked for; none: they are not.
    pub totp_since: Option<DateTime<Utc>>,
    /// Passkeys and security keys, oldest first.
    pub passkeys: Vec<Passkey>,
    /// Recovery codes that were not used yet.
    pub recovery_codes_left: u32,
    /// Whether codes can be mailed: the address is known to be theirs.
    pub mail_code: bool,
    /// Where passkeys work; none: this installation is reached by an address that has no name.
    pub passkey_origin: Option<String>,
}

/// A passkey or security key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Passkey {
    /// The key.
    pub id: Uuid,
    /// What its owner calls it.
    #[cfg_attr(feature = "utoipa", schema(example = "Work laptop"))]
    pub name: String,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// When it last signed in or confirmed.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// What an authenticator app needs; shown once, and it counts when a first code proved it arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct TotpEnrolment {
    /// To type by hand, in Base32.
    pub secret: String,
    /// The same for an app that reads it: `otpauth://totp/…`.
    pub uri: String,
    /// The same as a QR code, as an SVG document.
    pub qr: String,
}

/// The first code of an app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ConfirmTotp {
    /// Six digits; spaces do not matter.
    #[garde(length(chars, min = 1, max = 20))]
    #[cfg_attr(feature = "utoipa", schema(example = "492039"))]
    pub code: String,
}

/// Codes for the day the phone is lost, each good once; shown this once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct RecoveryCodes {
    /// Ten of them.
    pub codes: Vec<String>,
}

/// Adding a passkey has begun.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct PasskeyEnrolment {
    /// Send it back with the answer.
    pub enrolment: Uuid,
    /// For `PublicKeyCredential.parseCreationOptionsFromJSON`.
    #[cfg_attr(feature = "utoipa", schema(value_type = Object))]
    pub options: Value,
}

/// Adds the passkey that the browser made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AddPasskey {
    /// The enrolment it answers.
    #[garde(skip)]
    pub enrolment: Uuid,
    /// What its owner calls it.
    #[garde(length(chars, min = 1, max = 60))]
    #[cfg_attr(feature = "utoipa", schema(example = "Work laptop"))]
    pub name: String,
    /// The credential as `PublicKeyCredential.toJSON()` gives it.
    #[garde(skip)]
    #[cfg_attr(feature = "utoipa", schema(value_type = Object))]
    pub credential: Value,
}

/// Calls a passkey by another name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RenamePasskey {
    /// The new name.
    #[garde(length(chars, min = 1, max = 60))]
    #[cfg_attr(feature = "utoipa", schema(example = "Work laptop"))]
    pub name: String,
}

/// How members of the organisation have to sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignInPolicy {
    /// Members without a second factor can do nothing here until they have one.
    #[garde(skip)]
    pub requires_second_factor: bool,
}
