//! What the records of a domain are worth: keys (RFC 6376, 3.6.1), senders (RFC 7208, 4 and 5), policy (RFC
//! 7489, 6.3).

use contract::sending::Verdict;

/// The tags of a record: `v=DKIM1; k=rsa; p=…`.
fn tags(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split(';').filter_map(|tag| tag.split_once('=')).map(|(name, value)| (name.trim(), value.trim()))
}

fn tag<'a>(text: &'a str, wanted: &str) -> Option<&'a str> {
    tags(text).find(|(name, _)| *name == wanted).map(|(_, value)| value)
}

/// The texts at a key's name, which ought to hold `public`.
pub(super) fn of_key(texts: &[String], public: &str) -> Verdict {
    match texts {
        [] => Verdict::Missing,
        [text] => match tag(text, "p") {
            None => Verdict::Unreadable,
            Some(key) if key.split_whitespace().collect::<String>() == public => Verdict::Good,
            Some(_) => Verdict::OtherKey,
        },
        _ => Verdict::Several,
    }
}

/// The texts of a domain that tell who may send.
pub(super) fn senders(texts: Vec<String>) -> Vec<String> {
    let is_spf = |text: &String| text.split_whitespace().next() == Some("v=spf1");
    texts.into_iter().filter(is_spf).collect()
}

/// The texts of a domain that are a policy.
pub(super) fn policies(texts: Vec<String>) -> Vec<String> {
    texts.into_iter().filter(|text| tags(text).next() == Some(("v", "DMARC1"))).collect()
}

/// What may stand in a record of senders, without the qualifier before it and the value behind it.
const TERMS: [&str; 10] = ["all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists", "redirect", "exp"];

/// The records found by [`senders`], which ought to name `server`, the mechanism of the mail server in use.
pub(super) fn of_senders(found: &[String], server: Option<&str>) -> Verdict {
    let record = match found {
        [] => return Verdict::Missing,
        [record] => record.to_ascii_lowercase(),
        _ => return Verdict::Several,
    };
    let terms: Vec<&str> = record.split_whitespace().skip(1).collect();
    let name = |term: &str| {
        let bare = term.trim_start_matches(['+', '-', '~', '?']);
        bare.split([':', '=', '/']).next().map(str::to_owned).unwrap_or_default()
    };
    if terms.iter().any(|term| !TERMS.contains(&name(term).as_str())) {
        return Verdict::Unreadable;
    }
    let bars_others = |term: &&str| matches!(*term, "-all" | "~all") || term.starts_with("redirect=");
    if !terms.iter().any(bars_others) {
        return Verdict::LetsAnybody;
    }
    let names =
        |server: &str| terms.iter().any(|term| term.trim_start_matches('+') == server.to_ascii_lowercase());
    if server.is_some_and(|server| !names(server)) { Verdict::ServerNotNamed } else { Verdict::Good }
}

/// The records found by [`policies`].
pub(super) fn of_policy(found: &[String]) -> Verdict {
    match found {
        [] => Verdict::Missing,
        [record] => match tag(record, "p").map(str::to_ascii_lowercase).as_deref() {
            Some("quarantine" | "reject") => Verdict::Good,
            Some("none") => Verdict::OnlyWatches,
            _ => Verdict::Unreadable,
        },
        _ => Verdict::Several,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn a_key_is_the_one_we_sign_with() {
        let of = |found: &[&str]| of_key(&texts(found), "MIIBkey");
        assert_eq!(of(&["v=DKIM1; k=rsa; p=MIIBkey"]), Verdict::Good);
        assert_eq!(of(&["k=rsa;p=MIIB key;"]), Verdict::Good, "v may be left out, and keys be parted");
        assert_eq!(of(&["v=DKIM1; p="]), Verdict::OtherKey, "withdrawn");
        assert_eq!(of(&["v=DKIM1; p=MIIBother"]), Verdict::OtherKey);
        assert_eq!(of(&["hello"]), Verdict::Unreadable);
        assert_eq!(of(&[]), Verdict::Missing);
        assert_eq!(of(&["p=MIIBkey", "p=MIIBkey"]), Verdict::Several);
    }

    #[test]
    fn senders_are_named_and_others_barred() {
        let of = |found: &[&str], server| of_senders(&senders(texts(found)), server);
        let ours = Some("include:_spf.mail.example");
        assert_eq!(of(&["v=spf1 mx include:_spf.mail.example ~all", "another text"], ours), Verdict::Good);
        assert_eq!(of(&["v=spf1 +INCLUDE:_spf.mail.example -all"], ours), Verdict::Good);
        assert_eq!(of(&["v=spf1 mx -all"], ours), Verdict::ServerNotNamed);
        assert_eq!(of(&["v=spf1 mx -all"], None), Verdict::Good);
        assert_eq!(of(&["v=spf1 redirect=_spf.demo.example"], None), Verdict::Good);
        for open in ["v=spf1 mx +all", "v=spf1 all", "v=spf1 mx ?all", "v=spf1 mx"] {
            assert_eq!(of(&[open], None), Verdict::LetsAnybody, "{open}");
        }
        assert_eq!(of(&["v=spf1 ipv4:192.0.2.1 -all"], None), Verdict::Unreadable);
        assert_eq!(of(&["v=spf10 -all"], None), Verdict::Missing);
        assert_eq!(of(&["v=spf1 -all", "v=spf1 mx -all"], None), Verdict::Several);
    }

    #[test]
    fn a_policy_asks_for_something() {
        let of = |found: &[&str]| of_policy(&policies(texts(found)));
        assert_eq!(of(&["v=DMARC1; p=reject; rua=mailto:a@demo.example"]), Verdict::Good);
        assert_eq!(of(&["v=DMARC1;p=Quarantine"]), Verdict::Good);
        assert_eq!(of(&["v=DMARC1; p=none"]), Verdict::OnlyWatches);
        assert_eq!(of(&["v=DMARC1; p=whatever"]), Verdict::Unreadable);
        assert_eq!(of(&["p=reject; v=DMARC1"]), Verdict::Missing, "the version comes first");
        assert_eq!(of(&["v=DMARC1; p=none", "v=DMARC1; p=none"]), Verdict::Several);
    }
}
