//! Who we are to an authenticator: a name of the domain system and the pages' origin.

use std::sync::Arc;

use anyhow::Context as _;
use contract::ErrorCode;
use platform::error::ApiResult;
use url::{Host, Url};
use webauthn_rs::prelude::{Webauthn, WebauthnBuilder};

/// The relying party of this installation, where there can be one. Authenticators know us by a name,
/// never by a number: a loopback address is called `localhost`, other numbers have no passkeys.
#[derive(Clone)]
pub(crate) struct RelyingParty {
    webauthn: Option<Arc<Webauthn>>,
    origin: Option<String>,
}

impl RelyingParty {
    /// The relying party of pages served at `public_url`.
    ///
    /// # Errors
    /// When that is no URL.
    pub(crate) fn at(public_url: &str) -> anyhow::Result<Self> {
        let mut url = Url::parse(public_url).with_context(|| format!("public_url {public_url:?}"))?;
        let loopback = match url.host() {
            Some(Host::Ipv4(ip)) => ip.is_loopback() || ip.is_unspecified(),
            Some(Host::Ipv6(ip)) => ip.is_loopback() || ip.is_unspecified(),
            _ => false,
        };
        if loopback {
            url.set_host(Some("localhost"))?;
        }
        let Some(name) = url.domain().map(str::to_owned) else {
            return Ok(Self { webauthn: None, origin: None });
        };
        let webauthn = WebauthnBuilder::new(&name, &url)?.rp_name("Ringside").build()?;
        Ok(Self { webauthn: Some(Arc::new(webauthn)), origin: Some(url.origin().ascii_serialization()) })
    }

    /// Whether passkeys can be used at all.
    pub(crate) const fn works(&self) -> bool {
        self.webauthn.is_some()
    }

    /// Where pages have to be opened for them.
    pub(crate) fn origin(&self) -> Option<String> {
        self.origin.clone()
    }

    /// The library, or `factor_unavailable`.
    pub(super) fn webauthn(&self) -> ApiResult<&Webauthn> {
        self.webauthn.as_deref().ok_or_else(|| ErrorCode::FactorUnavailable.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loopback_address_is_called_localhost_and_other_numbers_have_no_passkeys() {
        let origin = |url| RelyingParty::at(url).unwrap().origin();
        assert_eq!(origin("http://127.0.0.1:8080").as_deref(), Some("http://localhost:8080"));
        assert_eq!(origin("https://ringside.example").as_deref(), Some("https://ringside.example"));
        assert_eq!(origin("http://192.0.2.7"), None);
        assert!(!RelyingParty::at("http://192.0.2.7").unwrap().works());
        assert!(RelyingParty::at("ringside").is_err());
    }
}
