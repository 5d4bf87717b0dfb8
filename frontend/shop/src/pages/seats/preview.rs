//! The ring as seen from a seat: true in direction, distance and height, simple in all else.

use domain::seat_map::Ring;
use leptos::prelude::*;
use ui::components::{Button, Glyph, Icon, Kind};
use ui::{t, words};

use super::picker::Picker;
use super::plan::Plan;

/// Height of a seated person's eyes, decimetres.
const EYES: f32 = 12.0;
/// Height of the ring's floor, decimetres.
const FLOOR: f32 = 11.0;
/// Ringside is flat this far out, decimetres; the stands rise behind it.
const FLAT: f32 = 130.0;
/// How much the stands rise for each decimetre further out.
const RISE: f32 = 0.42;
/// Width of the picture.
const WIDTH: f32 = 640.0;
/// Height of the picture.
const HEIGHT: f32 = 400.0;

/// The dark of the hall and the light over the ring. As text: Leptos would put each `stop` into a group,
/// where gradients do not look for it.
const FILLS: &str = r##"<radialGradient id="hall" cx="0.5" cy="0.42" r="0.75">
    <stop offset="0" stop-color="#3a3f4b"/><stop offset="1" stop-color="#0b0d11"/></radialGradient>
<linearGradient id="beam" x1="0" y1="0" x2="0" y2="1">
    <stop offset="0" stop-color="#fff3cf" stop-opacity="0.5"/><stop offset="1" stop-color="#fff3cf" stop-opacity="0"/></linearGradient>"##;

/// An eye that looks at the ring.
struct Eye {
    x: f32,
    y: f32,
    z: f32,
    /// Towards the ring on the ground.
    ahead: (f32, f32),
    /// Downward tilt, radians.
    tilt: f32,
    zoom: f32,
}

impl Eye {
    fn new(x: f32, y: f32, ring: Ring) -> Self {
        let away = (x - ring.x).hypot(y - ring.y).max(1.0);
        let z = EYES + (away - FLAT).max(0.0) * RISE;
        let drop = z - (FLOOR + 6.0);
        // A person's sharp view is about 50 degrees wide; the picture shows just that.
        let zoom = WIDTH / 2.0 / 25_f32.to_radians().tan();
        Self { x, y, z, ahead: ((ring.x - x) / away, (ring.y - y) / away), tilt: drop.atan2(away), zoom }
    }

    /// Where a point in space falls on the picture, and how far away it is.
    fn see(&self, (x, y, z): (f32, f32, f32)) -> (f32, f32, f32) {
        let (dx, dy, dz) = (x - self.x, y - self.y, z - self.z);
        let ahead = dx * self.ahead.0 + dy * self.ahead.1;
        let right = -dx * self.ahead.1 + dy * self.ahead.0;
        let (sin, cos) = self.tilt.sin_cos();
        let depth = (ahead * cos - dz * sin).max(1.0);
        let up = ahead * sin + dz * cos;
        (WIDTH / 2.0 + right / depth * self.zoom, HEIGHT / 2.0 - up / depth * self.zoom, depth)
    }

    fn path(&self, points: &[(f32, f32, f32)]) -> String {
        let seen = points.iter().map(|point| self.see(*point));
        seen.enumerate()
            .map(|(at, (x, y, _))| format!("{}{x:.1} {y:.1}", if at == 0 { "M" } else { "L" }))
            .collect()
    }
}

/// The view from the seat being looked from, over the map.
#[component]
pub fn Preview(picker: Picker) -> impl IntoView {
    let close = move || picker.preview.set(None);
    let sheet = NodeRef::<leptos::html::Div>::new();
    Effect::new(move |_| {
        if let Some(sheet) = sheet.get() {
            // What cannot take the focus stays readable all the same.
            let _ = sheet.focus();
        }
    });
    move || {
        picker.preview.get().map(|seat| {
            let plan = picker.plan();
            let (x, y) = (plan.seats[seat].x, plan.seats[seat].y);
            let metres = ((x - plan.ring.x).hypot(y - plan.ring.y) - plan.ring.size / 2.0).max(0.0) / 10.0;
            view! {
                <div class="preview" role="dialog" aria-label=words("shop.seats.view_title") tabindex="-1" node_ref=sheet
                    on:keydown=move |event| if event.key() == "Escape" { close() }>
                    <div class="preview-head">
                        <div>
                            <strong>{words("shop.seats.view_title")}</strong>
                            <p class="small">{move || picker.describe(seat)}</p>
                        </div>
                        <Button kind=Kind::Bare on_press=move |_| close() class="button-round" label=words("actions.close")>
                            <Icon glyph=Glyph::Close />
                        </Button>
                    </div>
                    {picture(&plan, seat)}
                    <p class="preview-foot small">{move || t!("shop.seats.view_distance", metres = ui::format::number(metres.round() as i64))}</p>
                </div>
            }
        })
    }
}

