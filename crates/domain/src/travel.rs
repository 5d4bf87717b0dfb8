//! How far apart two points on the earth are, and whether somebody can have been at both.

use serde::{Deserialize, Serialize};

/// A point on the earth, in degrees, north and east positive.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// -90 to 90.
    pub latitude: f64,
    /// -180 to 180.
    pub longitude: f64,
}

/// The earth's mean radius (IUGG), in kilometres.
const RADIUS: f64 = 6_371.008_8;
/// An airliner's cruising speed, in kilometres an hour.
const FASTEST: f64 = 900.0;
/// Up to here the place of an address is too vague to tell anything, in kilometres.
const VAGUE: f64 = 500.0;

impl Point {
    /// To a tenth of a degree, some ten kilometres: the region, not the house.
    #[must_use]
    pub fn rounded(self) -> Self {
        let tenths = |degrees: f64| (degrees * 10.0).round() / 10.0;
        Self { latitude: tenths(self.latitude), longitude: tenths(self.longitude) }
    }

    /// The way along the great circle in kilometres, by the haversine formula (R. W. Sinnott, "Virtues of
    /// the Haversine", Sky and Telescope 68, 1984, page 159).
    #[must_use]
    pub fn kilometres_to(self, other: Self) -> f64 {
        let (from, to) = (self.latitude.to_radians(), other.latitude.to_radians());
        let half = |angle: f64| (angle / 2.0).sin().powi(2);
        let turned = (other.longitude - self.longitude).to_radians();
        let haversine = half(to - from) + from.cos() * to.cos() * half(turned);
        2.0 * RADIUS * haversine.clamp(0.0, 1.0).sqrt().asin()
    }

    /// Whether nobody gets to the other point in so many seconds: more than 500 km, faster than 900 km/h.
    #[must_use]
    pub fn is_out_of_reach(self, other: Self, seconds: i64) -> bool {
        let kilometres = self.kilometres_to(other);
        let hours = seconds.max(0) as f64 / 3_600.0;
        kilometres > VAGUE && kilometres > FASTEST * hours
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BANGKOK: Point = Point { latitude: 13.75, longitude: 100.5 };
    const LONDON: Point = Point { latitude: 51.5, longitude: -0.125 };

    #[test]
    fn ways_are_as_long_as_in_the_atlas() {
        let quarter = Point { latitude: 90.0, longitude: 0.0 };
        let equator = Point { latitude: 0.0, longitude: 77.0 };
        // A quarter of a great circle: a quarter of the mean circumference.
        assert!((equator.kilometres_to(quarter) - 10_007.557).abs() < 0.01);
        assert!((BANGKOK.kilometres_to(LONDON) - 9_536.0).abs() < 20.0);
        // Over the line where the day changes, not around the earth.
        let (fiji, samoa) =
            (Point { latitude: -17.0, longitude: 179.0 }, Point { latitude: -14.0, longitude: -172.0 });
        assert!(fiji.kilometres_to(samoa) < 1_100.0);
    }

    #[test]
    fn an_airliner_makes_it_and_nobody_is_faster() {
        let hours = |hours: i64| hours * 3_600;
        assert!(BANGKOK.is_out_of_reach(LONDON, hours(10)));
        assert!(!BANGKOK.is_out_of_reach(LONDON, hours(11)));
        assert!(BANGKOK.is_out_of_reach(LONDON, 0));
        assert!(BANGKOK.is_out_of_reach(LONDON, -5));
        let near = Point { latitude: 13.75, longitude: 105.0 }; // some 486 km
        assert!(!BANGKOK.is_out_of_reach(near, 0));
    }

    fn point() -> impl Strategy<Value = Point> {
        (-90.0..=90.0, -180.0..=180.0).prop_map(|(latitude, longitude)| Point { latitude, longitude })
    }

    proptest! {
        #[test]
        fn a_way_is_as_long_in_both_directions_and_never_longer_than_half_around(a in point(), b in point()) {
            let there = a.kilometres_to(b);
            prop_assert!((there - b.kilometres_to(a)).abs() < 1e-6);
            prop_assert!((0.0..=std::f64::consts::PI * RADIUS + 1e-6).contains(&there));
            prop_assert!(a.kilometres_to(a) < 1e-6);
        }

        #[test]
        fn no_detour_is_shorter(a in point(), b in point(), c in point()) {
            prop_assert!(a.kilometres_to(c) <= a.kilometres_to(b) + b.kilometres_to(c) + 1e-3);
        }

        #[test]
        fn more_time_never_makes_a_way_harder(a in point(), b in point(), seconds in 0_i64..1_000_000) {
            prop_assert!(a.is_out_of_reach(b, seconds) || !a.is_out_of_reach(b, seconds + 1));
            prop_assert!(!a.is_out_of_reach(b, 24 * 3_600));
        }

        #[test]
        fn rounding_moves_nobody_far(a in point()) {
            prop_assert!(a.kilometres_to(a.rounded()) < 8.0);
        }
    }
}
