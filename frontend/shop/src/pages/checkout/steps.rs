//! The three steps, always in sight.

use leptos::prelude::*;
use ui::components::{Glyph, Icon};
use ui::{t, words};

/// A step of buying.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Choosing seats.
    Seats,
    /// Saying who buys.
    Details,
    /// Paying.
    Payment,
}

/// Where the buyer is.
#[component]
pub fn Steps(now: Step) -> impl IntoView {
    let steps = [
        (Step::Seats, "shop.steps.seats"),
        (Step::Details, "shop.steps.details"),
        (Step::Payment, "shop.steps.payment"),
    ];
    view! {
        <ol class="steps" aria-label=words("shop.steps.label")>
            {steps.into_iter().enumerate().map(|(place, (step, key))| {
                let sign = if step < now { view! { <Icon glyph=Glyph::Check /> }.into_any() } else { (place + 1).into_any() };
                view! {
                    <li class:step-done={step < now} aria-current=(step == now).then_some("step")>
                        <i aria-hidden="true">{sign}</i>
                        <span>{move || t!(key)}</span>
                    </li>
                }
            }).collect_view()}
        </ol>
    }
}
