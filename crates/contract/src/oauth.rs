//! Applications of integrators: how they are registered, what people let them do, and what the
//! authorisation server answers them (RFC 6749, `OpenID` Connect Core).

use chrono::{DateTime, Utc};
use garde::Validate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Whether an application can keep a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ClientKind {
    /// It runs on a server and has a secret.
    Confidential,
    /// It runs where its user can look into it, and has none.
    Public,
}

/// A way an application comes by tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ClientGrant {
    /// A person lets it act for them.
    AuthorizationCode,
    /// It trades a refresh token for the next.
    RefreshToken,
    /// It acts for itself.
    ClientCredentials,
}

impl ClientGrant {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::AuthorizationCode, Self::RefreshToken, Self::ClientCredentials];

    /// The name that travels and stands in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::RefreshToken => "refresh_token",
            Self::ClientCredentials => "client_credentials",
        }
    }
}

/// An application, without its secret.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct OauthClient {
    /// Its `client_id`.
    pub id: Uuid,
    /// What people call it.
    #[cfg_attr(feature = "utoipa", schema(example = "Demo accounting"))]
    pub name: String,
    /// Whether it has a secret.
    pub kind: ClientKind,
    /// Where people are sent back to.
    #[cfg_attr(feature = "utoipa", schema(example = json!(["https://app.ringside.example/callback"])))]
    pub redirect_uris: Vec<String>,
    /// How it comes by tokens.
    pub grants: Vec<ClientGrant>,
    /// What it may ask for.
    #[cfg_attr(feature = "utoipa", schema(example = json!(["openid", "orders.read"])))]
    pub scopes: Vec<String>,
    /// Who registered it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_by: Option<Uuid>,
    /// When it was registered.
    pub created_at: DateTime<Utc>,
    /// Until when the secret before the present one is good as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_secret_until: Option<DateTime<Utc>>,
}

/// An application with its secret, which is shown this once; a public one has none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct NewOauthClient {
    /// The application.
    pub client: OauthClient,
    /// Its `client_secret`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "utoipa", schema(example = "rcs_…"))]
    pub secret: Option<String>,
}

/// Registers an application.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateOauthClient {
    /// What people call it.
    #[garde(length(chars, min = 1, max = 60))]
    #[cfg_attr(feature = "utoipa", schema(example = "Demo accounting"))]
    pub name: String,
    /// Whether it can keep a secret.
    #[garde(skip)]
    pub kind: ClientKind,
    /// Where people are sent back to: `https`, or `http` on this machine with any port (RFC 8252).
    #[serde(default)]
    #[garde(length(max = 20), inner(length(max = 500)))]
    #[cfg_attr(feature = "utoipa", schema(example = json!(["https://app.ringside.example/callback"])))]
    pub redirect_uris: Vec<String>,
    /// How it comes by tokens.
    #[garde(length(min = 1, max = 3))]
    pub grants: Vec<ClientGrant>,
    /// What it may ask for: permissions its maker holds, `openid`, `profile`, `email`, `offline_access`.
    #[garde(length(min = 1, max = 80), inner(length(max = 60)))]
    #[cfg_attr(feature = "utoipa", schema(example = json!(["openid", "orders.read"])))]
    pub scopes: Vec<String>,
}

/// Changes an application; its kind stays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateOauthClient {
    /// What people call it.
    #[garde(length(chars, min = 1, max = 60))]
    #[cfg_attr(feature = "utoipa", schema(example = "Demo accounting"))]
    pub name: String,
    /// Where people are sent back to.
    #[serde(default)]
    #[garde(length(max = 20), inner(length(max = 500)))]
    pub redirect_uris: Vec<String>,
    /// How it comes by tokens.
    #[garde(length(min = 1, max = 3))]
    pub grants: Vec<ClientGrant>,
    /// What it may ask for. What is taken away here is taken from its tokens at once.
    #[garde(length(min = 1, max = 80), inner(length(max = 60)))]
    pub scopes: Vec<String>,
}

/// What an application sent a person with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ViewAuthorisation {
    /// The query string of the authorisation request (RFC 6749, 4.1.1), without `?`.
    #[garde(length(max = 8000))]
    #[cfg_attr(feature = "utoipa", schema(example = "client_id=…&response_type=code&scope=openid"))]
    pub query: String,
}

