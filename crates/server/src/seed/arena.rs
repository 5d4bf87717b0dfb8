//! The demo stadium: a rounded-square bowl around the ring, the same on all four sides.
//!
//! From the ring outwards: ringside (six rows, cut at 45°), a lower tier all the way round, upper
//! stands above the four sides and standing terraces above the four corners.
//! Lengths are decimetres; north is up (negative y).

use std::f32::consts::FRAC_PI_2;

use domain::seat_map::{Ring, Row, Seat, SeatMap, Zone, ZoneKind, ZoneName};

/// Where the straight sides end and the corners' arcs begin: the arcs turn around (±HALF, ±HALF).
const HALF: f32 = 130.0;
/// From one seat to the next.
const PITCH: f32 = 5.2;
/// Half the width of the stairs between two blocks.
const STAIRS: f32 = 6.0;
/// Letters for rows, without those that read like numbers.
const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";

/// The four sides, clockwise from north: letter, English, Thai, direction outwards.
const SIDES: [(&str, &str, &str, [f32; 2]); 4] = [
    ("N", "north", "ทิศเหนือ", [0.0, -1.0]),
    ("E", "east", "ทิศตะวันออก", [1.0, 0.0]),
    ("S", "south", "ทิศใต้", [0.0, 1.0]),
    ("W", "west", "ทิศตะวันตก", [-1.0, 0.0]),
];

/// The corner that follows each side, clockwise.
const CORNERS: [(&str, &str, &str); 4] = [
    ("NE", "north-east", "ทิศตะวันออกเฉียงเหนือ"),
    ("SE", "south-east", "ทิศตะวันออกเฉียงใต้"),
    ("SW", "south-west", "ทิศตะวันตกเฉียงใต้"),
    ("NW", "north-west", "ทิศตะวันตกเฉียงเหนือ"),
];

/// A band of rows around the ring.
struct Tier {
    /// Distance of the first row from the ring's centre, measured along a side.
    first: f32,
    /// From one row to the next.
    depth: f32,
    rows: usize,
}

impl Tier {
    /// Letter and distance of each row.
    fn rows(&self) -> impl Iterator<Item = (String, f32)> {
        (0..self.rows).map(|row| (char::from(LETTERS[row]).to_string(), self.first + row as f32 * self.depth))
    }

    /// Distances of the inner and the outer edge.
    fn edges(&self) -> (f32, f32) {
        (self.first - self.depth / 2.0, self.first + (self.rows as f32 - 0.5) * self.depth)
    }
}

const RINGSIDE: Tier = Tier { first: 75.0, depth: 10.0, rows: 6 };
const LOWER: Tier = Tier { first: 160.0, depth: 9.0, rows: 14 };
const UPPER: Tier = Tier { first: 312.0, depth: 9.0, rows: 19 };
/// Standing places of one terrace.
const TERRACE: u32 = 300;

/// The whole stadium.
pub(super) fn arena() -> SeatMap {
    let mut zones = Vec::new();
    zones.extend(SIDES.map(ringside));
    zones.extend(SIDES.map(|side| stand("L", "Lower", "ชั้นล่าง", &LOWER, side)));
    zones.extend((0..4).map(lower_corner));
    zones.extend(SIDES.map(|side| stand("U", "Upper", "ชั้นบน", &UPPER, side)));
    zones.extend((0..4).map(terrace));
    SeatMap { name: "Ring in the middle".to_owned(), ring: Ring { x: 0.0, y: 0.0, size: 73.0 }, zones }
}

/// Ringside: rows grow with their distance, so that the four blocks meet in diagonal aisles.
fn ringside((letter, en, th, out): (&str, &str, &str, [f32; 2])) -> Zone {
    let reach = |distance: f32| distance - 10.0;
    let rows = RINGSIDE.rows().map(|(label, distance)| {
        let count = even(2.0 * reach(distance) / PITCH);
        Row { label, seats: straight(out, distance, &[(0.0, count)]) }
    });
    let (inner, outer) = RINGSIDE.edges();
    let outline =
        [(-reach(inner), inner), (reach(inner), inner), (reach(outer), outer), (-reach(outer), outer)];
    Zone {
        code: format!("R{letter}"),
        name: named("Ringside", "ริงไซด์", en, th),
        kind: ZoneKind::Seated,
        capacity: 0,
        rows: rows.collect(),
        outline: outline.map(|(along, distance)| rounded(place(out, along, distance))).into(),
    }
}

