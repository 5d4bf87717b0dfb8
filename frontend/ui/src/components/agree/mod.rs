//! What somebody is asked to agree to before an account is opened or a seat is bought: the texts by name, with a way to read
//! each. Nothing is ticked beforehand, and news by mail is never needed.

use contract::privacy::{Policy, PolicyKind};
use leptos::prelude::*;
use uuid::Uuid;

use super::Toggle;
use crate::api::privacy;
use crate::{Fetched, fetched, t, words};

/// What was ticked.
#[derive(Clone, Copy)]
pub struct Agreement {
    policies: Fetched<Vec<Policy>>,
    agreed: RwSignal<bool>,
    news: RwSignal<bool>,
    /// The button was pressed once: from then on it is told what is missing.
    pressed: RwSignal<bool>,
}

impl Default for Agreement {
    fn default() -> Self {
        Self::new()
    }
}

impl Agreement {
    /// Nothing is ticked.
    #[must_use]
    pub fn new() -> Self {
        let policies = fetched(
            || (),
            |()| async {
                let mut policies = privacy::policies().await?;
                // The latest of each kind comes first.
                policies.dedup_by_key(|policy| policy.kind);
                Ok(policies)
            },
        );
        let [agreed, news, pressed] = [false; 3].map(RwSignal::new);
        Self { policies, agreed, news, pressed }
    }

    fn all(self) -> Vec<Policy> {
        self.policies.get().unwrap_or_default()
    }

    fn needed(self) -> Vec<Policy> {
        let mut policies = self.all();
        policies.retain(|policy| policy.kind != PolicyKind::Marketing);
        policies
    }

    fn has_news(self) -> bool {
        self.all().iter().any(|policy| policy.kind == PolicyKind::Marketing)
    }

    /// The versions ticked; nothing while what is needed is not.
    #[must_use]
    pub fn accepted(self) -> Option<Vec<Uuid>> {
        untrack(|| {
            self.pressed.set(true);
            let news = self.news.get();
            let whole = self.agreed.get() || self.needed().is_empty();
            let ticked = self.all().into_iter().filter(|policy| news || policy.kind != PolicyKind::Marketing);
            whole.then(|| ticked.map(|policy| policy.id).collect())
        })
    }

    /// The server knows newer texts: they are fetched, and must be read.
    pub fn ask_again(self) {
        self.agreed.set(false);
        self.policies.refetch();
    }

    /// Follows what is ticked: what is sent is another wish then.
    pub fn track(self) {
        self.agreed.track();
        self.news.track();
        self.policies.with(|_| ());
    }
}

/// The boxes.
#[component]
pub fn Agree(agreement: Agreement) -> impl IntoView {
    let (agreed, news) = (agreement.agreed, agreement.news);
    let link = |policy: Policy| {
        let name = t!(&format!("agree.kind.{}", policy.kind.name()));
        let version = t!("agree.version", version = policy.version.to_string());
        let address = format!("/account/policies#{}", policy.kind.name());
        view! { <li><a href=address target="_blank" rel="external noopener">{name}</a>" "<span class="soft">{version}</span></li> }
    };
    let links = move || agreement.needed().into_iter().map(link).collect_view();
    let missing = move || agreement.pressed.get() && !agreed.get();
    view! {
        <Show when=move || !agreement.needed().is_empty()>
            <div class="field">
                <Toggle label=words("agree.must") value=agreed/>
                <ul>{links}</ul>
                <Show when=missing><p class="field-error" role="alert">{words("agree.missing")}</p></Show>
            </div>
        </Show>
        <Show when=move || agreement.has_news()>
            <div class="field"><Toggle label=words("agree.news") value=news/></div>
        </Show>
    }
}
