//! Asking providers. Their addresses are chosen by whoever sets one up, so what they lead to is looked at:
//! nothing of this house or its neighbours is asked, nothing is waited for long, nothing large is read.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use contract::ErrorCode;
use platform::config::Config;
use platform::error::{ApiError, ApiResult};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, RequestBuilder, redirect};
use serde::de::DeserializeOwned;
use url::{Host, Url};

const PATIENCE: Duration = Duration::from_secs(5);
/// No document of a provider is larger.
const MOST_BYTES: usize = 256 << 10;

/// A client that asks what may be asked.
#[derive(Clone)]
pub(super) struct Outside {
    client: Option<Client>,
    private: bool,
}

impl Outside {
    pub(super) fn new(config: &Config) -> Self {
        let private = config.allow_private_providers;
        // The one provider of cryptography there is; a server has installed it already.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let built = Client::builder()
            .redirect(redirect::Policy::none())
            .no_proxy()
            .connect_timeout(PATIENCE)
            .timeout(PATIENCE)
            .user_agent("Ringside")
            .dns_resolver(Arc::new(Names { private }))
            .build();
        let client = built.inspect_err(|error| tracing::error!(%error, "providers cannot be asked")).ok();
        Self { client, private }
    }

    /// A GET of an address that may be asked.
    pub(super) fn get(&self, address: &str) -> ApiResult<RequestBuilder> {
        Ok(self.client(address)?.get(address))
    }

    /// A POST to an address that may be asked.
    pub(super) fn post(&self, address: &str) -> ApiResult<RequestBuilder> {
        Ok(self.client(address)?.post(address))
    }

    fn client(&self, address: &str) -> ApiResult<&Client> {
        if !admits(self.private, address) {
            return Err(
                ApiError::new(ErrorCode::SignOnFailed).detail("The provider names a private address.")
            );
        }
        self.client.as_ref().ok_or_else(|| ErrorCode::ProviderUnreachable.into())
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
    ErrorCode::ProviderUnreachable.into()
}

/// Whether an address may be asked, as far as it shows: https, and no number of a private network.
pub(crate) fn may_ask(config: &Config, address: &str) -> bool {
    admits(config.allow_private_providers, address)
}

fn admits(private: bool, address: &str) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return false;
    }
    match (private, url.scheme(), url.host()) {
        (true, "http" | "https", Some(_)) => true,
        (false, "https", Some(Host::Domain(name))) => name.contains('.') && !name.ends_with(".localhost"),
        (false, "https", Some(Host::Ipv4(ip))) => is_public(ip.into()),
        (false, "https", Some(Host::Ipv6(ip))) => is_public(ip.into()),
        _ => false,
    }
}

/// Resolves names to what may be asked: a name that leads into a private network leads nowhere.
struct Names {
    private: bool,
}

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let private = self.private;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let may: Vec<SocketAddr> = found.filter(|at| private || is_public(at.ip())).collect();
            if may.is_empty() {
                return Err("the name leads to no public address".into());
            }
            Ok(Box::new(may.into_iter()) as Addrs)
        })
    }
}

/// Whether an address belongs to the public internet.
fn is_public(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => {
            let [a, b, c, _] = ip.octets();
            let special = ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_multicast();
            let shared = a == 100 && (64..128).contains(&b);
            let testing = ip.is_documentation() || (a == 198 && (18..20).contains(&b));
            let protocol = (a, b, c) == (192, 0, 0);
            !(special || shared || testing || protocol || a == 0 || a >= 240)
        }
        IpAddr::V6(ip) => {
            let [a, b, c, ..] = ip.segments();
            // Global unicast, less what carries an IPv4 address or is for documentation.
            let carries = (a, b) == (0x2001, 0) || a == 0x2002 || (a, b, c) == (0x64, 0xff9b, 0);
            (a & 0xe000) == 0x2000 && !carries && (a, b) != (0x2001, 0xdb8)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_this_house_is_asked() {
        for bad in [
            "http://login.demo.example",
            "https://127.0.0.1",
            "https://[::1]",
            "https://10.0.0.1/x",
            "https://172.16.9.9",
            "https://192.168.1.1",
            "https://169.254.169.254/latest",
            "https://100.64.0.1",
            "https://[::ffff:10.0.0.1]",
            "https://[fd00::1]",
            "https://[64:ff9b::a00:1]",
            "https://0.0.0.0",
            "https://2130706433",
            "https://localhost",
            "https://a.localhost",
            "https://user@login.demo.example",
            "file:///etc/passwd",
            "login.demo.example",
        ] {
            assert!(!admits(false, bad), "{bad}");
        }
        for good in ["https://login.demo.example", "https://login.demo.example:8443/x", "https://8.8.8.8"] {
            assert!(admits(false, good), "{good}");
        }
        assert!(admits(true, "http://127.0.0.1:9000"));
        assert!(!admits(true, "ftp://127.0.0.1"));
    }

    #[tokio::test]
    async fn a_name_that_leads_home_leads_nowhere() {
        let ask = |private| Names { private }.resolve("localhost".parse().unwrap());
        assert!(ask(false).await.is_err());
        assert!(ask(true).await.unwrap().count() > 0);
    }
}
