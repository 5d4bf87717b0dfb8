//! From where somebody signs in, coarsely.

use std::net::IpAddr;

use platform::request::RequestInfo;

use crate::sessions;

/// The kind of device and its part of the network. Coarse, so that an update or another address of the same
/// provider is the same place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// `Chrome on Windows`; empty when the program does not say.
    pub(crate) agent: String,
    /// `203.0.113.0/24`, `2001:db8:7::/48`; none when the address is not known.
    pub(crate) network: Option<String>,
}

impl Place {
    /// Where a request comes from.
    pub(crate) fn of(request: &RequestInfo) -> Self {
        let agent = sessions::device_of(request.user_agent.as_deref().unwrap_or(""));
        Self { agent, network: request.ip.map(network_of) }
    }

    /// Whether both may be the same device a little later: the program or the network is the same.
    pub(crate) fn resembles(&self, other: &Self) -> bool {
        self.agent == other.agent || (self.network.is_some() && self.network == other.network)
    }

    /// Whether the device or the network is none of those known.
    pub(crate) fn is_new_to(&self, known: &[Self]) -> bool {
        let device = known.iter().any(|known| known.agent == self.agent);
        let network = self.network.is_none() || known.iter().any(|known| known.network == self.network);
        !device || !network
    }
}

/// The network of an address: what one household or office has, 24 bits of IPv4 or 48 of IPv6.
pub(crate) fn network_of(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(ip) => {
            let [a, b, c, _] = ip.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(ip) => {
            let [a, b, c, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}::/48")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(agent: &str, ip: &str) -> Place {
        Place { agent: agent.into(), network: Some(network_of(ip.parse().unwrap())) }
    }

    #[test]
    fn neighbours_share_a_network() {
        let of = |ip: &str| network_of(ip.parse().unwrap());
        assert_eq!(of("203.0.113.7"), "203.0.113.0/24");
        assert_eq!(of("::ffff:203.0.113.9"), "203.0.113.0/24");
        assert_eq!(of("2001:db8:1:2::3"), "2001:db8:1::/48");
        assert_ne!(of("203.0.113.7"), of("203.0.114.7"));
    }

    #[test]
    fn a_device_that_changes_one_thing_is_still_the_same() {
        let home = place("Safari on iPhone", "203.0.113.7");
        assert!(home.resembles(&place("Safari on iPhone", "198.51.100.1")));
        assert!(home.resembles(&place("Chrome on Windows", "203.0.113.8")));
        assert!(!home.resembles(&place("Chrome on Windows", "198.51.100.1")));
        let unknown = Place { agent: "curl".into(), network: None };
        assert!(!unknown.resembles(&Place { agent: "Python".into(), network: None }));
    }

    #[test]
    fn known_devices_may_change_places_among_known_networks() {
        let known = [place("Safari on iPhone", "203.0.113.7"), place("Chrome on Windows", "198.51.100.1")];
        assert!(!place("Safari on iPhone", "198.51.100.9").is_new_to(&known));
        assert!(place("Safari on iPhone", "192.0.2.1").is_new_to(&known));
        assert!(place("Firefox on Linux", "203.0.113.7").is_new_to(&known));
    }
}
