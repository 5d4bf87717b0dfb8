//! Signing in by the provider of an organisation: its mail domains, its providers, and who came by them.

use chrono::{DateTime, Utc};
use domain::Role;
use garde::Validate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A mail domain an organisation says is its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct OrganisationDomain {
    /// The claim.
    pub id: Uuid,
    /// The domain, in lower case.
    #[cfg_attr(feature = "utoipa", schema(example = "demo.example"))]
    pub domain: String,
    /// The name of the TXT record that proves it.
    #[cfg_attr(feature = "utoipa", schema(example = "_ringside.demo.example"))]
    pub record_name: String,
    /// What the record has to say.
    pub record_value: String,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// When the record was last looked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked_at: Option<DateTime<Utc>>,
    /// When it was proven; none: not yet, or no longer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified_at: Option<DateTime<Utc>>,
    /// Since when the record of a domain that was proven is gone; none: it was there when last looked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing_since: Option<DateTime<Utc>>,
    /// When the domain is proven no longer, unless the record is back before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lost_at: Option<DateTime<Utc>>,
}

/// Claims a mail domain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ClaimDomain {
    /// The part of addresses behind the `@`.
    #[garde(
        length(max = 253),
        pattern(r"^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9-]{2,63}$")
    )]
    #[cfg_attr(feature = "utoipa", schema(example = "demo.example"))]
    pub domain: String,
}

/// What a provider speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ProviderKind {
    /// OpenID Connect.
    Oidc,
    /// SAML 2.0.
    Saml,
}

impl ProviderKind {
    /// As it stands in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Oidc => "oidc",
            Self::Saml => "saml",
        }
    }
}

/// A role to give: a built-in one, or `client` with a custom one. Owners are not made this way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RoleChoice {
    /// The role.
    #[garde(skip)]
    pub role: Role,
    /// A custom role instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub custom_role: Option<Uuid>,
}

/// Whoever has this value in the claim has this role.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RoleRule {
    /// The value, letter by letter.
    #[garde(length(chars, min = 1, max = 200))]
    #[cfg_attr(feature = "utoipa", schema(example = "ticket-office"))]
    pub value: String,
    /// The role.
    #[garde(dive)]
    pub gives: RoleChoice,
}

/// Which role a provider's people have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RoleMapping {
    /// Of new members, and where no rule fits.
    #[garde(dive)]
    pub default: RoleChoice,
    /// The claim or attribute the rules look at. None: roles are given by hand, and a sign-in changes none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(inner(length(chars, min = 1, max = 200)))]
    #[cfg_attr(feature = "utoipa", schema(example = "groups"))]
    pub claim: Option<String>,
    /// The first that fits counts.
    #[serde(default)]
    #[garde(length(max = 50), dive)]
    pub rules: Vec<RoleRule>,
}

/// What OpenID Connect needs to know of a provider.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OidcSettings {
    /// Its issuer: the address below which `/.well-known/openid-configuration` lies.
    #[garde(length(min = 8, max = 500), custom(crate::text::one_line))]
    #[cfg_attr(feature = "utoipa", schema(example = "https://login.demo.example"))]
    pub issuer: String,
    /// Who we are to it.
    #[garde(length(chars, min = 1, max = 200), custom(crate::text::one_line))]
    pub client_id: String,
    /// What is asked for beside `openid email profile`.
    #[serde(default)]
    #[garde(length(max = 10), inner(length(min = 1, max = 100), pattern(r"^[\x21\x23-\x5B\x5D-\x7E]+$")))]
    pub scopes: Vec<String>,
}

/// What SAML needs to know of a provider.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SamlSettings {
    /// Its entity id.
    #[garde(length(min = 1, max = 500), custom(crate::text::one_line))]
    #[cfg_attr(feature = "utoipa", schema(example = "https://login.demo.example/saml"))]
    pub entity_id: String,
    /// Where people are sent to sign in, by HTTP-Redirect.
    #[garde(length(min = 8, max = 500), custom(crate::text::one_line))]
    #[cfg_attr(feature = "utoipa", schema(example = "https://login.demo.example/saml/sso"))]
    pub sso_url: String,
    /// What it signs with: X.509 certificates, base64 of DER or PEM. Several while it changes them.
    #[garde(length(min = 1, max = 10), inner(length(min = 1, max = 10_000)))]
    pub certificates: Vec<String>,
    /// The attribute with the address; none: the usual ones, then the name it has for the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(inner(length(chars, min = 1, max = 200)))]
    pub email_attribute: Option<String>,
    /// The attribute with the name; none: the usual ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(inner(length(chars, min = 1, max = 200)))]
    pub name_attribute: Option<String>,
}

/// Reads the metadata of a SAML provider; nothing is kept. One of the two.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReadSamlMetadata {
    /// Where it lies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(inner(length(min = 8, max = 500)))]
    pub url: Option<String>,
    /// The document itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(inner(length(min = 1, max = 262_144)))]
    pub xml: Option<String>,
}

