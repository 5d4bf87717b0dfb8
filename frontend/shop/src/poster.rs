//! Posters drawn from the event's own data: the same event always gives the same picture.

use contract::events::PublicEvent;
use leptos::prelude::*;
use uuid::Uuid;

/// Numbers that look random and always come in the same order for the same event.
struct Dice(u64);

impl Dice {
    fn of(id: Uuid) -> Self {
        let (high, low) = id.as_u64_pair();
        Self(high ^ low.rotate_left(17) | 1)
    }

    /// The next number from 0 to 1 (xorshift64*).
    fn roll(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.roll()
    }
}

const FIST: &str = "M-34-38C-10-66 62-70 88-40 108-16 106 34 84 54 58 76-6 74-34 58Z";
const THUMB: &str = "M-14-44C-6-14 30-4 58-16 78-26 66-48 44-44";
const CUFF: &str = "M-96-42-38-46-38 64-96 58Z";

/// The picture without words: two corners, the light between them, and gloves, a belt or a bell.
#[component]
pub fn PosterArt(
    /// Which event.
    id: Uuid,
) -> impl IntoView {
    let mut dice = Dice::of(id);
    let lean = dice.between(40.0, 150.0) * if dice.roll() < 0.5 { -1.0 } else { 1.0 };
    let height = dice.between(222.0, 262.0);
    let rays = 14 + (dice.roll() * 12.0) as usize;
    let turn = dice.between(0.0, 0.4);
    let dots = dice.between(9.0, 14.0);
    let tilt = dice.between(-9.0, 9.0);
    let motif = match id.as_u128() % 3 {
        0 => belt(height, tilt).into_any(),
        1 => bell(height, tilt).into_any(),
        _ => gloves(height, tilt, turn).into_any(),
    };
    let split = |x: f64| format!("{:.0} 0 {:.0} 800", x + lean, x - lean);
    let name = |part: &str| format!("{part}-{}", id.simple());
    let (halftone, fade, glow) = (name("dots"), name("fade"), name("glow"));
    // As text: Leptos would put each `stop` into a group, where gradients do not look for it.
    let fills = format!(
        r##"<pattern id="{halftone}" width="{dots:.1}" height="{dots:.1}" patternUnits="userSpaceOnUse" patternTransform="rotate(30)">
            <circle cx="{middle:.1}" cy="{middle:.1}" r="{radius:.1}" fill="#0e1116"/></pattern>
        <linearGradient id="{fade}" x1="0" y1="0" x2="0" y2="1">
            <stop offset="0.42" stop-color="#0e1116" stop-opacity="0"/><stop offset="1" stop-color="#0e1116" stop-opacity="0.86"/></linearGradient>
        <radialGradient id="{glow}" cx="600" cy="{height:.0}" r="430" gradientUnits="userSpaceOnUse">
            <stop offset="0" stop-color="#ffe7a8" stop-opacity="0.8"/><stop offset="0.3" stop-color="#e9b93a" stop-opacity="0.22"/>
            <stop offset="1" stop-color="#e9b93a" stop-opacity="0"/></radialGradient>"##,
        middle = dots / 2.0,
        radius = dots / 4.2,
    );
    view! {
        <svg class="poster-art" viewBox="0 100 1200 700" preserveAspectRatio="xMidYMin slice" aria-hidden="true">
            <defs inner_html=fills></defs>
            <path d=format!("M0 0H{:.0}L{:.0} 800H0Z", 600.0 + lean, 600.0 - lean) fill="#b3172f" />
            <path d=format!("M1200 0H{:.0}L{:.0} 800H1200Z", 600.0 + lean, 600.0 - lean) fill="#17489a" />
            <g opacity="0.32">{ray_fan(rays, turn, height)}</g>
            <path d="M0 0H1200V800H0Z" fill=format!("url(#{halftone})") opacity="0.16" />
            <path d="M0 0H1200V800H0Z" fill=format!("url(#{glow})") />
            <g stroke="#f7f5f0" stroke-width="5" opacity="0.32">
                <path d="M0 560 1200 530M0 620 1200 600M0 680 1200 672" />
            </g>
            <polyline points=split(600.0) stroke="#f7f5f0" stroke-width="7" opacity="0.9" />
            {motif}
            <path d="M0 0H1200V800H0Z" fill=format!("url(#{fade})") />
        </svg>
    }
}

fn ray_fan(count: usize, turn: f64, height: f64) -> impl IntoView {
    (0..count)
        .map(|ray| {
            let angle = |at: f64| turn + at * std::f64::consts::TAU / count as f64;
            let point = |at: f64| (600.0 + 1100.0 * angle(at).cos(), height + 1100.0 * angle(at).sin());
            let (ax, ay) = point(ray as f64);
            let (bx, by) = point(ray as f64 + 0.45);
            view! { <path d=format!("M600 {height:.0}L{ax:.0} {ay:.0} {bx:.0} {by:.0}Z") fill="#0e1116" /> }
        })
        .collect_view()
}

/// Two gloves meet.
fn gloves(height: f64, tilt: f64, turn: f64) -> impl IntoView {
    view! {
        {glove("translate(446 {h}) rotate({t}) scale(1.6)", height, tilt, "#e5354c", "#7d0f20")}
        {glove("translate(754 {h}) rotate({t}) scale(-1.6 1.6)", height, -tilt, "#3c7fe4", "#0f2f68")}
        {spark(height, turn)}
    }
}

