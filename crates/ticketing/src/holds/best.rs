//! Which free seats are the best: near the ring and side by side.

use std::collections::HashSet;

use domain::seat_map::{Row, Seat, SeatMap, Zone};

/// What a window that leaves a single free seat beside it is moved away in thought, in decimetres:
/// such a seat is hard to sell.
const LONELY_SEAT: f32 = 12.0;
/// Likewise for each seat with a restricted view.
const RESTRICTED_VIEW: f32 = 40.0;

/// Chooses `quantity` of the seats that are free: the window of one row whose middle is nearest to
/// the ring; where no row has room, seats close together. Seats with room for a wheelchair and
/// their companions are never chosen. `None` when there are not as many.
pub(super) fn choose(free: &[String], map: &SeatMap, quantity: usize) -> Option<Vec<String>> {
    if quantity == 0 {
        return None;
    }
    let free: HashSet<&str> = free.iter().map(String::as_str).collect();
    side_by_side(&free, map, quantity).or_else(|| close_together(&free, map, quantity))
}

fn side_by_side(free: &HashSet<&str>, map: &SeatMap, quantity: usize) -> Option<Vec<String>> {
    let mut best: Option<(f32, Vec<String>)> = None;
    for zone in &map.zones {
        for row in &zone.rows {
            let labels: Vec<Option<String>> =
                row.seats.iter().map(|seat| open_label(free, zone, row, seat)).collect();
            for start in 0..(row.seats.len() + 1).saturating_sub(quantity) {
                let window = &labels[start..start + quantity];
                if window.iter().any(Option::is_none) {
                    continue;
                }
                let cost = cost(map, &row.seats[start..start + quantity]) + lonely(&labels, start, quantity);
                if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                    best = Some((cost, window.iter().flatten().cloned().collect()));
                }
            }
        }
    }
    best.map(|(_, labels)| labels)
}

/// The seat nearest to the ring and those nearest to it.
fn close_together(free: &HashSet<&str>, map: &SeatMap, quantity: usize) -> Option<Vec<String>> {
    let mut open: Vec<(&Seat, String)> = Vec::new();
    for zone in &map.zones {
        for row in &zone.rows {
            open.extend(row.seats.iter().filter_map(|seat| Some((seat, open_label(free, zone, row, seat)?))));
        }
    }
    let (first, _) = open
        .iter()
        .min_by(|(a, _), (b, _)| cost(map, &[(*a).clone()]).total_cmp(&cost(map, &[(*b).clone()])))?;
    let (x, y) = (first.x, first.y);
    open.sort_by(|(a, _), (b, _)| (a.x - x).hypot(a.y - y).total_cmp(&(b.x - x).hypot(b.y - y)));
    (open.len() >= quantity).then(|| open.into_iter().take(quantity).map(|(_, label)| label).collect())
}

/// The label of a seat that may be chosen.
fn open_label(free: &HashSet<&str>, zone: &Zone, row: &Row, seat: &Seat) -> Option<String> {
    let label = SeatMap::label(zone, row, seat).ok()?.to_string();
    (!seat.accessible && !seat.companion && free.contains(label.as_str())).then_some(label)
}

/// Distance of the middle of some seats from the ring, in decimetres.
fn cost(map: &SeatMap, seats: &[Seat]) -> f32 {
    let count = seats.len() as f32;
    let x = seats.iter().map(|seat| seat.x).sum::<f32>() / count;
    let y = seats.iter().map(|seat| seat.y).sum::<f32>() / count;
    let restricted = seats.iter().filter(|seat| seat.restricted_view).count() as f32;
    (x - map.ring.x).hypot(y - map.ring.y) + restricted * RESTRICTED_VIEW
}

/// What it costs that a window leaves a single free seat on either side.
fn lonely(labels: &[Option<String>], start: usize, quantity: usize) -> f32 {
    let open = |at: Option<usize>| at.and_then(|at| labels.get(at)).is_some_and(Option::is_some);
    let end = start + quantity;
    let left = open(start.checked_sub(1)) && !open(start.checked_sub(2));
    let right = open(Some(end)) && !open(Some(end + 1));
    f32::from(u8::from(left) + u8::from(right)) * LONELY_SEAT
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::seat_map::{Ring, ZoneKind, ZoneName};

    /// Two rows of six north of the ring.
    fn map() -> SeatMap {
        let row = |label: &str, y: f32| Row {
            label: label.into(),
            seats: (1..=6)
                .map(|number: u8| Seat::new(number.to_string(), f32::from(number) * 5.0 - 17.5, y))
                .collect(),
        };
        let zone = Zone {
            code: "A".into(),
            name: ZoneName { en: "North".into(), th: None },
            kind: ZoneKind::Seated,
            capacity: 0,
            outline: vec![],
            rows: vec![row("A", -50.0), row("B", -60.0)],
        };
        SeatMap { name: "Small".into(), ring: Ring::default(), zones: vec![zone] }
    }

    fn labels(rows: &[(&str, &[u8])]) -> Vec<String> {
        rows.iter().flat_map(|(row, seats)| seats.iter().map(move |seat| format!("A-{row}-{seat}"))).collect()
    }

    #[test]
    fn the_middle_of_the_front_row_comes_first() {
        let free = labels(&[("A", &[1, 2, 3, 4, 5, 6]), ("B", &[1, 2, 3, 4, 5, 6])]);
        assert_eq!(choose(&free, &map(), 2).unwrap(), labels(&[("A", &[3, 4])]));
    }

    #[test]
    fn no_single_seat_is_left_where_that_can_be_helped() {
        let free = labels(&[("A", &[2, 3, 4, 5])]);
        assert_eq!(choose(&free, &map(), 3).unwrap().len(), 3);
        let free = labels(&[("A", &[1, 2, 3, 4, 5])]);
        let chosen = choose(&free, &map(), 3).unwrap();
        assert_ne!(chosen, labels(&[("A", &[2, 3, 4])]), "would leave 1 and 5 alone");
    }

    #[test]
    fn seats_apart_are_better_than_none() {
        let free = labels(&[("A", &[1, 3]), ("B", &[5])]);
        assert_eq!(choose(&free, &map(), 3).unwrap().len(), 3);
        assert_eq!(choose(&free, &map(), 4), None);
    }

    #[test]
    fn seats_for_wheelchairs_are_left_to_those_who_need_them() {
        let mut map = map();
        map.zones[0].rows[0].seats[2].accessible = true;
        let free = labels(&[("A", &[1, 2, 3, 4, 5, 6])]);
        assert_eq!(choose(&free, &map, 2).unwrap(), labels(&[("A", &[1, 2])]), "4 and 5 would leave 6 alone");
    }
}
