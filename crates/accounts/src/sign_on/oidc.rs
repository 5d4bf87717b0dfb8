//! OpenID Connect, as a client: the authorisation code with PKCE (RFC 7636), discovery, and the keys.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use contract::ErrorCode;
use contract::sign_on::{OidcSettings, ProviderCheck, ProviderKind, SamlMetadata};
use domain::Locale;
use jsonwebtoken::jwk::Jwk;
use platform::config::Config;
use platform::error::{ApiError, ApiResult};
use platform::state::App;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use url::Url;

use super::outside::{self, Outside};
use super::service::Arrival;
use super::token::{Expected, Fault, keys_of, verify};
use super::{callback_url, saml};
use crate::identity_providers::Provider;

/// How long what a provider says of itself is believed.
const KEPT: Duration = Duration::from_secs(600);

/// Asks providers; one for the process.
#[derive(Clone)]
pub(crate) struct SignOn {
    outside: Outside,
}

/// What a provider says of itself (OpenID Connect Discovery 1.0), as far as we need it.
#[derive(Serialize, Deserialize)]
struct Discovery {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    #[serde(default)]
    userinfo_endpoint: Option<String>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
    access_token: String,
}

/// What comes back with the browser.
pub(super) struct Answer<'a> {
    pub(super) code: &'a str,
    pub(super) state: &'a str,
    pub(super) iss: Option<&'a str>,
    /// What the browser kept: verifier and nonce follow from it.
    pub(super) kept: &'a str,
    pub(super) locale: Locale,
}

impl SignOn {
    pub(crate) fn new(config: &Config) -> Self {
        Self { outside: Outside::new(config) }
    }

    /// What a provider says of itself, asked now.
    pub(crate) async fn check(&self, app: &App, provider: &Provider) -> ApiResult<ProviderCheck> {
        let settings = provider.oidc()?;
        app.cache.remove(&key("discovery", &settings.issuer)).await;
        let discovery = self.discovery(app, &settings.issuer).await?;
        let keys = self.keys(app, &discovery, true).await?;
        Ok(ProviderCheck {
            issuer: discovery.issuer,
            authorization_endpoint: discovery.authorization_endpoint,
            token_endpoint: discovery.token_endpoint,
            jwks_uri: discovery.jwks_uri,
            keys: keys.len(),
        })
    }

    /// What the metadata of a SAML provider says, at an address that may be asked.
    pub(crate) async fn saml_metadata(&self, address: &str) -> ApiResult<SamlMetadata> {
        let bytes = outside::bytes(self.outside.get(address)?).await?;
        saml::read_metadata(&String::from_utf8_lossy(&bytes))
    }