/// A stand along a side: two blocks with stairs between them. In the first row the two places at
/// each outer end are for a wheelchair and a companion.
fn stand(
    tier_letter: &str,
    tier_en: &str,
    tier_th: &str,
    tier: &Tier,
    (letter, en, th, out): (&str, &str, &str, [f32; 2]),
) -> Zone {
    let count = even((HALF - 2.0 * STAIRS) / PITCH);
    let middle = HALF / 2.0;
    let mut rows: Vec<Row> = tier
        .rows()
        .map(|(label, distance)| Row {
            label,
            seats: straight(out, distance, &[(-middle, count), (middle, count)]),
        })
        .collect();
    for row in rows.iter_mut().take(usize::from(tier_letter == "L")) {
        let last = row.seats.len() - 1;
        for (accessible, companion) in [(0, 1), (last, last - 1)] {
            row.seats[accessible].accessible = true;
            row.seats[companion].companion = true;
        }
    }
    let (inner, outer) = tier.edges();
    let width = HALF - STAIRS / 2.0;
    let outline = [(-width, inner), (width, inner), (width, outer), (-width, outer)];
    Zone {
        code: format!("{tier_letter}{letter}"),
        name: named(tier_en, tier_th, en, th),
        kind: ZoneKind::Seated,
        capacity: 0,
        rows,
        outline: outline.map(|(along, distance)| rounded(place(out, along, distance))).into(),
    }
}

/// A corner of the lower tier: rows on arcs. The ends of the last row sit behind the stairs' rail.
fn lower_corner(corner: usize) -> Zone {
    let (letters, en, th) = CORNERS[corner];
    let mut rows: Vec<Row> = LOWER
        .rows()
        .map(|(label, distance)| {
            let radius = distance - HALF;
            let gap = STAIRS / radius;
            let count = ((FRAC_PI_2 - 2.0 * gap) * radius / PITCH).floor() as usize + 1;
            let seats = (0..count).rev().enumerate().map(|(number, step)| {
                let turn = FRAC_PI_2 / 2.0 + (step as f32 - (count - 1) as f32 / 2.0) * PITCH / radius;
                let [x, y] = rounded(arc(corner, radius, turn));
                Seat::new((number + 1).to_string(), x, y)
            });
            Row { label, seats: seats.collect() }
        })
        .collect();
    if let Some([first, .., last]) = rows.last_mut().map(|row| row.seats.as_mut_slice()) {
        first.restricted_view = true;
        last.restricted_view = true;
    }
    Zone {
        code: format!("L{letters}"),
        name: named("Lower", "ชั้นล่าง", en, th),
        kind: ZoneKind::Seated,
        capacity: 0,
        rows,
        outline: sector(corner, LOWER.edges()),
    }
}

/// A standing terrace above a corner.
fn terrace(corner: usize) -> Zone {
    let (letters, en, th) = CORNERS[corner];
    Zone {
        code: format!("T{letters}"),
        name: named("Terrace", "อัฒจันทร์ยืน", en, th),
        kind: ZoneKind::Standing,
        capacity: TERRACE,
        rows: Vec::new(),
        outline: sector(corner, UPPER.edges()),
    }
}

/// Blocks of seats on a straight row, numbered from the left of a guest who faces the ring.
/// A block is its middle (along the row) and its number of seats.
fn straight(out: [f32; 2], distance: f32, blocks: &[(f32, usize)]) -> Vec<Seat> {
    let along = blocks.iter().flat_map(|(middle, count)| {
        (0..*count).map(move |seat| middle + (seat as f32 - (count - 1) as f32 / 2.0) * PITCH)
    });
    along
        .enumerate()
        .map(|(number, along)| {
            let [x, y] = rounded(place(out, along, distance));
            Seat::new((number + 1).to_string(), x, y)
        })
        .collect()
}

