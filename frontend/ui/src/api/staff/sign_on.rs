//! The organisation's mail domains and identity providers.

use contract::endpoint::Nothing;
use contract::endpoints;
use contract::sign_on::{
    ClaimDomain, IdentityProvider, OrganisationDomain, ProviderCheck, ReadSamlMetadata, SamlMetadata,
    WriteIdentityProvider,
};

use crate::api::{Failure, to};

/// The domains.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn domains() -> Result<Vec<OrganisationDomain>, Failure> {
    to(endpoints::LIST_DOMAINS).send().await
}

/// Claims a domain.
///
/// # Errors
/// [`Failure`] with `name_taken` when it is claimed already.
pub async fn claim(domain: String, intent: &str) -> Result<OrganisationDomain, Failure> {
    to(endpoints::CLAIM_DOMAIN).body(&ClaimDomain { domain }).intent(intent).send().await
}

/// Looks for the record.
///
/// # Errors
/// [`Failure`] with `domain_unproven`, `domain_taken`.
pub async fn verify(id: &str) -> Result<OrganisationDomain, Failure> {
    to(endpoints::VERIFY_DOMAIN).at(&[id]).send().await
}

/// Gives a domain up.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn remove_domain(id: &str) -> Result<Nothing, Failure> {
    to(endpoints::REMOVE_DOMAIN).at(&[id]).send().await
}

/// The providers.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn providers() -> Result<Vec<IdentityProvider>, Failure> {
    to(endpoints::LIST_IDENTITY_PROVIDERS).send().await
}

/// Sets a provider up, or changes the one with the id.
///
/// # Errors
/// [`Failure`] with fields, or `name_taken`.
pub async fn write(
    id: Option<&str>,
    wish: &WriteIdentityProvider,
    intent: &str,
) -> Result<IdentityProvider, Failure> {
    match id {
        Some(id) => to(endpoints::UPDATE_IDENTITY_PROVIDER).at(&[id]).body(wish).send().await,
        None => to(endpoints::CREATE_IDENTITY_PROVIDER).body(wish).intent(intent).send().await,
    }
}

/// Reads the metadata of a SAML provider; nothing is kept.
///
/// # Errors
/// [`Failure`] with `sign_on_failed` when they are none, `provider_unreachable`.
pub async fn read_metadata(wish: &ReadSamlMetadata) -> Result<SamlMetadata, Failure> {
    to(endpoints::READ_SAML_METADATA).body(wish).send().await
}

/// Removes a provider.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn remove_provider(id: &str) -> Result<Nothing, Failure> {
    to(endpoints::REMOVE_IDENTITY_PROVIDER).at(&[id]).send().await
}

/// Asks a provider what it says of itself.
///
/// # Errors
/// [`Failure`] with `provider_unreachable`, `sign_on_failed`.
pub async fn test(id: &str) -> Result<ProviderCheck, Failure> {
    to(endpoints::TEST_IDENTITY_PROVIDER).at(&[id]).send().await
}