    /// Where the browser goes. `kept` stays in it.
    pub(super) async fn way_out(
        &self,
        app: &App,
        provider: &Provider,
        (state, kept): (&str, &str),
        hint: Option<&str>,
    ) -> ApiResult<String> {
        if provider.kind == ProviderKind::Saml {
            return saml::way_out(app, provider, state);
        }
        let settings = provider.oidc()?;
        let discovery = self.discovery(app, &settings.issuer).await?;
        let mut url =
            Url::parse(&discovery.authorization_endpoint).map_err(|_| failed("its address is none"))?;
        let scopes = ["openid", "email", "profile"].into_iter();
        let scopes: Vec<&str> = scopes.chain(settings.scopes.iter().map(String::as_str)).collect();
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &settings.client_id)
            .append_pair("redirect_uri", &callback_url(app))
            .append_pair("scope", &scopes.join(" "))
            .append_pair("state", state)
            .append_pair("nonce", &derived("nonce", kept))
            .append_pair("code_challenge", &s256(&derived("verifier", kept)))
            .append_pair("code_challenge_method", "S256");
        if let Some(hint) = hint {
            url.query_pairs_mut().append_pair("login_hint", hint);
        }
        Ok(url.into())
    }

    /// Who came, by the code they brought.
    pub(super) async fn arrival(
        &self,
        app: &App,
        provider: &Provider,
        answer: &Answer<'_>,
    ) -> ApiResult<Arrival> {
        if provider.kind == ProviderKind::Saml {
            return saml::arrival(app, provider, (answer.code, answer.state), answer.locale);
        }
        let settings = provider.oidc()?;
        let discovery = self.discovery(app, &settings.issuer).await?;
        // RFC 9207: the answer of another provider is not taken to this one.
        match answer.iss {
            Some(iss) if iss != discovery.issuer => return Err(failed("the answer is another issuer's")),
            None if discovery.authorization_response_iss_parameter_supported => {
                return Err(failed("the answer does not name its issuer"));
            }
            _ => {}
        }
        let tokens = self.tokens(app, provider, &settings, &discovery, answer).await?;
        let mut claims = self.claims(app, &settings, &discovery, &tokens, answer.kept).await?;
        self.complete(&discovery, &tokens, &mut claims).await?;
        let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
        Ok(Arrival {
            subject: text("sub").unwrap_or_default(),
            email: text("email"),
            // Some providers write it as text.
            email_verified: claims
                .get("email_verified")
                .filter(|said| !said.is_null())
                .map(|said| said.as_bool().unwrap_or_else(|| said.as_str() == Some("true"))),
            name: text("name"),
            locale: answer.locale,
            claims,
        })
    }

    async fn discovery(&self, app: &App, issuer: &str) -> ApiResult<Discovery> {
        let key = key("discovery", issuer);
        if let Some(kept) = app.cache.get(&key).await {
            return Ok(serde_json::from_slice(&kept)?);
        }
        let address = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let discovery: Discovery = outside::json(self.outside.get(&address)?).await?;
        if discovery.issuer != issuer {
            return Err(failed("it calls itself otherwise than its address"));
        }
        if !outside::may_ask(&app.config, &discovery.authorization_endpoint) {
            return Err(failed("its sign-in page is at an address nobody may be sent to"));
        }
        app.cache.put(&key, serde_json::to_vec(&discovery)?.into(), KEPT).await;
        Ok(discovery)
    }

    /// The provider's keys, from the cache unless `anew`.
    async fn keys(&self, app: &App, discovery: &Discovery, anew: bool) -> ApiResult<Vec<Jwk>> {
        let key = key("keys", &discovery.issuer);
        if let (false, Some(kept)) = (anew, app.cache.get(&key).await) {
            return Ok(keys_of(&serde_json::from_slice(&kept)?));
        }
        let set: Value = outside::json(self.outside.get(&discovery.jwks_uri)?).await?;
        app.cache.put(&key, serde_json::to_vec(&set)?.into(), KEPT).await;
        Ok(keys_of(&set))
    }

    async fn tokens(
        &self,
        app: &App,
        provider: &Provider,
        settings: &OidcSettings,
        discovery: &Discovery,
        answer: &Answer<'_>,
    ) -> ApiResult<Tokens> {
        let (redirect_uri, verifier) = (callback_url(app), derived("verifier", answer.kept));
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", answer.code),
            ("redirect_uri", &redirect_uri),
            ("code_verifier", &verifier),
        ];
        let request = self.outside.post(&discovery.token_endpoint)?;
        let methods = &discovery.token_endpoint_auth_methods_supported;
        let in_body = !methods.is_empty() && !methods.iter().any(|method| method == "client_secret_basic");
        let secret = provider.secret(&app.keys)?;
        let request = match &secret {
            Some(secret) if in_body => {
                form.extend([("client_id", settings.client_id.as_str()), ("client_secret", secret)]);
                request
            }
            // RFC 6749, section 2.3.1: both are encoded as in a form first.
            Some(secret) => request.basic_auth(encoded(&settings.client_id), Some(encoded(secret))),
            None => {
                form.push(("client_id", &settings.client_id));
                request
            }
        };
        outside::json(request.form(&form)).await
    }

    /// What the ID token says. A key we have not seen may be new: the keys are fetched once more.
    async fn claims(
        &self,
        app: &App,
        settings: &OidcSettings,
        discovery: &Discovery,
        tokens: &Tokens,
        kept: &str,
    ) -> ApiResult<Value> {
        let nonce = derived("nonce", kept);
        let expected = Expected {
            issuer: &discovery.issuer,
            client_id: &settings.client_id,
            nonce: &nonce,
            now: app.clock.now(),
        };
        for anew in [false, true] {
            let keys = self.keys(app, discovery, anew).await?;
            match verify(&tokens.id_token, &keys, &expected) {
                Ok(claims) => return Ok(claims),
                Err(Fault::Wrong(why)) => return Err(failed(why)),
                Err(Fault::UnknownKey) => {}
            }
        }
        Err(failed("its key is unknown"))
    }

    /// Asks for what the token left out; it must be about the same person.
    async fn complete(&self, discovery: &Discovery, tokens: &Tokens, claims: &mut Value) -> ApiResult<()> {
        let Some(endpoint) = &discovery.userinfo_endpoint else { return Ok(()) };
        let more: Value =
            outside::json(self.outside.get(endpoint)?.bearer_auth(&tokens.access_token)).await?;
        if more.get("sub") != claims.get("sub") {
            return Err(failed("it speaks of somebody else"));
        }
        if let (Some(claims), Value::Object(more)) = (claims.as_object_mut(), more) {
            for (name, value) in more {
                claims.entry(name).or_insert(value);
            }
        }
        Ok(())
    }
}

/// A refusal of what the provider sent, and why.
fn failed(why: &str) -> ApiError {
    tracing::warn!(why, "what a provider sent is refused");
    ApiError::new(ErrorCode::SignOnFailed).detail(format!("Refused: {why}."))
}

fn key(what: &str, issuer: &str) -> String {
    format!("sign-on:{what}:{issuer}")
}

/// A value of one purpose that only the browser's cookie leads to.
fn derived(purpose: &str, kept: &str) -> String {
    URL_SAFE_NO_PAD
        .encode(Sha256::new().chain_update(purpose).chain_update(b"|").chain_update(kept).finalize())
}

fn s256(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
