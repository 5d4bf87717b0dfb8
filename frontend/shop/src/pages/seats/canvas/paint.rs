//! Draws the map. Seats of a zone that look alike are one path in decimetres, built once and kept until
//! the zone changes: a frame is then a few dozen fills, whatever the number of seats.

use wasm_bindgen::JsValue;
use web_sys::{CanvasRenderingContext2d as Context, Path2d};

use super::camera::Camera;
use super::palette::Palette;
use crate::pages::seats::plan::{Plan, PlanZone};

/// Seats are drawn from so many pixels between neighbours on; below it, zones only.
const SEATS_FROM: f32 = 3.0;
/// From so many on they are round.
const ROUND_FROM: f32 = 8.0;
/// Below so many, zones carry their word and number of free places.
const WORDS_BELOW: f32 = 13.0;

/// What there is to draw.
pub struct Scene<'a> {
    pub plan: &'a Plan,
    pub palette: &'static Palette,
    /// One character a seat, `.` being free.
    pub seats: &'a str,
    pub chosen: &'a [usize],
    pub tier: Option<usize>,
    pub focus: Option<usize>,
    pub hover: Option<usize>,
    /// For each zone: its word and how many places are free.
    pub words: &'a [(String, i32)],
    /// Standing zones with chosen places.
    pub standing: &'a [(usize, i32)],
}

/// The paths of one zone.
struct Paths {
    seats: String,
    outline: Path2d,
    free: [Path2d; 2],
    gone: [Path2d; 2],
}

/// Keeps the paths between frames.
#[derive(Default)]
pub struct Painter {
    zones: Vec<Option<Paths>>,
}

impl Painter {
    /// Draws one frame.
    pub fn frame(
        &mut self,
        ctx: &Context,
        camera: &Camera,
        ratio: f32,
        scene: &Scene<'_>,
    ) -> Result<(), JsValue> {
        ctx.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0)?;
        ctx.set_global_alpha(1.0);
        ctx.set_fill_style_str(scene.palette.ground);
        ctx.fill_rect(0.0, 0.0, f64::from(camera.width * ratio), f64::from(camera.height * ratio));
        let scale = camera.scale * ratio;
        let (left, top) = camera.pixel_of(0.0, 0.0);
        let (left, top) = (f64::from(left * ratio), f64::from(top * ratio));
        ctx.set_transform(f64::from(scale), 0.0, 0.0, f64::from(scale), left, top)?;
        let seen = camera.seen();
        self.zones.resize_with(scene.plan.zones.len(), || None);
        for (index, zone) in scene.plan.zones.iter().enumerate().filter(|(_, zone)| zone.bounds.meets(&seen))
        {
            self.zone(ctx, camera, scene, index, zone)?;
        }
        ctx.set_global_alpha(1.0);
        ring(ctx, camera, scene)?;
        for seat in scene.chosen {
            chosen(ctx, camera, scene, *seat)?;
        }
        for (seat, colour) in [(scene.hover, scene.palette.ink), (scene.focus, scene.palette.focus)] {
            if let Some(seat) = seat {
                halo(ctx, camera, scene, seat, colour)?;
            }
        }
        ctx.set_transform(f64::from(ratio), 0.0, 0.0, f64::from(ratio), 0.0, 0.0)?;
        if scene.plan.pitch * camera.scale < WORDS_BELOW {
            words(ctx, camera, scene)?;
        }
        Ok(())
    }

    fn zone(
        &mut self,
        ctx: &Context,
        camera: &Camera,
        scene: &Scene<'_>,
        index: usize,
        zone: &PlanZone,
    ) -> Result<(), JsValue> {
        let paths = self.paths(scene, index, zone)?;
        let colour = scene.palette.tier(zone.tier);
        let dim = if scene.tier.is_some_and(|tier| zone.tier != Some(tier)) { 0.16 } else { 1.0 };
        let pitch = scene.plan.pitch * camera.scale;
        let seats_seen = pitch >= SEATS_FROM && !zone.standing;
        ctx.set_global_alpha(1.0);
        ctx.set_fill_style_str(scene.palette.zone);
        ctx.fill_with_path_2d(&paths.outline);
        // Without seats the zone itself carries the price's colour, stronger the more is free.
        let share = free_share(scene, index, zone);
        let tint = if seats_seen { 0.08 } else { 0.16 + 0.64 * share };
        ctx.set_global_alpha(f64::from(tint * dim));
        ctx.set_fill_style_str(colour);
        ctx.fill_with_path_2d(&paths.outline);
        ctx.set_global_alpha(1.0);
        ctx.set_stroke_style_str(scene.palette.zone_edge);
        ctx.set_line_width(f64::from(1.0 / camera.scale));
        ctx.stroke_with_path(&paths.outline);
        if seats_seen {
            let shape = usize::from(pitch >= ROUND_FROM);
            ctx.set_global_alpha(f64::from(dim.max(0.4)));
            ctx.set_fill_style_str(scene.palette.gone);
            ctx.fill_with_path_2d(&paths.gone[shape]);
            ctx.set_global_alpha(f64::from(dim));
            ctx.set_fill_style_str(colour);
            ctx.fill_with_path_2d(&paths.free[shape]);
        }
        Ok(())
    }

    /// The zone's paths, built again only when one of its seats changed.
    fn paths(&mut self, scene: &Scene<'_>, index: usize, zone: &PlanZone) -> Result<&Paths, JsValue> {
        let seats = scene.seats.get(zone.seats.clone()).unwrap_or_default();
        let stale = self.zones[index].as_ref().is_none_or(|paths| paths.seats != seats);
        if stale {
            self.zones[index] = Some(build(scene.plan, zone, seats)?);
        }
        self.zones[index].as_ref().ok_or(JsValue::UNDEFINED)
    }
}

