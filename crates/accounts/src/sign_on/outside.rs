//! Asking providers. Their addresses are chosen by whoever sets one up: [`platform::outside`] looks at what they
//! lead to, nothing is waited for long, nothing large is read.

use std::time::Duration;

use contract::ErrorCode;
use platform::config::Config;
use platform::error::{ApiError, ApiResult};
use platform::outside::{LeadsNowhere, Manner, Outside as Client, Reach};
use reqwest::{Method, RequestBuilder};
use serde::de::DeserializeOwned;

const PATIENCE: Duration = Duration::from_secs(5);
/// No document of a provider is larger.
const MOST_BYTES: usize = 256 << 10;

/// A client that asks what may be asked.
#[derive(Clone)]
pub(super) struct Outside {
    client: Option<Client>,
}

impl Outside {
    pub(super) fn new(config: &Config) -> Self {
        let manner = Manner { patience: PATIENCE, dns: config.dns_resolver, user_agent: "Ringside" };
        let built = Client::new(reach(config), &manner);
        Self { client: built.inspect_err(|error| tracing::error!(%error, "providers cannot be asked")).ok() }
    }

    /// A GET of an address that may be asked.
    pub(super) fn get(&self, address: &str) -> ApiResult<RequestBuilder> {
        self.request(Method::GET, address)
    }

    /// A POST to an address that may be asked.
    pub(super) fn post(&self, address: &str) -> ApiResult<RequestBuilder> {
        self.request(Method::POST, address)
    }

    fn request(&self, method: Method, address: &str) -> ApiResult<RequestBuilder> {
        let client = self.client.as_ref().ok_or(ErrorCode::ProviderUnreachable)?;
        client.request(method, address).ok_or_else(private)
    }
}

/// Sends a request and reads its JSON. `provider_unreachable` when no answer comes, `sign_on_failed` for one
/// that is no use.
pub(super) async fn json<T: DeserializeOwned>(request: RequestBuilder) -> ApiResult<T> {
    serde_json::from_slice(&bytes(request).await?)
        .map_err(|_| ApiError::new(ErrorCode::SignOnFailed).detail("The provider's answer cannot be read."))
}

/// Sends a request and reads what it is answered.
pub(super) async fn bytes(request: RequestBuilder) -> ApiResult<Vec<u8>> {
    let mut response = request.send().await.map_err(unreachable)?;
    let status = response.status();
    if status.is_server_error() {
        return Err(ErrorCode::ProviderUnreachable.into());
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
        if body.len() + chunk.len() > MOST_BYTES {
            return Err(ApiError::new(ErrorCode::SignOnFailed).detail("The provider's answer is too large."));
        }
        body.extend_from_slice(&chunk);
    }
    if !status.is_success() {
        tracing::info!(%status, "a provider refused a request");
        return Err(ApiError::new(ErrorCode::SignOnFailed).detail(format!("The provider answered {status}.")));
    }
    Ok(body)
}

fn unreachable(error: reqwest::Error) -> ApiError {
    tracing::info!(%error, "a provider does not answer");
    if LeadsNowhere::caused(&error) { private() } else { ErrorCode::ProviderUnreachable.into() }
}

fn private() -> ApiError {
    ApiError::new(ErrorCode::SignOnFailed).detail("The provider names a private address.")
}

/// Whether an address may be asked, as far as it shows: https, and no number of a private network.
pub(crate) fn may_ask(config: &Config, address: &str) -> bool {
    reach(config).admits(address)
}

fn reach(config: &Config) -> Reach {
    if config.allow_private_providers { Reach::everywhere() } else { Reach::default() }
}
