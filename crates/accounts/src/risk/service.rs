//! The rules of the judgement.

use std::net::IpAddr;

use chrono::TimeDelta;
use domain::SignInRisk;
use domain::travel::Point;
use platform::db::Tx;
use platform::error::ApiResult;
use platform::request::RequestInfo;
use platform::state::App;
use uuid::Uuid;

use super::place::Place;
use super::queries;
use crate::attempts;

/// How long a device and a network are known after the last sign-in from there.
pub(super) const KNOWN_FOR: TimeDelta = TimeDelta::days(180);
/// How many wrong passwords make a right one suspicious.
const MANY: i32 = 5;

/// What is known of a person when they sign in.
#[derive(Debug, Default)]
struct Known {
    /// Whether they have signed in before, though it may be so long ago that the places are forgotten.
    been_here: bool,
    places: Vec<Place>,
    /// Where they last were, and how many seconds ago.
    last: Option<(Point, i64)>,
    /// Wrong passwords tried lately.
    wrong: i32,
}

/// What is thought of a sign-in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Judgement {
    /// Why a second factor is asked for, if it is.
    pub(crate) risk: Option<SignInRisk>,
    /// What its owner is told about it afterwards, if anything.
    pub(crate) told: Option<SignInRisk>,
}

/// Judges a sign-in. From this machine itself nothing more is asked, and nothing at the first sign-in of
/// all. Its owner hears of what is strange about the sign-in itself: of wrong passwords they are told by
/// a letter of its own.
fn judge(place: &Place, ip: Option<IpAddr>, point: Option<Point>, known: &Known) -> Judgement {
    let far = match (known.last, point) {
        (Some((last, seconds)), Some(here)) => last.is_out_of_reach(here, seconds),
        _ => false,
    };
    let new = known.been_here && place.is_new_to(&known.places);
    let told = if far { Some(SignInRisk::FarAway) } else { new.then_some(SignInRisk::NewPlace) };
    if ip.is_none_or(|ip| ip.to_canonical().is_loopback()) {
        return Judgement { risk: None, told };
    }
    let failed = (known.wrong >= MANY).then_some(SignInRisk::ManyFailures);
    Judgement { risk: failed.or(told), told }
}

/// Judges the sign-in of a person whose password was right.
pub(crate) async fn judge_sign_in(
    tx: &mut Tx<'_>,
    app: &App,
    user_id: Uuid,
    request: &RequestInfo,
) -> ApiResult<Judgement> {
    let now = tx.now();
    let here = app.places.of(request.ip).point;
    let last = match here {
        Some(_) => queries::last_seen(tx, user_id).await?,
        None => None,
    };
    let address = queries::address(tx, user_id).await?;
    let places = queries::known(tx, user_id, now - KNOWN_FOR).await?;
    let known = Known {
        been_here: !places.is_empty() || queries::has_sessions(tx, user_id).await?,
        places,
        last: last.map(|(point, at)| (point, (now - at).num_seconds())),
        wrong: attempts::wrong_lately(tx, &app.keys, &address).await?,
    };
    Ok(judge(&Place::of(request), request.ip, here, &known))
}

/// Remembers where a person has signed in from; earlier failures count no more.
pub(crate) async fn remember(
    tx: &mut Tx<'_>,
    app: &App,
    user_id: Uuid,
    request: &RequestInfo,
) -> ApiResult<()> {
    let now = tx.now();
    let address = queries::address(tx, user_id).await?;
    attempts::forgive(tx, &app.keys, &address).await?;
    queries::remember(tx, user_id, &Place::of(request), now).await
}

#[cfg(test)]
mod tests {
    use super::super::place::network_of;
    use super::*;

    const BANGKOK: Point = Point { latitude: 13.8, longitude: 100.5 };
    const LONDON: Point = Point { latitude: 51.5, longitude: -0.1 };

    fn place(agent: &str, ip: &str) -> Place {
        Place { agent: agent.into(), network: Some(network_of(ip.parse().unwrap())) }
    }

    fn judged(agent: &str, ip: &str, point: Option<Point>, known: &Known) -> Judgement {
        judge(&place(agent, ip), Some(ip.parse().unwrap()), point, known)
    }

    fn home() -> Known {
        let places = vec![place("Chrome on Windows", "203.0.113.7")];
        Known { been_here: true, places, ..Known::default() }
    }

    fn both(risk: SignInRisk) -> Judgement {
        Judgement { risk: Some(risk), told: Some(risk) }
    }

    #[test]
    fn a_place_seen_before_is_no_risk_and_another_is() {
        let of = |agent: &str, ip: &str| judged(agent, ip, None, &home());
        assert_eq!(of("Chrome on Windows", "203.0.113.99"), Judgement::default());
        assert_eq!(of("Chrome on Windows", "198.51.100.1"), both(SignInRisk::NewPlace));
        assert_eq!(of("Safari on iPhone", "203.0.113.7"), both(SignInRisk::NewPlace));
        assert_eq!(judged("curl", "192.0.2.1", None, &Known::default()), Judgement::default());
        let long_ago = Known { been_here: true, ..Known::default() };
        assert_eq!(judged("curl", "192.0.2.1", None, &long_ago), both(SignInRisk::NewPlace));
    }

    #[test]
    fn many_failures_make_even_a_known_place_a_risk() {
        let after = |wrong| judged("Chrome on Windows", "203.0.113.7", None, &Known { wrong, ..home() });
        assert_eq!(after(MANY - 1), Judgement::default());
        assert_eq!(after(MANY), Judgement { risk: Some(SignInRisk::ManyFailures), told: None });
    }

    #[test]
    fn nobody_flies_faster_than_an_airliner_even_to_a_known_place() {
        let after = |hours: i64| {
            let known = Known { last: Some((LONDON, hours * 3_600)), ..home() };
            judged("Chrome on Windows", "203.0.113.7", Some(BANGKOK), &known)
        };
        assert_eq!(after(2), both(SignInRisk::FarAway));
        assert_eq!(after(12), Judgement::default());
        let known = Known { last: Some((LONDON, 60)), ..home() };
        assert_eq!(judged("Chrome on Windows", "203.0.113.7", None, &known), Judgement::default());
    }

    #[test]
    fn this_machine_is_never_a_risk_and_its_owner_hears_of_it() {
        for ip in ["127.0.0.1", "::1", "::ffff:127.0.0.1"] {
            let told = judged("Safari on iPhone", ip, None, &Known { wrong: 100, ..home() });
            assert_eq!(told, Judgement { risk: None, told: Some(SignInRisk::NewPlace) });
        }
    }
}
