//! What a buyer asks for, checked.

use std::collections::{BTreeMap, HashSet};

use contract::{
    ErrorCode,
    holds::{MAX_PLACES, Standing},
};
use platform::error::{ApiError, ApiResult};

/// Seats and standing places: at least one, at most twelve, each seat once.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wish {
    /// Labels as they were asked for.
    pub seats: Vec<String>,
    /// How many by zone.
    pub standing: BTreeMap<String, i32>,
    /// Zones as they were asked for.
    zones: Vec<String>,
}

impl Wish {
    /// Checks what was asked for and adds up standing places of the same zone.
    pub fn new(seats: &[String], standing: &[Standing]) -> ApiResult<Self> {
        let mut seen = HashSet::new();
        if let Some(at) = seats.iter().position(|seat| !seen.insert(seat)) {
            return Err(ApiError::new(ErrorCode::InvalidFields).field_fault(
                format!("seats[{at}]"),
                "twice",
                "this seat is listed twice",
            ));
        }
        let mut by_zone = BTreeMap::new();
        for part in standing {
            *by_zone.entry(part.zone.clone()).or_insert(0) += part.quantity;
        }
        let zones = standing.iter().map(|part| part.zone.clone()).collect();
        let wish = Self { seats: seats.to_vec(), standing: by_zone, zones };
        match wish.places() {
            0 => Err(ApiError::new(ErrorCode::InvalidFields).field_fault(
                "seats",
                "missing",
                "choose at least one place",
            )),
            places if places > MAX_PLACES => Err(ApiError::new(ErrorCode::TooManyPlaces)
                .field("seats", format!("at most {MAX_PLACES} places"))
                .with("most", MAX_PLACES)),
            _ => Ok(wish),
        }
    }

    /// How many places in all.
    pub fn places(&self) -> usize {
        let standing: i32 = self.standing.values().sum();
        self.seats.len() + usize::try_from(standing).unwrap_or(usize::MAX / 2)
    }

    /// Zones and quantities as two arrays for PostgreSQL.
    pub fn standing_arrays(&self) -> (Vec<&str>, Vec<i32>) {
        self.standing.iter().map(|(zone, quantity)| (zone.as_str(), *quantity)).unzip()
    }

    /// Where a zone stands in the request: `standing[0].zone`.
    pub fn field_of_zone(&self, zone: &str) -> String {
        match self.zones.iter().position(|code| code == zone) {
            Some(at) => format!("standing[{at}].zone"),
            None => "standing".to_owned(),
        }
    }

    /// Where a seat stands in the request: `seats[2]`.
    pub fn field_of(&self, seat: &str) -> String {
        match self.seats.iter().position(|label| label == seat) {
            Some(at) => format!("seats[{at}]"),
            None => "seats".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(zone: &str, quantity: i32) -> Standing {
        Standing { zone: zone.into(), quantity }
    }

    #[test]
    fn a_wish_has_one_to_twelve_places_and_no_seat_twice() {
        let seats = |count: usize| (0..count).map(|seat| format!("A-1-{seat}")).collect::<Vec<_>>();
        assert_eq!(Wish::new(&seats(12), &[]).unwrap().places(), 12);
        let code = |seats: &[String], zones: &[Standing]| Wish::new(seats, zones).unwrap_err().code();
        assert_eq!(code(&[], &[]), ErrorCode::InvalidFields);
        assert_eq!(code(&seats(13), &[]), ErrorCode::TooManyPlaces);
        assert_eq!(code(&seats(11), &[standing("T", 2)]), ErrorCode::TooManyPlaces);
        assert_eq!(code(&["A-1-1".into(), "A-1-1".into()], &[]), ErrorCode::InvalidFields);
    }

    #[test]
    fn standing_places_of_one_zone_are_added_up() {
        let wish = Wish::new(&[], &[standing("T", 1), standing("S", 2), standing("T", 3)]).unwrap();
        assert_eq!(wish.standing_arrays(), (vec!["S", "T"], vec![2, 4]));
    }
}
