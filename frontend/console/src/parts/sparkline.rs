//! A small curve beside a number: the shape of the days, drawn by hand.

use leptos::prelude::*;

const WIDTH: f64 = 240.0;
const HEIGHT: f64 = 48.0;
const EDGE: f64 = 3.0;

/// The curve of `values`, oldest first. Says nothing to screen readers: the table beside it does.
#[component]
pub fn Sparkline(values: Vec<f64>) -> impl IntoView {
    let points = points(&values);
    let line = path(&points);
    let area = points
        .first()
        .zip(points.last())
        .map(|(first, last)| format!("{line} L{:.1} {HEIGHT} L{:.1} {HEIGHT} Z", last.0, first.0));
    let tip = points.last().copied();
    view! {
        <svg class="sparkline" viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none" aria-hidden="true">
            {area.map(|d| view! { <path class="sparkline-area" d=d/> })}
            <path class="sparkline-line" d=line vector-effect="non-scaling-stroke"/>
            {tip.map(|(x, y)| view! {
                <path class="sparkline-tip" d=format!("M{x:.1} {y:.1} h0") vector-effect="non-scaling-stroke"/>
            })}
        </svg>
    }
}

fn points(values: &[f64]) -> Vec<(f64, f64)> {
    let most = values.iter().copied().fold(1.0, f64::max);
    let step = (WIDTH - 2.0 * EDGE) / (values.len().max(2) - 1) as f64;
    let at = |(day, value): (usize, &f64)| {
        (EDGE + step * day as f64, HEIGHT - EDGE - (HEIGHT - 2.0 * EDGE) * value / most)
    };
    values.iter().enumerate().map(at).collect()
}

fn path(points: &[(f64, f64)]) -> String {
    let mut path = String::new();
    for (number, (x, y)) in points.iter().enumerate() {
        let verb = if number == 0 { 'M' } else { 'L' };
        path.push_str(&format!("{verb}{x:.1} {y:.1} "));
    }
    path
}
