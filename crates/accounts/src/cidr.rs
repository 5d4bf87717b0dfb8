//! Networks in CIDR notation (RFC 4632, RFC 4291): which callers they admit.

use std::net::IpAddr;

use contract::ErrorCode;
use ipnet::IpNet;
use platform::error::{ApiError, ApiResult};

/// The networks in their canonical form, each once; a single address is a network of one.
/// `invalid_fields` names each that cannot be read as `networks[2]`.
pub(crate) fn canonical(networks: &[String]) -> ApiResult<Vec<String>> {
    let (mut read, mut refusal, mut faulty) = (Vec::new(), ApiError::new(ErrorCode::InvalidFields), false);
    for (place, text) in networks.iter().enumerate() {
        match parse(text.trim()) {
            Some(network) => read.push(network.to_string()),
            None => {
                faulty = true;
                let message = "This is no network, such as 203.0.113.0/24 or 2001:db8::/32.";
                refusal = refusal.field_fault(format!("networks[{place}]"), "no_network", message);
            }
        }
    }
    if faulty {
        return Err(refusal);
    }
    read.sort_unstable();
    read.dedup();
    Ok(read)
}

fn parse(text: &str) -> Option<IpNet> {
    let network = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from)).ok()?;
    Some(network.trunc())
}

/// Whether a caller is admitted: always when no network is listed, otherwise from one of them. An
/// IPv4 address that came in IPv6 form (`::ffff:…`) counts as what it is.
pub(crate) fn admits(networks: &[String], ip: Option<IpAddr>) -> bool {
    let inside = |ip: IpAddr| {
        networks.iter().filter_map(|network| parse(network)).any(|network| network.contains(&ip))
    };
    networks.is_empty() || ip.is_some_and(|ip| inside(ip.to_canonical()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn networks(list: &[&str]) -> Vec<String> {
        list.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn networks_are_made_canonical() {
        let list = networks(&["203.0.113.77/24", " 10.0.0.1 ", "2001:DB8::1/32", "10.0.0.1/32"]);
        assert_eq!(canonical(&list).unwrap(), ["10.0.0.1/32", "2001:db8::/32", "203.0.113.0/24"]);
        let error = canonical(&networks(&["10.0.0.0/8", "10.0.0.0/33", "here"])).unwrap_err();
        let problem = error.problem(String::new());
        let fields: Vec<_> = problem.fields.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(fields, ["networks[1]", "networks[2]"]);
    }

    #[test]
    fn only_callers_inside_are_admitted() {
        let list = networks(&["203.0.113.0/24", "2001:db8::/32"]);
        for (ip, admitted) in [
            ("203.0.113.9", true),
            ("203.0.114.9", false),
            ("::ffff:203.0.113.9", true),
            ("2001:db8::7", true),
            ("2001:db9::7", false),
        ] {
            assert_eq!(admits(&list, Some(ip.parse().unwrap())), admitted, "{ip}");
        }
        assert!(!admits(&list, None));
        assert!(admits(&[], None));
    }
}
