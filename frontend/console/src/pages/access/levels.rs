//! What a program may do, area by area: nothing, reading, or reading and changing.

use std::collections::BTreeMap;

use domain::Permission;
use leptos::prelude::*;
use ui::t;

use crate::parts::select::Select;

/// The level chosen for each area: `none`, `read` or `write`.
pub type Levels = Vec<Choice>;
/// An area and its level.
pub type Choice = (&'static str, RwSignal<String>);

/// The permissions of an area at a level, out of those the person holds.
fn rights(own: &[Permission], area: &str, level: &str) -> Vec<Permission> {
    let within = |right: &Permission| {
        right.area() == area && (level == "write" || (level == "read" && right.name().ends_with(".read")))
    };
    own.iter().copied().filter(within).collect()
}

/// A level for each area the person holds something of, as high as what is held already.
pub fn levels_of(own: &[Permission], held: &[Permission]) -> Levels {
    let place = |area| Permission::ALL.iter().position(|right| right.area() == area).unwrap_or(0);
    let areas: BTreeMap<usize, &'static str> =
        own.iter().map(|right| (place(right.area()), right.area())).collect();
    let level = |area: &str| {
        let mut there = held.iter().filter(|right| right.area() == area).peekable();
        match (there.peek().is_some(), there.any(|right| !right.name().ends_with(".read"))) {
            (false, _) => "none",
            (true, false) => "read",
            (true, true) => "write",
        }
    };
    areas.into_values().map(|area| (area, RwSignal::new(level(area).to_owned()))).collect()
}

/// What is chosen, out of what the person holds. Tracks.
pub fn chosen(levels: &[Choice], own: &[Permission]) -> Vec<Permission> {
    levels.iter().flat_map(|(area, level)| rights(own, area, &level.get())).collect()
}

/// A choice for each area.
pub fn choices(levels: &[Choice]) -> impl IntoView + use<> {
    levels.iter().map(|(area, level)| view! { <Level area level=*level/> }).collect_view()
}

#[component]
fn Level(area: &'static str, level: RwSignal<String>) -> impl IntoView {
    let label = move || t!(&format!("console.permission_area.{area}"));
    let options = || {
        let words = ["none", "read", "write"];
        words.map(|level| (level.to_owned(), t!(&format!("console.keys.level_{level}")))).to_vec()
    };
    view! { <Select label=Signal::derive(label) value=level options=Signal::derive(options)/> }
}
