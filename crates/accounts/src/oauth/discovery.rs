//! What applications find out by themselves (`OpenID` Connect Discovery, RFC 8414), and the public keys.

use contract::endpoints;
use domain::Permission;
use platform::error::ApiResult;
use platform::state::App;
use serde_json::{Value, json};

use super::scopes::IDENTITY;
use crate::Accounts;

/// The page people are sent to.
const PAGE: &str = "/account/authorise";

/// The metadata of the authorisation server, the same at both well-known addresses.
#[must_use]
pub fn discovery(app: &App) -> Value {
    let issuer = app.config.public_url();
    let at = |path: &str| format!("{issuer}{path}");
    let scopes: Vec<&str> =
        IDENTITY.into_iter().chain(Permission::ALL.iter().map(|permission| permission.name())).collect();
    json!({
        "issuer": issuer,
        "authorization_endpoint": at(PAGE),
        "token_endpoint": at(endpoints::ISSUE_TOKENS.path),
        "introspection_endpoint": at(endpoints::INTROSPECT_TOKEN.path),
        "revocation_endpoint": at(endpoints::GIVE_UP_TOKEN.path),
        "userinfo_endpoint": at(endpoints::GET_USERINFO.path),
        "jwks_uri": at("/.well-known/jwks.json"),
        "service_documentation": at("/docs"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "introspection_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "revocation_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "authorization_response_iss_parameter_supported": true,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "claims_parameter_supported": false,
        "prompt_values_supported": ["none", "login", "consent"],
        "scopes_supported": scopes,
        "claims_supported": [
            "sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "at_hash", "name", "locale", "email",
            "email_verified",
        ],
    })
}

/// All public keys as a JWK set: those of our own access tokens, and those of ID tokens.
///
/// # Errors
/// When the database does not answer.
pub async fn public_keys(app: &App, accounts: &Accounts) -> ApiResult<Value> {
    let mut set = accounts.keys.jwks();
    let signing = accounts.signer.keys(&app.db, &app.keys).await?;
    if let Some(keys) = set["keys"].as_array_mut() {
        keys.extend(signing.iter().map(|key| key.jwk()));
    }
    Ok(set)
}
