//! How likely it is that a sign-in with the right password is somebody else's: compared with the places
//! the person signed in from before, and with the wrong passwords tried lately. Where an address lies on the map is not known here, so
//! nothing is said about travel.

mod queries;

use std::net::IpAddr;
use std::time::Duration;

use chrono::TimeDelta;
use contract::ErrorCode;
use platform::db::Tx;
use platform::error::ApiResult;
use platform::guard::{Access, Guard};
use platform::jobs::Registry;
use platform::keys::MasterKey;
use platform::request::RequestInfo;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// How long a place is known after the last sign-in from it.
const KNOWN_FOR: TimeDelta = TimeDelta::days(180);
/// How long a wrong password is held against the next right one.
const LATELY: TimeDelta = TimeDelta::hours(1);

/// Where somebody signs in from: the family of their program and their part of the network. Coarse, so
/// that an update or another address of the same provider is the same place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// `chrome/windows`; empty when the program does not say.
    pub(crate) agent: String,
    /// `203.0.113.0/24`, `2001:db8:7::/48`; none when the address is not known.
    pub(crate) network: Option<String>,
}

impl Place {
    /// Where a request comes from.
    pub(crate) fn of(request: &RequestInfo) -> Self {
        let agent = family(request.user_agent.as_deref().unwrap_or(""));
        Self { agent, network: request.ip.map(network) }
    }

    /// Whether both may be the same device a little later: the program or the network is the same.
    pub(crate) fn resembles(&self, other: &Self) -> bool {
        self.agent == other.agent || (self.network.is_some() && self.network == other.network)
    }
}

/// Why a sign-in is looked at more closely.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Risk {
    /// Never seen before, though the person has signed in elsewhere.
    NewDevice,
    /// Somebody has tried wrong passwords shortly before.
    ManyFailures,
}

/// How many wrong passwords within the last hour make a right one suspicious.
const MANY: u32 = 5;

/// Judges a sign-in from `place` (the address `ip`) of somebody known from the places `known`, after
/// `failures` wrong passwords in the last hour. This machine itself is never a risk, nor is the first
/// sign-in of all.
pub(crate) fn judge(place: &Place, ip: Option<IpAddr>, known: &[Place], failures: u32) -> Option<Risk> {
    if ip.is_none_or(|ip| ip.to_canonical().is_loopback()) {
        return None;
    }
    if failures >= MANY {
        return Some(Risk::ManyFailures);
    }
    (!known.is_empty() && !known.contains(place)).then_some(Risk::NewDevice)
}

/// Judges the sign-in of a person whose password was right.
pub(crate) async fn of_sign_in(
    tx: &mut Tx<'_>,
    keys: &MasterKey,
    user_id: Uuid,
    place: &Place,
    ip: Option<IpAddr>,
) -> ApiResult<Option<Risk>> {
    let now = tx.now();
    let known = queries::known(tx, user_id, now - KNOWN_FOR).await?;
    let address = queries::address(tx, user_id).await?;
    let failures = queries::failures(tx, &hash(keys, &address), now - LATELY).await?;
    Ok(judge(place, ip, &known, failures))
}

/// Notes a wrong password, whether or not somebody has this address: both take as long.
pub(crate) async fn noting<P: Access, T>(
    guard: &Guard<P>,
    address: &str,
    recognised: ApiResult<T>,
) -> ApiResult<T> {
    if recognised.as_ref().is_err_and(|error| error.code() == ErrorCode::WrongCredentials) {
        let (hash, now) = (hash(&guard.app.keys, address), guard.now());
        guard.db.statement(async |conn| queries::note_failure(conn, &hash, now).await).await?;
    }
    recognised
}

/// Remembers where a person has signed in from; earlier failures count no more.
pub(crate) async fn remember(
    tx: &mut Tx<'_>,
    keys: &MasterKey,
    user_id: Uuid,
    request: &RequestInfo,
) -> ApiResult<()> {
    let now = tx.now();
    let address = queries::address(tx, user_id).await?;
    queries::forget_failures(tx, &hash(keys, &address)).await?;
    queries::remember(tx, user_id, &Place::of(request), now).await
}

/// Forgets failures that count no more, and places of long ago.
pub(crate) fn jobs(registry: &mut Registry) {
    registry.every("forget_risks", Duration::from_secs(3600), async |context| {
        let now = context.now();
        context.db.write(async |tx| queries::forget(tx, now - LATELY, now - KNOWN_FOR).await).await?;
        Ok(())
    });
}

/// Addresses of strangers are not kept, only what tells that it was the same one.
fn hash(keys: &MasterKey, address: &str) -> Vec<u8> {
    let key = keys.derive("wrong passwords");
    let mut hash = Sha256::new();
    hash.update(key);
    hash.update(address.trim().to_lowercase().as_bytes());
    hash.finalize().to_vec()
}