fn picture(plan: &Plan, seat: usize) -> impl IntoView + use<> {
    let eye = Eye::new(plan.seats[seat].x, plan.seats[seat].y, plan.ring);
    view! {
        <svg class="preview-picture" viewBox=format!("0 0 {WIDTH} {HEIGHT}") role="img" aria-label=words("shop.seats.view_alt")>
            <defs inner_html=FILLS></defs>
            <rect width=WIDTH height=HEIGHT fill="url(#hall)" />
            {lights(&eye, plan.ring)}
            {crowd(&eye, plan, seat, false)}
            {ring(&eye, plan.ring)}
            {crowd(&eye, plan, seat, true)}
        </svg>
    }
}

fn lights(eye: &Eye, ring: Ring) -> impl IntoView + use<> {
    let (left, top, _) = eye.see((ring.x, ring.y, 110.0));
    let (_, floor, depth) = eye.see((ring.x, ring.y, FLOOR));
    let half = ring.size * 0.75 / depth * eye.zoom;
    let beam = format!(
        "M{:.0} {top:.0}H{:.0}L{:.0} {floor:.0}H{:.0}Z",
        left - half * 0.4,
        left + half * 0.4,
        left + half,
        left - half
    );
    view! { <path d=beam fill="url(#beam)" opacity="0.55" /> }
}

/// Platform, mat, posts, ropes from far to near, and the two who fight.
fn ring(eye: &Eye, ring: Ring) -> impl IntoView + use<> {
    let half = ring.size / 2.0;
    let inner = half * 0.82;
    let corner = |at: usize, half: f32, z: f32| {
        let (sx, sy) = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)][at % 4];
        (ring.x + sx * half, ring.y + sy * half, z)
    };
    let square = |half: f32, z: f32| eye.path(&[0, 1, 2, 3].map(|at| corner(at, half, z))) + "Z";
    // Sides by distance of their middle: what is far is drawn first.
    let mut sides: Vec<usize> = vec![0, 1, 2, 3];
    let middle = |side: usize| {
        let (ax, ay, _) = corner(side, half, 0.0);
        let (bx, by, _) = corner(side + 1, half, 0.0);
        eye.see(((ax + bx) / 2.0, (ay + by) / 2.0, FLOOR)).2
    };
    sides.sort_by(|a, b| middle(*b).total_cmp(&middle(*a)));
    let skirt = |side: usize| {
        eye.path(&[
            corner(side, half, 0.0),
            corner(side + 1, half, 0.0),
            corner(side + 1, half, FLOOR),
            corner(side, half, FLOOR),
        ]) + "Z"
    };
    let rope = move |side: usize| {
        let colours = ["#d7263d", "#f7f5f0", "#1f5fbf"];
        let lines = [5.0, 9.0, 13.0].into_iter().zip(colours).map(|(above, colour)| {
            let line =
                eye.path(&[corner(side, inner, FLOOR + above), corner(side + 1, inner, FLOOR + above)]);
            let width = (1.1 / middle(side) * eye.zoom).clamp(1.0, 9.0);
            view! { <path d=line stroke=colour stroke-width=width fill="none" stroke-linecap="round" /> }
        });
        let (x, y, depth) = eye.see(corner(side, inner, FLOOR + 14.0));
        let (_, foot, _) = eye.see(corner(side, inner, FLOOR));
        let colour = ["#d7263d", "#c9c4b8", "#1f5fbf", "#c9c4b8"][side];
        let width = (3.4 / depth * eye.zoom).clamp(3.0, 30.0);
        view! {
            {lines.collect_view()}
            <path d=format!("M{x:.1} {y:.1}V{foot:.1}") stroke=colour stroke-width=width stroke-linecap="round" />
        }
    };
    view! {
        {sides.iter().map(|side| view! { <path d=skirt(*side) fill="#171b22" stroke="#2b313c" /> }).collect_view()}
        <path d=square(half, FLOOR) fill="#d8d2c4" />
        <path d=square(inner, FLOOR) fill="#f7f5f0" />
        {sides[..2].iter().map(|side| rope(*side)).collect_view()}
        {fighter(eye, (ring.x - 8.0, ring.y - 5.0), "#d7263d")}
        {fighter(eye, (ring.x + 7.0, ring.y + 6.0), "#1f5fbf")}
        {sides[2..].iter().map(|side| rope(*side)).collect_view()}
    }
}