fn build(plan: &Plan, zone: &PlanZone, seats: &str) -> Result<Paths, JsValue> {
    let outline = Path2d::new()?;
    for (corner, [x, y]) in zone.outline.iter().enumerate() {
        let (x, y) = (f64::from(*x), f64::from(*y));
        if corner == 0 { outline.move_to(x, y) } else { outline.line_to(x, y) }
    }
    outline.close_path();
    let free = [Path2d::new()?, Path2d::new()?];
    let gone = [Path2d::new()?, Path2d::new()?];
    let radius = f64::from(plan.pitch * 0.41);
    for (seat, state) in zone.seats.clone().zip(seats.bytes()) {
        let (x, y) = (f64::from(plan.seats[seat].x), f64::from(plan.seats[seat].y));
        let [square, round] = if state == b'.' { &free } else { &gone };
        square.rect(x - radius * 0.85, y - radius * 0.85, radius * 1.7, radius * 1.7);
        round.move_to(x + radius, y);
        round.arc(x, y, radius, 0.0, std::f64::consts::TAU)?;
    }
    Ok(Paths { seats: seats.to_owned(), outline, free, gone })
}

fn free_share(scene: &Scene<'_>, index: usize, zone: &PlanZone) -> f32 {
    let free = scene.words.get(index).map_or(0, |(_, free)| *free);
    if zone.standing {
        return if free > 0 { 0.5 } else { 0.0 };
    }
    free as f32 / zone.seats.len().max(1) as f32
}

/// The ring: mat, three ropes, a red and a blue corner.
fn ring(ctx: &Context, camera: &Camera, scene: &Scene<'_>) -> Result<(), JsValue> {
    let ring = scene.plan.ring;
    let (x, y, size) = (f64::from(ring.x), f64::from(ring.y), f64::from(ring.size));
    let square = |inset: f64| (x - size / 2.0 + inset, y - size / 2.0 + inset, size - 2.0 * inset);
    let (left, top, side) = square(0.0);
    ctx.set_fill_style_str(scene.palette.rope);
    ctx.fill_rect(left, top, side, side);
    let (left, top, side) = square(size * 0.07);
    ctx.set_fill_style_str(scene.palette.mat);
    ctx.fill_rect(left, top, side, side);
    ctx.set_stroke_style_str(scene.palette.rope);
    ctx.set_line_width((size * 0.012).max(0.6 / f64::from(camera.scale)));
    for rope in 0..3 {
        let (left, top, side) = square(size * (0.11 + 0.035 * f64::from(rope)));
        ctx.stroke_rect(left, top, side, side);
    }
    let post = size * 0.13;
    let corners = [
        (left, top, scene.palette.red),
        (left + side - post, top + side - post, scene.palette.blue),
        (left + side - post, top, scene.palette.paper),
        (left, top + side - post, scene.palette.paper),
    ];
    for (post_x, post_y, colour) in corners {
        ctx.set_fill_style_str(colour);
        ctx.fill_rect(post_x, post_y, post, post);
        ctx.stroke_rect(post_x, post_y, post, post);
    }
    Ok(())
}

