//! Which role a provider's people have: rules in their order; the first that fits counts.

use domain::Role;
use leptos::prelude::*;
use ui::{
    components::{Button, Field, Kind},
    t, tr,
};

use crate::parts::select::Select;

/// A rule being written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    pub value: RwSignal<String>,
    pub gives: RwSignal<String>,
}

impl Rule {
    pub fn of(value: &str, gives: String) -> Self {
        Self { value: RwSignal::new(value.to_owned()), gives: RwSignal::new(gives) }
    }
}

/// The claim looked at, and the rules.
#[component]
pub fn Rules(
    claim: RwSignal<String>,
    rules: RwSignal<Vec<Rule>>,
    options: Signal<Vec<(String, String)>>,
) -> impl IntoView {
    let add = move |_| rules.update(|rules| rules.push(Rule::of("", Role::Client.name().to_owned())));
    let rows = move || {
        let row = |(at, rule)| view! { <Row at rule rules options/> };
        rules.get().into_iter().enumerate().map(row).collect_view()
    };
    view! {
        <Field label=Signal::derive(tr!("console.sign_on.claim_name")) name="claim" value=claim
            hint=Signal::derive(tr!("console.sign_on.claim_hint"))/>
        {rows}
        <div><Button class="button-small" on_press=add>{tr!("console.sign_on.rule_add")}</Button></div>
    }
}

#[component]
fn Row(
    at: usize,
    rule: Rule,
    rules: RwSignal<Vec<Rule>>,
    options: Signal<Vec<(String, String)>>,
) -> impl IntoView {
    let up = move |_| rules.update(|rules| rules.swap(at, at.saturating_sub(1)));
    let remove = move |_| rules.update(|rules| rules.retain(|other| *other != rule));
    let label = move |key: &'static str| Signal::derive(move || t!(key, number = at + 1));
    view! {
        <div class="rule">
            <Field label=label("console.sign_on.rule_value") name=format!("rule-{at}") value=rule.value required=true/>
            <Select label=label("console.sign_on.rule_gives") value=rule.gives options/>
            <span class="deeds">
                {(at > 0).then(|| view! {
                    <Button kind=Kind::Bare class="button-small" on_press=up label=label("console.sign_on.rule_up")>"↑"</Button>
                })}
                <Button kind=Kind::Bare class="button-small" on_press=remove label=label("console.sign_on.rule_remove")>"✕"</Button>
            </span>
        </div>
    }
}
