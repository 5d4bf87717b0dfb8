//! How the letter looks to its reader, a moment after one has stopped typing.

use std::time::Duration;

use contract::templates::{AskPreview, Content, Preview};
use domain::Locale;
use leptos::{prelude::*, task::spawn_local};
use ui::{
    Failure,
    api::staff,
    browser,
    components::{Chip, FailureNotice, Notice, Tone},
    t, tr,
};

use super::desk::Desk;
use crate::parts::letter::dress;

/// Typing rests this long before the letter is drawn anew.
const REST: Duration = Duration::from_millis(450);

/// The letter in a frame that runs no scripts.
#[component]
pub fn Look(desk: Desk) -> impl IntoView {
    let (shown, failure) = (RwSignal::new(None::<Preview>), RwSignal::new(None::<Failure>));
    let (phone, dark, plain, real) =
        (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    draw(desk, real, shown, failure);
    let taken = move || {
        let asked = desk.locale.get();
        shown
            .with(|shown| shown.as_ref().map(|shown| shown.locale))
            .filter(|taken| *taken != asked)
            .map(Locale::endonym)
    };
    let filled = move || {
        shown.with(|shown| match shown.as_ref()?.order.clone() {
            Some(order) => Some(t!("console.templates.of_order", order = order)),
            None => Some(t!("console.templates.of_example")),
        })
    };
    let switch = move |on: RwSignal<bool>, key: &'static str| {
        view! { <Chip on=on on_press=move |()| on.update(|on| *on = !*on)>{tr!(key)}</Chip> }
    };
    let frame = move || {
        let is_dark = dark.get();
        let html = shown.with(|shown| shown.as_ref().map(|shown| shown.html.clone()));
        html.map(|html| view! {
            <iframe class="look-letter" sandbox="allow-same-origin" title=tr!("console.templates.preview") srcdoc=html
                on:load=move |event| dress(&event, is_dark)></iframe>
        })
    };
    view! {
        <section class="look" aria-label=tr!("console.templates.preview")>
            <div class="chips">
                {switch(phone, "console.templates.phone")} {switch(dark, "console.templates.dark")}
                {switch(plain, "console.templates.plain")} {switch(real, "console.templates.real")}
            </div>
            <FailureNotice failure/>
            {move || taken().map(|language| view! {
                <Notice tone=Tone::Warn>{t!("console.templates.taken", language = language)}</Notice>
            })}
            <p class="look-subject">
                <strong>{move || shown.with(|shown| shown.as_ref().map(|shown| shown.subject.clone()))}</strong>
                <span class="soft">{filled}</span>
            </p>
            <div class="look-stage" class:look-phone=move || phone.get() class:look-dark=move || dark.get()>
                {move || if plain.get() {
                    view! { <pre class="letter-plain look-plain">{shown.with(|shown| shown.as_ref().map(|shown| shown.text.clone()))}</pre> }.into_any()
                } else {
                    frame().into_any()
                }}
            </div>
        </section>
    }
}

/// Asks for the letter whenever it changes. While something in it cannot be said, the last one stays.
fn draw(
    desk: Desk,
    real: RwSignal<bool>,
    shown: RwSignal<Option<Preview>>,
    failure: RwSignal<Option<Failure>>,
) {
    let turn = StoredValue::new(0_u32);
    Effect::new(move |before: Option<(Locale, bool)>| {
        let (content, locale, real): (Content, _, _) = (desk.content.get(), desk.locale.get(), real.get());
        turn.update_value(|turn| *turn += 1);
        let mine = turn.get_value();
        // Another language is shown at once; typing rests first.
        let rest = before == Some((locale, real));
        spawn_local(async move {
            if rest {
                browser::pause(REST).await;
            }
            if turn.try_get_value() != Some(mine) || desk.fault_count_untracked() > 0 {
                return;
            }
            let ask = AskPreview { locale, content: Some(content), version: None, real };
            let answer = staff::templates::preview(&desk.id(), &ask).await;
            if turn.try_get_value() != Some(mine) {
                return;
            }
            match answer {
                Ok(letter) => {
                    failure.try_set(None);
                    shown.try_set(Some(letter));
                }
                Err(why) => {
                    failure.try_set(Some(why));
                }
            }
        });
        (locale, real)
    });
}