/// The part of the network an address belongs to: what one household or office has.
fn network(ip: IpAddr) -> String {
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

/// Programs by a word in their name; the first that fits. Most call themselves Safari as well, and
/// what builds on Chrome calls itself Chrome.
const PROGRAMS: &[(&str, &str)] = &[
    ("Edg", "edge"),
    ("OPR/", "opera"),
    ("SamsungBrowser", "samsung"),
    ("Firefox", "firefox"),
    ("FxiOS", "firefox"),
    ("CriOS", "chrome"),
    ("Chrome", "chrome"),
    ("Safari", "safari"),
];
const SYSTEMS: &[(&str, &str)] = &[
    ("Windows", "windows"),
    ("Android", "android"),
    ("iPhone", "ios"),
    ("iPad", "ios"),
    ("Mac OS X", "macos"),
    ("CrOS", "chromeos"),
    ("Linux", "linux"),
];

/// The family of a program by what it calls itself: `chrome/windows`; of others their first word.
fn family(user_agent: &str) -> String {
    let named = |names: &[(&str, &'static str)]| {
        names.iter().find(|(word, _)| user_agent.contains(word)).map(|(_, name)| *name)
    };
    match (named(PROGRAMS), named(SYSTEMS)) {
        (Some(program), system) => format!("{program}/{}", system.unwrap_or("other")),
        (None, _) => {
            let word = user_agent.split(['/', ' ']).next().unwrap_or("");
            word.chars().take(40).collect::<String>().to_lowercase()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
    const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1";

    fn place(agent: &str, ip: &str) -> (Place, Option<IpAddr>) {
        let ip: IpAddr = ip.parse().unwrap();
        (Place { agent: family(agent), network: Some(network(ip)) }, Some(ip))
    }

    fn judged(agent: &str, ip: &str, known: &[(&str, &str)], failures: u32) -> Option<Risk> {
        let known: Vec<_> = known.iter().map(|(agent, ip)| place(agent, ip).0).collect();
        let (place, ip) = place(agent, ip);
        judge(&place, ip, &known, failures)
    }

    #[test]
    fn families_outlast_updates() {
        assert_eq!(family(CHROME), "chrome/windows");
        assert_eq!(family(&CHROME.replace("142", "143")), "chrome/windows");
        assert_eq!(family(PHONE), "safari/ios");
        assert_eq!(family("curl/8.5.0"), "curl");
        assert_eq!(family(""), "");
    }

    #[test]
    fn networks_are_those_of_a_household() {
        assert_eq!(network("203.0.113.77".parse().unwrap()), "203.0.113.0/24");
        assert_eq!(network("::ffff:203.0.113.77".parse().unwrap()), "203.0.113.0/24");
        assert_eq!(network("2001:db8:7:8::9".parse().unwrap()), "2001:db8:7::/48");
    }

    #[test]
    fn a_place_seen_before_is_no_risk_and_another_is() {
        let known = [(CHROME, "203.0.113.7")];
        assert_eq!(judged(CHROME, "203.0.113.99", &known, 0), None);
        assert_eq!(judged(CHROME, "198.51.100.1", &known, 0), Some(Risk::NewDevice));
        assert_eq!(judged(PHONE, "203.0.113.7", &known, 0), Some(Risk::NewDevice));
    }

    #[test]
    fn the_first_sign_in_of_all_is_no_risk() {
        assert_eq!(judged(CHROME, "203.0.113.7", &[], 0), None);
    }

    #[test]
    fn many_failures_make_even_a_known_place_a_risk() {
        let known = [(CHROME, "203.0.113.7")];
        assert_eq!(judged(CHROME, "203.0.113.7", &known, MANY - 1), None);
        assert_eq!(judged(CHROME, "203.0.113.7", &known, MANY), Some(Risk::ManyFailures));
    }

    #[test]
    fn this_machine_is_never_a_risk() {
        for ip in ["127.0.0.1", "::1", "::ffff:127.0.0.1"] {
            assert_eq!(judged(PHONE, ip, &[(CHROME, "203.0.113.7")], 100), None);
        }
    }

    #[test]
    fn a_device_that_changes_one_thing_is_still_the_same() {
        let (home, _) = place(PHONE, "203.0.113.7");
        assert!(home.resembles(&place(PHONE, "198.51.100.1").0));
        assert!(home.resembles(&place(CHROME, "203.0.113.8").0));
        assert!(!home.resembles(&place(CHROME, "198.51.100.1").0));
        let unknown = Place { agent: "curl".into(), network: None };
        assert!(!unknown.resembles(&Place { agent: "wget".into(), network: None }));
    }
}