/// A certificate a SAML provider signs with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct ProviderCertificate {
    /// Whose it says it is.
    #[cfg_attr(feature = "utoipa", schema(example = "CN=login.demo.example"))]
    pub subject: String,
    /// Until when it says it is good. Answers are taken afterwards, too: the metadata vouches for the key.
    pub expires_at: DateTime<Utc>,
}

/// What the metadata of a SAML provider says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct SamlMetadata {
    /// The settings, to be kept as they are.
    pub saml: SamlSettings,
    /// Its certificates, in the order of the settings.
    pub certificates: Vec<ProviderCertificate>,
}

/// A provider of the organisation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct IdentityProvider {
    /// The provider.
    pub id: Uuid,
    /// What it speaks.
    pub kind: ProviderKind,
    /// What it is called on buttons.
    pub name: String,
    /// Whether somebody may sign in by it.
    pub enabled: bool,
    /// Whether whoever comes for the first time becomes a member.
    pub jit: bool,
    /// Whether members with an address of the organisation's domains have to use it; owners do not.
    pub required: bool,
    /// Whether coming by it counts as the second factor the organisation asks for.
    pub trusts_second_factor: bool,
    /// Which role its people have.
    pub roles: RoleMapping,
    /// Of an OpenID Connect provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oidc: Option<OidcSettings>,
    /// Of a SAML provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saml: Option<SamlSettings>,
    /// Who we are to a SAML provider: our entity id, and where our metadata lies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity_id: Option<String>,
    /// Of a SAML provider: what its certificates say of themselves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub certificates: Vec<ProviderCertificate>,
    /// Whether a client secret is kept; it is never shown.
    pub has_secret: bool,
    /// Where the provider sends people back to; it wants to know.
    pub callback_url: String,
    /// Since when.
    pub created_at: DateTime<Utc>,
}

/// Sets a provider up, or changes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WriteIdentityProvider {
    /// What a new provider is to be known by, where its addresses have to be told to SAML before; none: one is
    /// made. A provider keeps its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub id: Option<Uuid>,
    /// What it is called on buttons.
    #[garde(length(chars, min = 1, max = 60), custom(crate::text::one_line))]
    #[cfg_attr(feature = "utoipa", schema(example = "Demo Promotions"))]
    pub name: String,
    /// Whether somebody may sign in by it.
    #[serde(default)]
    #[garde(skip)]
    pub enabled: bool,
    /// Whether whoever comes for the first time becomes a member.
    #[serde(default)]
    #[garde(skip)]
    pub jit: bool,
    /// Whether members with an address of the organisation's domains have to use it.
    #[serde(default)]
    #[garde(skip)]
    pub required: bool,
    /// Whether coming by it counts as the second factor the organisation asks for.
    #[serde(default)]
    #[garde(skip)]
    pub trusts_second_factor: bool,
    /// Which role its people have.
    #[garde(dive)]
    pub roles: RoleMapping,
    /// Of an OpenID Connect provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub oidc: Option<OidcSettings>,
    /// Of a SAML provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub saml: Option<SamlSettings>,
    /// The client's secret; none keeps the one there is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(inner(length(min = 1, max = 1000)))]
    pub client_secret: Option<String>,
}

/// What a provider says of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct ProviderCheck {
    /// Its issuer.
    pub issuer: String,
    /// Where people sign in.
    pub authorization_endpoint: String,
    /// Where we fetch what they brought.
    pub token_endpoint: String,
    /// Where its keys are.
    pub jwks_uri: String,
    /// How many of its keys can be used.
    pub keys: usize,
}

/// A provider anybody may sign in by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct PublicProvider {
    /// The provider.
    pub id: Uuid,
    /// What it is called on its button.
    pub name: String,
}

/// Begins to sign in by a provider: that of the address's organisation, or a certain one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BeginSignOn {
    /// An address of the organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(inner(length(chars, min = 3, max = 254)))]
    pub email: Option<String>,
    /// A certain provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub provider: Option<Uuid>,
}

/// Begins to add an identity to the account of the person signed in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LinkIdentity {
    /// By which provider.
    #[garde(skip)]
    pub provider: Uuid,
}

/// Where the browser goes now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct SignOnBegun {
    /// The provider's page.
    pub url: String,
    /// What the provider is called.
    pub provider: String,
}

/// Who a person is to a provider.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Identity {
    /// The identity.
    pub id: Uuid,
    /// The provider.
    pub provider_id: Uuid,
    /// What the provider is called.
    pub provider: String,
    /// Whose provider it is; none: anybody may sign in by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
    /// The address it has there.
    pub email: String,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// When it was last used to sign in.
    pub last_used_at: DateTime<Utc>,
    /// Whether the person has no other way to sign in, so that it cannot be taken off.
    pub only_way: bool,
}