/// What the person decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DecideAuthorisation {
    /// The query string of the authorisation request, without `?`.
    #[garde(length(max = 8000))]
    pub query: String,
    /// Whether the application may.
    #[garde(skip)]
    pub allow: bool,
    /// The organisation it acts in, where it asks for more than who they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub organisation: Option<Uuid>,
}

/// What comes next for a person whom an application sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum AuthorisationStep {
    /// They sign in first.
    SignIn,
    /// They are asked.
    Ask(AuthorisationQuestion),
    /// They go back to the application, with a code or a refusal.
    Return {
        /// The address.
        to: String,
    },
}

/// What a person is asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct AuthorisationQuestion {
    /// What the application is called.
    pub application: String,
    /// The organisation that registered it.
    pub made_by: String,
    /// Where they are sent back to: scheme, host and port.
    pub returns_to: String,
    /// What it asks for.
    pub scopes: Vec<String>,
    /// Where it can act; none when it only learns who they are.
    pub organisations: Vec<OrganisationChoice>,
}

/// An organisation of the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct OrganisationChoice {
    /// The organisation.
    pub id: Uuid,
    /// Its name.
    pub name: String,
}

/// An application a person lets act for them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Connection {
    /// By which it is ended.
    pub id: Uuid,
    /// What the application is called.
    pub application: String,
    /// The organisation that registered it.
    pub made_by: String,
    /// Where it acts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
    /// What it may do.
    pub scopes: Vec<String>,
    /// Since when.
    pub given_at: DateTime<Utc>,
}

/// Asks for tokens, as a form (RFC 6749).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct TokenForm {
    /// `authorization_code`, `refresh_token` or `client_credentials`.
    #[cfg_attr(feature = "utoipa", schema(example = "client_credentials"))]
    pub grant_type: String,
    /// The code.
    pub code: Option<String>,
    /// The address the code came to.
    pub redirect_uri: Option<String>,
    /// The proof key's secret (RFC 7636).
    pub code_verifier: Option<String>,
    /// The refresh token.
    pub refresh_token: Option<String>,
    /// What is asked for, parted by blanks.
    pub scope: Option<String>,
    /// Who asks, unless it stands in `Authorization: Basic`.
    pub client_id: Option<String>,
    /// Its secret, unless it stands in `Authorization: Basic`.
    pub client_secret: Option<String>,
}

/// Asks about a token, or gives it up, as a form (RFC 7662, RFC 7009).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct AboutTokenForm {
    /// The token.
    pub token: String,
    /// What it is thought to be.
    pub token_type_hint: Option<String>,
    /// Who asks, unless it stands in `Authorization: Basic`.
    pub client_id: Option<String>,
    /// Its secret, unless it stands in `Authorization: Basic`.
    pub client_secret: Option<String>,
}

/// Tokens (RFC 6749, 5.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct TokenAnswer {
    /// Send it as `Authorization: Bearer …`.
    #[cfg_attr(feature = "utoipa", schema(example = "rso_…"))]
    pub access_token: String,
    /// `Bearer`.
    pub token_type: String,
    /// For how many seconds it is good.
    pub expires_in: i64,
    /// What it may do, parted by blanks.
    pub scope: String,
    /// Traded for the next tokens, once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// Who the person is, as a signed token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_token: Option<String>,
}

/// What an application is refused with (RFC 6749, 5.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct OauthRefusal {
    /// `invalid_grant` and the like.
    #[cfg_attr(feature = "utoipa", schema(example = "invalid_grant"))]
    pub error: String,
    /// The same in plain English.
    pub error_description: String,
}

/// What is known of a token (RFC 7662).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct TokenState {
    /// Whether it is good; of others nothing is told.
    pub active: bool,
    /// What it may do, parted by blanks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// Whose it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<Uuid>,
    /// The person, or the application itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub: Option<Uuid>,
    /// `Bearer`, for an access token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_type: Option<String>,
    /// When it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exp: Option<i64>,
    /// When it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iat: Option<i64>,
    /// Who made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
}

/// Who the person is (`OpenID` Connect Core, 5.3): as much as they let the application know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct UserInfo {
    /// Their number.
    pub sub: Uuid,
    /// Their name, by `profile`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Their language, by `profile`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// Their address, by `email`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Whether they proved that it is theirs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email_verified: Option<bool>,
}
