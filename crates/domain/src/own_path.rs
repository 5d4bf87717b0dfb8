//! Where a page sends somebody next: addresses of this site only.

/// `wish` when it is a path of this site. An address elsewhere (`//host`, `https:…`) is none, nor is
/// one that a browser would read as such: it takes `\` for `/` and drops tabs and line ends.
#[must_use]
pub fn own_path(wish: &str) -> Option<&str> {
    let plain = !wish.chars().any(|letter| letter == '\\' || letter.is_control());
    (wish.starts_with('/') && !wish.starts_with("//") && plain).then_some(wish)
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn only_paths_of_this_site_lead_on() {
        for own in ["/", "/console/orders?q=a%2Fb#top", "/orders/1//2"] {
            assert_eq!(own_path(own), Some(own));
        }
        let foreign = [
            "",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "https://evil.example/",
            "javascript:alert(1)",
            "console",
        ];
        for foreign in foreign {
            assert_eq!(own_path(foreign), None, "{foreign:?}");
        }
    }
}
