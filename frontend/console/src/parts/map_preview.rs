//! A seat map to look at, not to choose from: one path a zone, so that 8,000 seats stay light.

use domain::seat_map::{SeatMap, Zone, ZoneKind};
use leptos::prelude::*;

/// Room around the outermost seat, decimetres.
const MARGIN: f32 = 20.0;
/// Hues that neighbouring zones take in turn.
const HUES: usize = 6;

/// The map with the ring, the zones and a dot for every seat.
#[component]
pub fn MapPreview(
    /// What to draw.
    map: SeatMap,
    /// What the drawing is called.
    label: String,
) -> impl IntoView {
    let ring = map.ring;
    let half = ring.size / 2.0;
    let zones = map.zones.iter().enumerate().map(|(number, zone)| drawn(number, zone)).collect_view();
    view! {
        <svg class="map-preview" viewBox=frame(&map) role="img" aria-label=label>
            {zones}
            <rect class="map-ring" x=ring.x - half y=ring.y - half width=ring.size height=ring.size rx="4"/>
            <rect
                class="map-canvas"
                x=ring.x - half * 0.8
                y=ring.y - half * 0.8
                width=ring.size * 0.8
                height=ring.size * 0.8
            />
        </svg>
    }
}

fn drawn(number: usize, zone: &Zone) -> impl IntoView + use<> {
    let outline = zone.outline.iter().map(|[x, y]| format!("{x},{y} ")).collect::<String>();
    let seats = zone.seats().map(|(_, seat)| format!("M{} {}h0", seat.x, seat.y)).collect::<String>();
    let (x, y) = middle(zone);
    let standing = zone.kind == ZoneKind::Standing;
    view! {
        <g class=format!("map-zone map-hue-{}", number % HUES)>
            <title>{format!("{} · {} · {}", zone.code, zone.name.en, zone.places())}</title>
            <polygon class=if standing { "map-outline map-standing" } else { "map-outline" } points=outline/>
            <path class="map-seats" d=seats/>
            <text class="map-code" x=x y=y>{zone.code.clone()}</text>
        </g>
    }
}

/// The middle of what is known of the zone: its outline, else its seats.
fn middle(zone: &Zone) -> (f32, f32) {
    let points: Vec<(f32, f32)> = if zone.outline.is_empty() {
        zone.seats().map(|(_, seat)| (seat.x, seat.y)).collect()
    } else {
        zone.outline.iter().map(|[x, y]| (*x, *y)).collect()
    };
    let count = points.len().max(1) as f32;
    let sum = points.iter().fold((0.0, 0.0), |sum, point| (sum.0 + point.0, sum.1 + point.1));
    (sum.0 / count, sum.1 / count)
}

fn frame(map: &SeatMap) -> String {
    let half = map.ring.size / 2.0;
    let mut low = (map.ring.x - half, map.ring.y - half);
    let mut high = (map.ring.x + half, map.ring.y + half);
    let seats = map.seats().map(|(_, _, seat)| (seat.x, seat.y));
    let corners = map.zones.iter().flat_map(|zone| zone.outline.iter().map(|[x, y]| (*x, *y)));
    for (x, y) in seats.chain(corners) {
        low = (low.0.min(x), low.1.min(y));
        high = (high.0.max(x), high.1.max(y));
    }
    let (x, y) = (low.0 - MARGIN, low.1 - MARGIN);
    format!("{x} {y} {} {}", high.0 + MARGIN - x, high.1 + MARGIN - y)
}
