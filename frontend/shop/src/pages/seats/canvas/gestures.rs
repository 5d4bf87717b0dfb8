//! Keys on the map.

use leptos::prelude::*;

use super::NEARER;
use super::stage::Stage;
use crate::pages::seats::picker::Picker;

/// Does what a key means; gives whether it meant anything.
pub fn key(key: &str, picker: Picker, act: impl Fn(fn(&Stage))) -> bool {
    let way = match key {
        "ArrowLeft" => (-1.0, 0.0),
        "ArrowRight" => (1.0, 0.0),
        "ArrowUp" => (0.0, -1.0),
        "ArrowDown" => (0.0, 1.0),
        "Enter" | " " => {
            if let Some(seat) = picker.focus.get_untracked() {
                picker.toggle(seat);
            }
            return true;
        }
        "+" | "=" => {
            act(|stage| stage.step(NEARER));
            return true;
        }
        "-" => {
            act(|stage| stage.step(1.0 / NEARER));
            return true;
        }
        "0" | "Home" => {
            act(Stage::show_all);
            return true;
        }
        _ => return false,
    };
    walk(picker, way);
    act(Stage::follow_focus);
    true
}

/// Moves the focus to the next free seat that way; the first one when there is no focus yet.
fn walk(picker: Picker, way: (f32, f32)) {
    let plan = picker.plan();
    let next = match picker.focus.get_untracked() {
        Some(seat) => plan.seat_towards(seat, way, |seat| picker.reachable(seat)),
        None => (0..plan.seats.len()).find(|seat| picker.reachable(*seat)),
    };
    if let Some(seat) = next {
        picker.focus.set(Some(seat));
        let chosen = picker.chosen.with_untracked(|chosen| chosen.contains(&seat));
        let words = picker.describe(seat);
        picker.said.set(if chosen { ui::t!("shop.seats.said_own", seat = words) } else { words });
    }
}
