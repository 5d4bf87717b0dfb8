//! The venue as the picker needs it: seats in one row of memory, zones with their price, and a grid
//! that finds the seat at a point without looking at all of them.

use contract::events::PriceTier;
use domain::Locale;
use domain::seat_map::{Ring, SeatMap, Zone, ZoneKind, widened};

/// Length of a cell of the grid, decimetres: a dozen seats or so.
const CELL: f32 = 24.0;

/// A rectangle, decimetres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    pub left: f32,
    pub top: f32,
    pub right: f32,
    pub bottom: f32,
}

impl Bounds {
    const NONE: Self = Self { left: f32::MAX, top: f32::MAX, right: f32::MIN, bottom: f32::MIN };

    pub fn take_in(&mut self, x: f32, y: f32) {
        self.left = self.left.min(x);
        self.top = self.top.min(y);
        self.right = self.right.max(x);
        self.bottom = self.bottom.max(y);
    }

    pub fn meets(&self, other: &Self) -> bool {
        self.left <= other.right
            && other.left <= self.right
            && self.top <= other.bottom
            && other.top <= self.bottom
    }

    pub fn middle(&self) -> (f32, f32) {
        ((self.left + self.right) / 2.0, (self.top + self.bottom) / 2.0)
    }

    pub fn width(&self) -> f32 {
        self.right - self.left
    }

    pub fn height(&self) -> f32 {
        self.bottom - self.top
    }
}

/// A numbered seat.
#[derive(Debug, Clone)]
pub struct PlanSeat {
    pub x: f32,
    pub y: f32,
    pub zone: usize,
    pub label: String,
    pub accessible: bool,
    pub companion: bool,
    pub restricted_view: bool,
}

/// A zone with where its seats stand in [`Plan::seats`].
#[derive(Debug, Clone)]
pub struct PlanZone {
    pub code: String,
    pub name_en: String,
    pub name_th: Option<String>,
    pub standing: bool,
    pub outline: Vec<[f32; 2]>,
    pub bounds: Bounds,
    /// Where its word stands.
    pub middle: (f32, f32),
    /// Place of its price in [`Plan::tiers`].
    pub tier: Option<usize>,
    pub seats: std::ops::Range<usize>,
    /// Row labels with their seats, in order.
    pub rows: Vec<(String, std::ops::Range<usize>)>,
}

impl PlanZone {
    /// Its name in the language of the page.
    pub fn name(&self, locale: Locale) -> String {
        match (&self.name_th, locale) {
            (Some(name), Locale::Th) => name.clone(),
            _ => self.name_en.clone(),
        }
    }
}

/// The venue.
#[derive(Debug)]
pub struct Plan {
    pub ring: Ring,
    pub bounds: Bounds,
    pub zones: Vec<PlanZone>,
    pub seats: Vec<PlanSeat>,
    /// Prices, dearest first.
    pub tiers: Vec<PriceTier>,
    /// Distance between neighbours, decimetres.
    pub pitch: f32,
    grid: Grid,
}

impl Plan {
    /// Puts map and prices together.
    pub fn new(map: &SeatMap, prices: &[PriceTier]) -> Self {
        let mut tiers = prices.to_vec();
        tiers.sort_by_key(|tier| std::cmp::Reverse(tier.price.amount));
        let mut seats = Vec::with_capacity(map.seat_count());
        let zones: Vec<_> = map
            .zones
            .iter()
            .enumerate()
            .map(|(index, zone)| plan_zone(index, zone, &tiers, &mut seats))
            .collect();
        let half = map.ring.size / 2.0;
        let mut bounds = Bounds::NONE;
        bounds.take_in(map.ring.x - half, map.ring.y - half);
        bounds.take_in(map.ring.x + half, map.ring.y + half);
        for zone in zones.iter().filter(|zone| zone.bounds.left <= zone.bounds.right) {
            bounds.take_in(zone.bounds.left, zone.bounds.top);
            bounds.take_in(zone.bounds.right, zone.bounds.bottom);
        }
        let grid = Grid::new(&seats, bounds);
        Self { ring: map.ring, bounds, zones, pitch: pitch(map), seats, tiers, grid }
    }

    /// The seat nearest to a point, at most `reach` away.
    pub fn seat_near(&self, x: f32, y: f32, reach: f32) -> Option<usize> {
        let far = |seat: &usize| (self.seats[*seat].x - x).hypot(self.seats[*seat].y - y);
        let near = self.grid.around(x, y, reach).filter(|seat| far(seat) <= reach);
        near.min_by(|a, b| far(a).total_cmp(&far(b)))
    }

    /// The zone at a point.
    pub fn zone_at(&self, x: f32, y: f32) -> Option<usize> {
        self.zones.iter().rposition(|zone| inside(&zone.outline, x, y))
    }