fn fighter(eye: &Eye, (x, y): (f32, f32), colour: &'static str) -> impl IntoView + use<> {
    let (px, head, depth) = eye.see((x, y, FLOOR + 16.5));
    let (_, hips, _) = eye.see((x, y, FLOOR + 8.0));
    let (_, feet, _) = eye.see((x, y, FLOOR));
    let unit = eye.zoom / depth;
    let body = format!("M{px:.1} {:.1}V{hips:.1}", head + 2.2 * unit);
    let legs =
        format!("M{:.1} {feet:.1}L{px:.1} {hips:.1}L{:.1} {feet:.1}", px - 2.4 * unit, px + 2.4 * unit);
    view! {
        <path d=legs stroke="#8a5a3c" stroke-width=1.7 * unit stroke-linecap="round" stroke-linejoin="round" fill="none" />
        <path d=body stroke="#8a5a3c" stroke-width=3.6 * unit stroke-linecap="round" />
        <path d=format!("M{:.1} {hips:.1}H{:.1}", px - 1.4 * unit, px + 1.4 * unit) stroke=colour stroke-width=3.2 * unit stroke-linecap="round" />
        <circle cx=px cy=head r=1.35 * unit fill="#8a5a3c" />
        <circle cx=px + 2.6 * unit cy=head + 2.6 * unit r=1.15 * unit fill=colour />
        <circle cx=px - 2.2 * unit cy=head + 3.4 * unit r=1.15 * unit fill=colour />
    }
}

/// Heads of those who sit in the picture: beyond the ring, or between it and the eye.
fn crowd(eye: &Eye, plan: &Plan, own: usize, near: bool) -> impl IntoView + use<> {
    let (_, _, ring) = eye.see((plan.ring.x, plan.ring.y, FLOOR));
    let mut heads: Vec<_> = plan
        .seats
        .iter()
        .enumerate()
        // A few hundred heads make a crowd; every one of thousands makes a slow picture.
        .filter(|(index, _)| {
            *index != own
                && (index % 5 == 0
                    || (plan.seats[*index].x - eye.x).hypot(plan.seats[*index].y - eye.y) < 90.0)
        })
        .filter_map(|(_, seat)| {
            let away = (seat.x - plan.ring.x).hypot(seat.y - plan.ring.y);
            let base = (away - FLAT).max(0.0) * RISE;
            let ahead = (seat.x - eye.x) * eye.ahead.0 + (seat.y - eye.y) * eye.ahead.1;
            let (x, y, depth) = eye.see((seat.x, seat.y, base + EYES - 2.0));
            let here = ahead > 6.0
                && (depth < ring) == near
                && (-20.0..WIDTH + 20.0).contains(&x)
                && (-20.0..HEIGHT + 60.0).contains(&y);
            here.then_some((x, y, depth))
        })
        .collect();
    heads.sort_by(|a, b| b.2.total_cmp(&a.2));
    let keep = if near { 260 } else { 700 };
    let every = heads.len() / keep + 1;
    let path = |(x, y, depth): (f32, f32, f32)| {
        let radius = 1.15 / depth * eye.zoom;
        format!(
            "M{x:.0} {y:.0}m{:.1} 0a{radius:.1} {radius:.1} 0 1 0 {:.1} 0a{radius:.1} {radius:.1} 0 1 0 {:.1} 0",
            -radius,
            2.0 * radius,
            -2.0 * radius
        )
    };
    let heads: String = heads.into_iter().step_by(every).map(path).collect();
    view! { <path d=heads fill=if near { "#07080b" } else { "#565c69" } opacity=if near { "0.9" } else { "0.55" } /> }
}
