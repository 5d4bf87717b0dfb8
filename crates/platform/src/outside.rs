//! Asking servers elsewhere whose addresses somebody else has chosen (identity providers, receivers of
//! webhooks). What an address leads to is looked at: nothing of this house or its neighbours is asked, unless
//! the configuration says so, and nothing sends us on to where it was not looked.
//!
//! A name is resolved once, by us, and the connection goes to the addresses that were looked at: an answer of
//! DNS that changes in between changes nothing. Redirects are not followed, proxies of the environment not used.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, Method, RequestBuilder, redirect};
use url::{Host, Url};

use crate::names;
use crate::network::Network;

/// Which addresses may be asked: those of the public internet by HTTPS; those of some networks as well, where
/// plain HTTP will do.
#[derive(Debug, Clone, Default)]
pub struct Reach {
    networks: Vec<Network>,
}

impl Reach {
    /// The public internet and these networks.
    #[must_use]
    pub fn with(networks: Vec<Network>) -> Self {
        Self { networks }
    }

    /// Everything there is, for tests and development.
    #[must_use]
    pub fn everywhere() -> Self {
        Self::with(["0.0.0.0/0", "::/0"].iter().filter_map(|all| all.parse().ok()).collect())
    }

    /// Whether an address may be asked, as far as it shows: what its name leads to is seen when it is asked.
    #[must_use]
    pub fn admits(&self, address: &str) -> bool {
        let Ok(url) = Url::parse(address) else { return false };
        if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
            return false;
        }
        match (url.scheme(), url.host()) {
            ("http" | "https", Some(Host::Domain(_))) if !self.networks.is_empty() => true,
            ("https", Some(Host::Domain(name))) => name.contains('.') && !name.ends_with(".localhost"),
            ("https", Some(Host::Ipv4(ip))) => self.leads(ip.into(), true),
            ("https", Some(Host::Ipv6(ip))) => self.leads(ip.into(), true),
            ("http", Some(Host::Ipv4(ip))) => self.leads(ip.into(), false),
            ("http", Some(Host::Ipv6(ip))) => self.leads(ip.into(), false),
            _ => false,
        }
    }

    /// Whether a connection may be made to it; to public addresses only when `public`.
    fn leads(&self, ip: IpAddr, public: bool) -> bool {
        (public && is_public(ip)) || self.networks.iter().any(|network| network.contains(ip))
    }
}

/// How a client behaves.
#[derive(Debug, Clone)]
pub struct Manner {
    /// How long a whole exchange may take.
    pub patience: Duration,
    /// The name server that is asked; none: the machine's.
    pub dns: Option<SocketAddr>,
    /// What it calls itself.
    pub user_agent: &'static str,
}

/// A client that asks what may be asked.
#[derive(Clone)]
pub struct Outside {
    /// Asks by HTTPS.
    sealed: Client,
    /// Asks by plain HTTP, in the networks that are named.
    plain: Client,
    reach: Reach,
}

impl Outside {
    /// Puts it together.
    ///
    /// # Errors
    /// When the machine's certificates cannot be read.
    pub fn new(reach: Reach, manner: &Manner) -> anyhow::Result<Self> {
        // The one provider of cryptography there is; a server has installed it already.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let client = |public| {
            Client::builder()
                .redirect(redirect::Policy::none())
                .no_proxy()
                .connect_timeout(manner.patience)
                .timeout(manner.patience)
                .user_agent(manner.user_agent)
                .dns_resolver(Arc::new(Names { reach: reach.clone(), public, dns: manner.dns }))
                .build()
        };
        Ok(Self { sealed: client(true)?, plain: client(false)?, reach: reach.clone() })
    }

    /// A request to an address; none when it may not be asked.
    #[must_use]
    pub fn request(&self, method: Method, address: &str) -> Option<RequestBuilder> {
        let url = Url::parse(address).ok().filter(|_| self.reach.admits(address))?;
        let client = if url.scheme() == "http" { &self.plain } else { &self.sealed };
        Some(client.request(method, url))
    }
}

/// A name leads only to addresses that may not be asked.
#[derive(Debug)]
pub struct LeadsNowhere;

impl fmt::Display for LeadsNowhere {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name leads to no address that may be asked")
    }
}

impl std::error::Error for LeadsNowhere {}

impl LeadsNowhere {
    /// Whether that is why a request failed.
    #[must_use]
    pub fn caused(error: &reqwest::Error) -> bool {
        let mut cause: Option<&dyn std::error::Error> = Some(error);
        while let Some(error) = cause {
            if error.is::<Self>() {
                return true;
            }
            cause = error.source();
        }
        false
    }
}

/// Resolves names to what may be asked.
struct Names {
    reach: Reach,
    public: bool,
    dns: Option<SocketAddr>,
}

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let (reach, public, dns) = (self.reach.clone(), self.public, self.dns);
        Box::pin(async move {
            let found = names::addresses_of(dns, name.as_str()).await?;
            let may: Vec<SocketAddr> =
                found.into_iter().filter(|ip| reach.leads(*ip, public)).map(|ip| (ip, 0).into()).collect();
            if may.is_empty() {
                return Err(LeadsNowhere.into());
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
        let public = Reach::default();
        for bad in [
            "http://login.demo.example",
            "https://127.0.0.1",
            "https://127.1",
            "https://0x7f.0.0.1",
            "https://0177.0.0.1",
            "https://2130706433",
            "https://[::1]",
            "https://[::]",
            "https://10.0.0.1/x",
            "https://172.16.9.9",
            "https://192.168.1.1",
            "https://169.254.169.254/latest",
            "https://100.64.0.1",
            "https://[::ffff:10.0.0.1]",
            "https://[::ffff:7f00:1]",
            "https://[fd00::1]",
            "https://[fe80::1]",
            "https://[64:ff9b::a00:1]",
            "https://[2002:7f00:1::]",
            "https://0.0.0.0",
            "https://localhost",
            "https://a.localhost",
            "https://user@login.demo.example",
            "file:///etc/passwd",
            "login.demo.example",
        ] {
            assert!(!public.admits(bad), "{bad}");
        }
        for good in ["https://login.demo.example", "https://login.demo.example:8443/x", "https://8.8.8.8"] {
            assert!(public.admits(good), "{good}");
        }
    }

    #[test]
    fn what_is_named_may_be_asked_and_nothing_beside_it() {
        let near = Reach::with(vec!["127.0.0.0/8".parse().unwrap()]);
        for good in ["http://127.0.0.1:9000", "https://127.0.0.1", "http://localhost:9000", "https://8.8.8.8"]
        {
            assert!(near.admits(good), "{good}");
        }
        for bad in ["http://10.0.0.1", "https://10.0.0.1", "http://8.8.8.8", "ftp://127.0.0.1"] {
            assert!(!near.admits(bad), "{bad}");
        }
        assert!(Reach::everywhere().admits("http://10.0.0.1"));
        assert!(!Reach::everywhere().admits("ftp://127.0.0.1"));
    }

    #[tokio::test]
    async fn a_name_that_leads_home_leads_nowhere() {
        let ask =
            |reach: Reach, public| Names { reach, public, dns: None }.resolve("localhost".parse().unwrap());
        assert!(ask(Reach::default(), true).await.is_err());
        assert!(ask(Reach::with(vec!["10.0.0.0/8".parse().unwrap()]), false).await.is_err());
        assert!(ask(Reach::everywhere(), false).await.unwrap().count() > 0);
    }
}
