//! Every policy by version, for everybody: what is in force, and what was before.

use contract::privacy::{Policy, PolicyKind};
use leptos::prelude::*;
use ui::components::{Empty, Glyph, LanguageSwitch, Remote, ThemeSwitch, Title};
use ui::format::{self, Style};
use ui::{api, fetched, i18n, t, tr, words};

/// The page at `/account/policies`.
#[component]
pub fn Policies() -> impl IntoView {
    let policies = fetched(|| (), |()| async { api::privacy::policies().await });
    view! {
        <Title text=words("account.policies.title")/>
        <a class="skip" href="#main">{tr!("actions.skip")}</a>
        <header class="account-top">
            <a href="/" rel="external" class="account-mark">"Ringside"</a>
            <span class="account-switches"><LanguageSwitch/><ThemeSwitch/></span>
        </header>
        <main id="main" class="policies" tabindex="-1">
            <h1>{tr!("account.policies.title")}</h1>
            <p class="soft">{tr!("account.policies.text")}</p>
            <Remote of=policies view={move |list: Signal<Vec<Policy>>| view! { <All list/> }}/>
        </main>
    }
}

#[component]
fn All(list: Signal<Vec<Policy>>) -> impl IntoView {
    let of = move |kind: PolicyKind| {
        let versions: Vec<Policy> = list.get().into_iter().filter(|policy| policy.kind == kind).collect();
        (!versions.is_empty()).then(|| view! { <OneKind kind versions/> })
    };
    let none = || view! { <Empty glyph=Glyph::List title=words("account.policies.none")/> };
    view! {
        <Show when=move || !list.get().is_empty() fallback=none>
            {move || PolicyKind::ALL.map(of).collect_view()}
        </Show>
    }
}

#[component]
fn OneKind(kind: PolicyKind, versions: Vec<Policy>) -> impl IntoView {
    let mut versions = versions.into_iter();
    let now = versions.next().map(|policy| view! { <Version policy/> });
    let before: Vec<Policy> = versions.collect();
    let earlier = (!before.is_empty()).then(|| {
        let old = before.into_iter().map(|policy| view! { <Version policy/> }).collect_view();
        view! { <details><summary>{tr!("account.policies.before")}</summary>{old}</details> }
    });
    view! {
        <section id=kind.name()>
            <h2>{t!(&format!("agree.kind.{}", kind.name()))}</h2>
            {now}
            {earlier}
        </section>
    }
}

#[component]
fn Version(policy: Policy) -> impl IntoView {
    let text = policy.texts.get(i18n::locale().code()).or_else(|| policy.texts.get("en")).cloned();
    let since = t!("account.policies.since", at = format::here(policy.published_at, Style::Full));
    view! {
        <article>
            <p class="small">{since}" "{t!("account.privacy.version", version = policy.version.to_string())}</p>
            <p class="as-written">{text}</p>
        </article>
    }
}