    /// The seat that follows `from` in a direction among those that `may` be reached: the nearest in
    /// a cone that way.
    pub fn seat_towards(
        &self,
        from: usize,
        (dx, dy): (f32, f32),
        may: impl Fn(usize) -> bool,
    ) -> Option<usize> {
        let (x, y) = (self.seats[from].x, self.seats[from].y);
        let cost = |seat: usize| {
            let (tx, ty) = (self.seats[seat].x - x, self.seats[seat].y - y);
            let along = tx * dx + ty * dy;
            let aside = (tx * dy - ty * dx).abs();
            (along > 0.5 && aside <= along * 1.2).then_some(along + 2.5 * aside)
        };
        let reachable = (0..self.seats.len()).filter(|seat| *seat != from && may(*seat));
        let costs = reachable.filter_map(|seat| Some((seat, cost(seat)?)));
        costs.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(seat, _)| seat)
    }

    /// The seat of that label.
    pub fn find(&self, label: &str) -> Option<usize> {
        let zone = self
            .zones
            .iter()
            .find(|zone| label.strip_prefix(&zone.code).is_some_and(|rest| rest.starts_with('-')))?;
        zone.seats.clone().find(|seat| self.seats[*seat].label == label)
    }

    /// The price of a zone.
    pub fn tier_of(&self, zone: usize) -> Option<&PriceTier> {
        self.tiers.get(self.zones[zone].tier?)
    }
}

fn plan_zone(index: usize, zone: &Zone, tiers: &[PriceTier], seats: &mut Vec<PlanSeat>) -> PlanZone {
    let first = seats.len();
    let mut rows = Vec::with_capacity(zone.rows.len());
    for row in &zone.rows {
        let start = seats.len();
        seats.extend(row.seats.iter().map(|seat| PlanSeat {
            x: seat.x,
            y: seat.y,
            zone: index,
            label: format!("{}-{}-{}", zone.code, row.label, seat.number),
            accessible: seat.accessible,
            companion: seat.companion,
            restricted_view: seat.restricted_view,
        }));
        rows.push((row.label.clone(), start..seats.len()));
    }
    let own = first..seats.len();
    let outline = if zone.outline.is_empty() {
        widened(seats[own.clone()].iter().map(|seat| [seat.x, seat.y]), 3.5)
    } else {
        zone.outline.clone()
    };
    let mut bounds = Bounds::NONE;
    outline.iter().for_each(|[x, y]| bounds.take_in(*x, *y));
    seats[own.clone()].iter().for_each(|seat| bounds.take_in(seat.x, seat.y));
    PlanZone {
        code: zone.code.clone(),
        name_en: zone.name.en.clone(),
        name_th: zone.name.th.clone(),
        standing: zone.kind == ZoneKind::Standing,
        middle: middle(&seats[own.clone()], bounds),
        outline,
        bounds,
        tier: tiers.iter().position(|tier| tier.zones.contains(&zone.code)),
        seats: own,
        rows,
    }
}

/// The seat nearest to the middle of all, so that the word of a bent zone stands inside it.
fn middle(seats: &[PlanSeat], bounds: Bounds) -> (f32, f32) {
    if seats.is_empty() {
        return bounds.middle();
    }
    let count = seats.len() as f32;
    let x = seats.iter().map(|seat| seat.x).sum::<f32>() / count;
    let y = seats.iter().map(|seat| seat.y).sum::<f32>() / count;
    let far = |seat: &&PlanSeat| (seat.x - x).hypot(seat.y - y);
    seats.iter().min_by(|a, b| far(a).total_cmp(&far(b))).map_or((x, y), |seat| (seat.x, seat.y))
}

/// The usual distance between neighbours: the median over all rows.
fn pitch(map: &SeatMap) -> f32 {
    let rows = map.zones.iter().flat_map(|zone| &zone.rows);
    let mut gaps: Vec<f32> = rows
        .filter_map(|row| Some((row.seats.first()?, row.seats.get(1)?)))
        .map(|(a, b)| (a.x - b.x).hypot(a.y - b.y))
        .collect();
    gaps.sort_by(f32::total_cmp);
    gaps.get(gaps.len() / 2).copied().unwrap_or(5.0).clamp(2.0, 20.0)
}

/// Whether a point is inside a polygon (even-odd rule).
fn inside(polygon: &[[f32; 2]], x: f32, y: f32) -> bool {
    let mut within = false;
    for (index, [ax, ay]) in polygon.iter().enumerate() {
        let [bx, by] = polygon[(index + polygon.len() - 1) % polygon.len()];
        if (*ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax {
            within = !within;
        }
    }
    within
}

/// Seats by cell.
#[derive(Debug)]
struct Grid {
    left: f32,
    top: f32,
    columns: usize,
    cells: Vec<Vec<u32>>,
}

impl Grid {
    fn new(seats: &[PlanSeat], bounds: Bounds) -> Self {
        let columns = (bounds.width() / CELL) as usize + 1;
        let rows = (bounds.height() / CELL) as usize + 1;
        let mut grid =
            Self { left: bounds.left, top: bounds.top, columns, cells: vec![Vec::new(); columns * rows] };
        for (index, seat) in seats.iter().enumerate() {
            let (column, row) = grid.cell(seat.x, seat.y);
            grid.cells[row * columns + column].push(index as u32);
        }
        grid
    }

    fn cell(&self, x: f32, y: f32) -> (usize, usize) {
        let rows = self.cells.len() / self.columns;
        let column = ((x - self.left) / CELL).max(0.0) as usize;
        let row = ((y - self.top) / CELL).max(0.0) as usize;
        (column.min(self.columns - 1), row.min(rows - 1))
    }

    fn around(&self, x: f32, y: f32, reach: f32) -> impl Iterator<Item = usize> {
        let (left, top) = self.cell(x - reach, y - reach);
        let (right, bottom) = self.cell(x + reach, y + reach);
        let cells =
            (top..=bottom).flat_map(move |row| (left..=right).map(move |column| row * self.columns + column));
        cells.flat_map(|cell| self.cells[cell].iter().map(|seat| *seat as usize))
    }
}
