//! What the form adds up to, at its side.

use leptos::prelude::*;
use ui::{format, tr};

use super::{Editor, draft::LANGUAGES};
use crate::parts::amount;

/// The summary: what is complete, and what a sold-out night brings.
#[component]
pub fn Summary(editor: Editor) -> impl IntoView {
    let draft = editor.draft;
    let languages = move || {
        let written =
            LANGUAGES.into_iter().zip(draft.texts).filter(|(_, text)| !text.title.get().trim().is_empty());
        written.map(|(language, _)| language.to_uppercase()).collect::<Vec<_>>().join(" ")
    };
    let places = move || editor.map.get().map_or(0, |map| i64::from(map.seats + map.standing));
    let full_house = move || {
        let zones = editor.map.get().map(|map| map.zones).unwrap_or_default();
        let places_of =
            |code: &String| zones.iter().find(|zone| zone.code == *code).map_or(0, |zone| zone.places);
        let line = |line: super::draft::PriceLine| {
            let places: i32 = line.zones.get().iter().map(places_of).sum();
            amount::baht(&line.amount.get()).and_then(|price| price.times(places.into()))
        };
        let mut sums = draft.prices.get().into_iter().filter_map(line);
        sums.try_fold(domain::Money::thb(0), domain::Money::plus).map(format::money).unwrap_or_default()
    };
    view! {
        <aside class="editor-summary" aria-label=tr!("console.form.summary")>
            <h2>{tr!("console.form.summary")}</h2>
            <p class="summary-title">{move || draft.texts[0].title.get()}</p>
            <dl>
                <dt>{tr!("console.form.venue")}</dt><dd>{move || editor.venue.get().map(|venue| venue.name)}</dd>
                <dt>{tr!("console.form.languages")}</dt><dd>{languages}</dd>
                <dt>{tr!("console.form.bouts")}</dt><dd>{move || format::number(draft.bouts.with(Vec::len) as i64)}</dd>
                <dt>{tr!("console.form.places")}</dt><dd>{move || format::number(places())}</dd>
                <dt>{tr!("console.form.full_house")}</dt><dd class="summary-money">{full_house}</dd>
            </dl>
        </aside>
    }
}
