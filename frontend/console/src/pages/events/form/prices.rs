//! Prices while they are written: each with the zones it is for, every zone at one price.

use leptos::prelude::*;
use ui::{
    components::{Button, Field, Glyph, Icon, Notice, Tone},
    t, tr,
};

use super::{Editor, draft::PriceLine};

/// The section with the prices.
#[component]
pub fn Prices(editor: Editor) -> impl IntoView {
    let prices = editor.draft.prices;
    let numbered = move || prices.get().into_iter().enumerate().collect::<Vec<_>>();
    let unpriced = move || {
        let sold: Vec<String> = prices.get().into_iter().flat_map(|line| line.zones.get()).collect();
        let zones = editor.map.get().map(|map| map.zones).unwrap_or_default();
        zones.into_iter().map(|zone| zone.code).filter(|code| !sold.contains(code)).collect::<Vec<_>>()
    };
    view! {
        <section class="panel editor-section">
            <h2>{tr!("console.form.prices")}</h2>
            <p class="soft">{tr!("console.form.prices_hint")}</p>
            <ul class="price-lines">
                <For each=numbered key=|(number, line)| (*number, line.key) let((number, line))>
                    <Line editor number line/>
                </For>
            </ul>
            <p class="field-error" role="alert">{editor.error("prices")}</p>
            {move || {
                let zones = unpriced();
                (!zones.is_empty()).then(|| view! {
                    <Notice tone=Tone::Warn>{t!("console.form.unpriced", zones = zones.join(" "))}</Notice>
                })
            }}
            <Button on_press=move |_| editor.draft.add_price()>{tr!("console.form.add_price")}</Button>
        </section>
    }
}

#[component]
fn Line(editor: Editor, number: usize, line: PriceLine) -> impl IntoView {
    let prices = editor.draft.prices;
    let strike = move |_| prices.update(|prices| prices.retain(|other| other.key != line.key));
    let zones = move || {
        let chip = |zone: contract::venues::ZoneSummary| {
            let code = zone.code.clone();
            let on = {
                let code = code.clone();
                move || line.zones.with(|zones| zones.contains(&code))
            };
            view! {
                <button type="button" class="chip zone-chip" aria-pressed=move || on().to_string() title=zone.name
                    on:click=move |_| editor.draft.toggle_zone(line.key, &code)>
                    {zone.code}<span class="soft">{zone.places}</span>
                </button>
            }
        };
        editor.map.get().map(|map| map.zones.into_iter().map(chip).collect_view())
    };
    view! {
        <li class="price-line">
            <div class="price-line-head">
                <Field label=Signal::derive(tr!("console.form.price_name")) value=line.name required=true
                    error=editor.error(&format!("prices[{number}].name"))/>
                <Field label=Signal::derive(tr!("console.form.price_amount")) value=line.amount required=true
                    error=editor.error(&format!("prices[{number}].price"))/>
                <button type="button" class="icon-button" on:click=strike
                    aria-label=move || t!("console.form.price_strike", name = line.name.get())>
                    <Icon glyph=Glyph::Close/>
                </button>
            </div>
            <div class="chips" role="group" aria-label=tr!("console.form.price_zones")>{zones}</div>
            <p class="field-error" role="alert">{editor.error(&format!("prices[{number}].zones"))}</p>
        </li>
    }
}