/// A point of a side: `distance` outwards, `along` to the right of a guest who faces the ring.
fn place(out: [f32; 2], along: f32, distance: f32) -> [f32; 2] {
    [out[0] * distance + out[1] * along, out[1] * distance - out[0] * along]
}

/// A point of a corner's arc; `turn` runs clockwise from the side before it to the side after.
fn arc(corner: usize, radius: f32, turn: f32) -> [f32; 2] {
    let (out, next) = (SIDES[corner].3, SIDES[(corner + 1) % 4].3);
    let (sin, cos) = turn.sin_cos();
    [0, 1].map(|axis| (out[axis] + next[axis]) * HALF + (out[axis] * cos + next[axis] * sin) * radius)
}

/// The area of a corner between two distances, with the stairs left out.
fn sector(corner: usize, (inner, outer): (f32, f32)) -> Vec<[f32; 2]> {
    const STEPS: usize = 12;
    let edge = |distance: f32| {
        let radius = distance - HALF;
        let gap = STAIRS / 2.0 / radius;
        (0..=STEPS).map(move |step| {
            rounded(arc(corner, radius, gap + (FRAC_PI_2 - 2.0 * gap) * step as f32 / STEPS as f32))
        })
    };
    edge(inner).chain(edge(outer).rev()).collect()
}

fn named(tier_en: &str, tier_th: &str, en: &str, th: &str) -> ZoneName {
    ZoneName { en: format!("{tier_en} {en}"), th: Some(format!("{tier_th}{th}")) }
}

/// The largest even number of whole seats, so that a row is the same on both sides of its middle.
fn even(seats: f32) -> usize {
    (seats / 2.0).floor() as usize * 2
}

/// To whole centimetres.
fn rounded(point: [f32; 2]) -> [f32; 2] {
    point.map(|length| (length * 10.0).round() / 10.0 + 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_a_stadium_of_about_eight_thousand_seats_and_imports_as_it_is() {
        let map = arena();
        assert!((7_800..=8_200).contains(&map.seat_count()), "{}", map.seat_count());
        assert_eq!(map.standing_count(), 1_200);
        let json = serde_json::to_string(&map).unwrap();
        assert_eq!(domain::seat_map::import_json(&json).unwrap(), map);
    }

    #[test]
    fn nobody_sits_on_anothers_lap() {
        let map = arena();
        let mut seats: Vec<_> = map.seats().map(|(_, _, seat)| (seat.x, seat.y)).collect();
        seats.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (index, a) in seats.iter().enumerate() {
            for b in seats[index + 1..].iter().take_while(|b| b.0 - a.0 < 5.0) {
                assert!((a.0 - b.0).hypot(a.1 - b.1) > 5.0, "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn looks_the_same_from_every_side() {
        let map = arena();
        let spots = |turn: fn(f32, f32) -> (f32, f32)| {
            let mut spots: Vec<_> = map
                .seats()
                .map(|(_, _, seat)| turn(seat.x, seat.y))
                .map(|(x, y)| ((x * 10.0).round() as i32, (y * 10.0).round() as i32))
                .collect();
            spots.sort_unstable();
            spots
        };
        let as_is = spots(|x, y| (x, y));
        for (index, turned) in [spots(|x, y| (-x, y)), spots(|x, y| (-y, x))].iter().enumerate() {
            let near = as_is.iter().zip(turned).filter(|(a, b)| a == b).count();
            assert!(near * 100 >= as_is.len() * 99, "turn {index}: {near} of {}", as_is.len());
        }
    }

    #[test]
    fn every_seat_is_inside_its_zone() {
        for (zone, row, seat) in arena().seats() {
            assert!(inside(&zone.outline, seat.x, seat.y), "{}-{}-{}", zone.code, row.label, seat.number);
        }
    }

    fn inside(outline: &[[f32; 2]], x: f32, y: f32) -> bool {
        let mut inside = false;
        for (a, b) in outline.iter().zip(outline.iter().cycle().skip(1)) {
            if (a[1] > y) != (b[1] > y) && x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0] {
                inside = !inside;
            }
        }
        inside
    }
}