/// A chosen seat: ink with a tick in it.
fn chosen(ctx: &Context, camera: &Camera, scene: &Scene<'_>, seat: usize) -> Result<(), JsValue> {
    let seat = &scene.plan.seats[seat];
    let (x, y) = (f64::from(seat.x), f64::from(seat.y));
    // Never smaller than a finger can see, however far away.
    let radius = f64::from((scene.plan.pitch * 0.48).max(5.0 / camera.scale));
    ctx.begin_path();
    ctx.arc(x, y, radius, 0.0, std::f64::consts::TAU)?;
    ctx.set_fill_style_str(scene.palette.ink);
    ctx.fill();
    ctx.begin_path();
    ctx.move_to(x - radius * 0.45, y + radius * 0.02);
    ctx.line_to(x - radius * 0.1, y + radius * 0.38);
    ctx.line_to(x + radius * 0.48, y - radius * 0.36);
    ctx.set_stroke_style_str(scene.palette.zone);
    ctx.set_line_width(radius * 0.26);
    ctx.stroke();
    Ok(())
}

fn halo(ctx: &Context, camera: &Camera, scene: &Scene<'_>, seat: usize, colour: &str) -> Result<(), JsValue> {
    let seat = &scene.plan.seats[seat];
    let radius = (scene.plan.pitch * 0.62).max(7.0 / camera.scale);
    ctx.begin_path();
    ctx.arc(f64::from(seat.x), f64::from(seat.y), f64::from(radius), 0.0, std::f64::consts::TAU)?;
    ctx.set_stroke_style_str(colour);
    ctx.set_line_width(f64::from(3.0 / camera.scale));
    ctx.stroke();
    Ok(())
}

/// Each zone's code and how many places are free, on a plate that never grows with the plan.
fn words(ctx: &Context, camera: &Camera, scene: &Scene<'_>) -> Result<(), JsValue> {
    ctx.set_text_align("center");
    ctx.set_text_baseline("middle");
    let standing = |zone| scene.standing.iter().any(|(own, _)| *own == zone);
    for (index, zone) in scene.plan.zones.iter().enumerate() {
        if scene.tier.is_some_and(|tier| zone.tier != Some(tier)) {
            continue;
        }
        let room = zone.bounds.width().min(zone.bounds.height() * 2.0) * camera.scale;
        let (x, y) = camera.pixel_of(zone.middle.0, zone.middle.1);
        if room < 26.0 || x < -40.0 || y < -20.0 || x > camera.width + 40.0 || y > camera.height + 20.0 {
            continue;
        }
        let (word, free) = &scene.words[index];
        let (word, size) = if room < 54.0 { (free.to_string(), 11) } else { (word.clone(), 12) };
        ctx.set_font(&format!("600 {size}px Inter, \"Noto Sans Thai\", sans-serif"));
        let width = ctx.measure_text(&word)?.width() + 14.0;
        let (x, y) = (f64::from(x), f64::from(y));
        ctx.begin_path();
        ctx.round_rect_with_f64(x - width / 2.0, y - 11.0, width, 22.0, 11.0)?;
        ctx.set_global_alpha(0.94);
        ctx.set_fill_style_str(if standing(index) { scene.palette.ink } else { scene.palette.paper });
        ctx.fill();
        ctx.set_global_alpha(if *free > 0 { 1.0 } else { 0.55 });
        ctx.set_fill_style_str(if standing(index) { scene.palette.paper } else { scene.palette.ink });
        ctx.fill_text(&word, x, y + 0.5)?;
    }
    ctx.set_global_alpha(1.0);
    Ok(())
}
