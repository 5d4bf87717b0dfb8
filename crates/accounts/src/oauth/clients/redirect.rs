//! Where people are sent back to: exactly where was registered, but that a program on the person's own
//! machine listens at whichever port is free (RFC 8252, 7.3).

use url::{Host, Url};

/// Whether it may be registered.
pub(super) fn is_fit(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    let plain = url.fragment().is_none() && url.username().is_empty() && url.password().is_none();
    // What a browser would make of it is what was written: nothing hides in it.
    let as_written = url.as_str() == text || url.as_str() == format!("{text}/");
    plain && as_written && (url.scheme() == "https" || is_here(&url))
}

/// Whether the address asked for is the one registered.
pub(in crate::oauth) fn matches(registered: &str, asked: &str) -> bool {
    if registered == asked {
        return true;
    }
    let (Ok(known), Ok(mut url)) = (Url::parse(registered), Url::parse(asked)) else { return false };
    let as_written = url.as_str() == asked || url.as_str() == format!("{asked}/");
    as_written && is_number_here(&known) && url.set_port(known.port()).is_ok() && url == known
}

fn is_here(url: &Url) -> bool {
    url.scheme() == "http" && (url.host_str() == Some("localhost") || is_number_here(url))
}

fn is_number_here(url: &Url) -> bool {
    url.scheme() == "http"
        && match url.host() {
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_https_or_on_this_machine() {
        for fit in [
            "https://a.example/cb",
            "https://a.example",
            "http://127.0.0.1/cb",
            "http://[::1]:7/cb",
            "http://localhost:3/",
        ] {
            assert!(is_fit(fit), "{fit}");
        }
        for unfit in [
            "http://a.example/cb",
            "https://a.example/cb#x",
            "https://u@a.example/",
            "javascript:alert(1)",
            "https://a.example/../cb",
            "/cb",
            "",
            "https://A.example/cb",
            "http://127.0.0.1.a.example/",
            "app:/cb",
        ] {
            assert!(!is_fit(unfit), "{unfit}");
        }
    }

    #[test]
    fn only_the_port_of_this_machine_may_differ() {
        assert!(matches("https://a.example/cb", "https://a.example/cb"));
        assert!(matches("http://127.0.0.1/cb", "http://127.0.0.1:4711/cb"));
        assert!(matches("http://[::1]/cb", "http://[::1]:4711/cb"));
        for (known, asked) in [
            ("https://a.example/cb", "https://a.example/cb/"),
            ("https://a.example/cb", "https://a.example/cb?x=1"),
            ("https://a.example/cb", "https://a.example:8443/cb"),
            ("http://localhost/cb", "http://localhost:4711/cb"),
            ("http://127.0.0.1/cb", "http://127.0.0.1:4711/other"),
            ("http://127.0.0.1/cb", "http://127.0.0.2:4711/cb"),
            ("http://127.0.0.1/cb", "http://x@127.0.0.1:4711/cb"),
            ("http://127.0.0.1/cb", "http://127.0.0.1:4711/cb#x"),
        ] {
            assert!(!matches(known, asked), "{known} {asked}");
        }
    }
}