/// The champion's belt.
fn belt(height: f64, tilt: f64) -> impl IntoView {
    let place = format!("translate(600 {height:.0}) rotate({tilt:.1}) scale(0.78)");
    let star: Vec<_> = (0..10)
        .map(|corner| {
            let reach = if corner % 2 == 0 { 84.0 } else { 36.0 };
            let angle = f64::from(corner) * std::f64::consts::TAU / 10.0 - std::f64::consts::FRAC_PI_2;
            format!("{:.0},{:.0}", reach * angle.cos(), reach * angle.sin())
        })
        .collect();
    view! {
        <g transform=place stroke="#0e1116" stroke-width="6" stroke-linejoin="round">
            <path d="M-900-70C-600-40-400-62-160-92V92C-400 62-600 60-900 90Z" fill="#7d0f20" />
            <path d="M900-70C600-40 400-62 160-92V92C400 62 600 60 900 90Z" fill="#0f2f68" />
            <path d="M-360-62H-250L-226 0-250 62H-360L-384 0Z" fill="#e9b93a" />
            <path d="M360-62H250L226 0 250 62H360L384 0Z" fill="#e9b93a" />
            <circle r="172" fill="#c9971c" />
            <circle r="148" fill="#ffd95e" />
            <circle r="112" fill="#b3172f" />
            <path d="M0-112A112 112 0 0 1 0 112Z" fill="#17489a" stroke="none" />
            <circle r="112" fill="none" />
            <polygon points=star.join(" ") fill="#fff3c4" />
            <path d="M-118-84C-96-116-64-136-28-142" fill="none" stroke="#fff" stroke-width="9" stroke-linecap="round" opacity="0.7" />
        </g>
    }
}

/// The bell that opens the round.
fn bell(height: f64, tilt: f64) -> impl IntoView {
    let place = format!("translate(600 {height:.0}) rotate({:.1}) scale(0.74)", tilt * 1.6);
    view! {
        <g transform=place stroke="#0e1116" stroke-width="6" stroke-linejoin="round">
            <path d="M-18-176H18V-120H-18Z" fill="#f7f5f0" />
            <path d="M-170 78C-150 60-132 20-128-30-122-104-62-138 0-138S122-104 128-30C132 20 150 60 170 78Z" fill="#e9b93a" />
            <path d="M0-138C62-138 122-104 128-30 132 20 150 60 170 78H40C80 20 76-90 0-138Z" fill="#c9971c" stroke="none" />
            <path d="M-190 78H190V112H-190Z" fill="#ffd95e" />
            <circle cy="138" r="30" fill="#f7f5f0" />
            <path d="M-96-20C-92-70-66-98-34-108" fill="none" stroke="#fff" stroke-width="11" stroke-linecap="round" opacity="0.8" />
            <path d="M-226-40C-246 0-246 40-226 76M-268-62C-298-8-298 52-268 98M226-40C246 0 246 40 226 76M268-62C298-8 298 52 268 98"
                fill="none" stroke="#f7f5f0" stroke-width="9" stroke-linecap="round" />
        </g>
    }
}

fn glove(place: &str, height: f64, tilt: f64, light: &'static str, dark: &'static str) -> impl IntoView {
    let place = place.replace("{h}", &format!("{height:.0}")).replace("{t}", &format!("{tilt:.1}"));
    view! {
        <g transform=place stroke="#0e1116" stroke-width="5" stroke-linejoin="round">
            <path d="M-420-30-92-38-92 54-420 120Z" fill=dark stroke="none" />
            <path d=CUFF fill="#f7f5f0" />
            <path d="M-84-42-82 58M-68-44-66 61" stroke=dark stroke-width="6" />
            <path d=FIST fill=light />
            <path d="M-30 52C0 70 60 72 84 48 96 36 101 14 100-6 92 30 50 50-32 40Z" fill=dark stroke="none" opacity="0.55" />
            <path d="M0-44C24-58 58-56 74-40" fill="none" stroke="#fff" stroke-width="6" stroke-linecap="round" opacity="0.55" />
            <path d=THUMB fill=light stroke-linecap="round" />
            <path d="M104-4C98 0 92 2 86 2M100 24C94 26 88 26 82 25" fill="none" stroke-linecap="round" opacity="0.6" />
        </g>
    }
}

fn spark(height: f64, turn: f64) -> impl IntoView {
    let points: Vec<_> = (0..20)
        .map(|corner| {
            let reach = if corner % 2 == 0 { 64.0 } else { 27.0 };
            let angle = turn + f64::from(corner) * std::f64::consts::TAU / 20.0;
            format!("{:.0},{:.0}", 600.0 + reach * angle.cos(), height + reach * angle.sin())
        })
        .collect();
    view! { <polygon points=points.join(" ") fill="#ffd95e" stroke="#0e1116" stroke-width="5" stroke-linejoin="round" /> }
}

/// The names of the main event: red corner, blue corner.
#[must_use]
pub fn headliners(event: &PublicEvent) -> Option<(String, String)> {
    event.bouts.first().map(|bout| (bout.red.clone(), bout.blue.clone()))
}
