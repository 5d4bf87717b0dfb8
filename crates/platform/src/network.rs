//! Where a request comes from: the peer of its connection, or what proxies we trust say about it.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use actix_web::HttpRequest;
use actix_web::http::header::HeaderMap;
use ipnet::IpNet;
use serde::{Deserialize, Deserializer};

/// A range of addresses as it is configured: `10.0.0.0/8`, or one address alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network(IpNet);

impl Network {
    /// Whether the address lies within.
    #[must_use]
    pub fn contains(&self, ip: IpAddr) -> bool {
        self.0.contains(&ip.to_canonical())
    }
}

impl std::str::FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let net = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        net.map(Self).map_err(|_| format!("`{text}` is no network; write 10.0.0.0/8 or 192.0.2.7"))
    }
}

impl<'de> Deserialize<'de> for Network {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What is counted as one caller: an IPv4 address, or the /64 that one IPv6 subscriber is given
/// (RFC 6177), all of whose addresses are theirs.
#[must_use]
pub fn subscriber(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

/// Where a request came from, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Caller {
    pub ip: Option<IpAddr>,
    /// Whether the caller's own connection was encrypted.
    pub https: bool,
}

/// The caller of a request. `X-Forwarded-For` is believed as far as it was written by proxies we
/// trust: read from the right, the first address that is no such proxy is the caller's.
pub(crate) fn caller(request: &HttpRequest, trusted: &[Network]) -> Caller {
    let Some(peer) = request.peer_addr().map(|address| address.ip().to_canonical()) else {
        return Caller { ip: None, https: request.app_config().secure() };
    };
    let is_proxy = |ip: IpAddr| trusted.iter().any(|network| network.contains(ip));
    if !is_proxy(peer) {
        return Caller { ip: Some(peer), https: request.app_config().secure() };
    }
    let mut ip = peer;
    for hop in values(request.headers(), "x-forwarded-for").into_iter().rev() {
        // What a trusted proxy wrote and cannot be read names nobody: the proxy itself then counts.
        let Some(address) = address(hop) else { break };
        ip = address;
        if !is_proxy(ip) {
            break;
        }
    }
    let scheme = values(request.headers(), "x-forwarded-proto").pop();
    let https =
        scheme.map_or_else(|| request.app_config().secure(), |scheme| scheme.eq_ignore_ascii_case("https"));
    Caller { ip: Some(ip), https }
}

/// Whether the request was handed on by a proxy we trust.
pub(crate) fn trusts_peer(request: &HttpRequest, trusted: &[Network]) -> bool {
    let peer = request.peer_addr().map(|address| address.ip());
    peer.is_some_and(|peer| trusted.iter().any(|network| network.contains(peer)))
}

/// The members of a header that may come several times, as one list.
fn values<'a>(headers: &'a HeaderMap, name: &str) -> Vec<&'a str> {
    headers
        .get_all(name)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .collect()
}

/// `192.0.2.7`, `192.0.2.7:4711`, `2001:db8::1`, `[2001:db8::1]:4711`.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    let ip = bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()));
    ip.map(|ip: IpAddr| ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn networks(texts: &[&str]) -> Vec<Network> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    fn seen(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let mut request = TestRequest::default().peer_addr(SocketAddr::new(peer.parse().unwrap(), 4711));
        for header in forwarded {
            request = request.append_header(("x-forwarded-for", *header));
        }
        caller(&request.to_http_request(), &networks(trusted)).ip.unwrap().to_string()
    }

    #[test]
    fn an_untrusted_peer_cannot_speak_for_others() {
        assert_eq!(seen("203.0.113.9", &["192.0.2.1"], &[]), "203.0.113.9");
        assert_eq!(seen("203.0.113.9", &["192.0.2.1"], &["10.0.0.0/8"]), "203.0.113.9");
    }

    #[test]
    fn the_list_is_read_from_the_right_past_trusted_hops() {
        let trusted = &["10.0.0.0/8", "192.0.2.7", "2001:db8:1::/48"];
        assert_eq!(seen("10.0.0.1", &["198.51.100.4"], trusted), "198.51.100.4");
        assert_eq!(seen("10.0.0.1", &["1.1.1.1, 198.51.100.4, 10.9.9.9"], trusted), "198.51.100.4");
        assert_eq!(seen("10.0.0.1", &["1.1.1.1", "198.51.100.4, 192.0.2.7"], trusted), "198.51.100.4");
        assert_eq!(seen("10.0.0.1", &["198.51.100.4:5000"], trusted), "198.51.100.4");
        assert_eq!(seen("10.0.0.1", &["[2001:db8:2::9]:5000"], trusted), "2001:db8:2::9");
        assert_eq!(seen("2001:db8:1::1", &["2001:db8:2::9"], trusted), "2001:db8:2::9");
        assert_eq!(seen("::ffff:10.0.0.1", &["198.51.100.4"], trusted), "198.51.100.4");
        assert_eq!(seen("10.0.0.1", &["10.0.0.5, 10.0.0.6"], trusted), "10.0.0.5", "all within the house");
        assert_eq!(seen("10.0.0.1", &["1.1.1.1, unknown"], trusted), "10.0.0.1", "not to be read");
        assert_eq!(seen("10.0.0.1", &[], trusted), "10.0.0.1");
    }

    #[test]
    fn the_scheme_is_believed_of_trusted_proxies_only() {
        let https = |peer: &str, trusted: &[&str]| {
            let request = TestRequest::default()
                .peer_addr(SocketAddr::new(peer.parse().unwrap(), 4711))
                .insert_header(("x-forwarded-proto", "https"))
                .to_http_request();
            caller(&request, &networks(trusted)).https
        };
        assert!(https("10.0.0.1", &["10.0.0.0/8"]));
        assert!(!https("203.0.113.9", &["10.0.0.0/8"]));
    }

    #[test]
    fn an_ipv6_subscriber_is_one_caller() {
        let of = |ip: &str| subscriber(ip.parse().unwrap());
        assert_eq!(of("2001:db8:0:7::1"), of("2001:db8:0:7:ffff::2"));
        assert_ne!(of("2001:db8:0:7::1"), of("2001:db8:0:8::1"));
        assert_eq!(of("::ffff:192.0.2.7"), "192.0.2.7");
        assert_ne!(of("192.0.2.7"), of("192.0.2.8"));
    }

    #[test]
    fn what_is_no_network_is_told() {
        assert!("10.0.0.0/33".parse::<Network>().unwrap_err().contains("10.0.0.0/33"));
        assert!("everywhere".parse::<Network>().is_err());
    }
}
