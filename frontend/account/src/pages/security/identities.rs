//! Providers the person signs in by.

use contract::sign_on::Identity;
use leptos::prelude::*;
use leptos::task::spawn_local;
use ui::api::sign_on;
use ui::components::{Button, FailureNotice, Kind, Remote};
use ui::format::{self, Style};
use ui::{Failure, Fetched, fetched, session, t, words};

use super::Part;

/// Lists and removes them; nothing where there are none.
#[component]
pub fn Identities() -> impl IntoView {
    let who = || session::me().map(|me| me.id);
    let identities = fetched(who, |_| async { sign_on::identities().await });
    let list = move |now: Signal<Vec<Identity>>| {
        let row = move |identity| view! { <Row identity identities/> };
        view! {
            <Show when=move || now.with(|now| !now.is_empty())>
                <Part title=words("account.security.identities.title") on=true>
                    <p class="soft">{words("account.security.identities.text")}</p>
                    <ul class="keys">{move || now.get().into_iter().map(row).collect_view()}</ul>
                </Part>
            </Show>
        }
    };
    view! { <Remote of=identities view=list/> }
}

#[component]
fn Row(identity: Identity, identities: Fetched<Vec<Identity>>) -> impl IntoView {
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let id = StoredValue::new(identity.id.to_string());
    let remove = move |_| {
        busy.set(true);
        spawn_local(async move {
            let answer = sign_on::remove_identity(&id.get_value()).await;
            busy.try_set(false);
            if answer.is_ok() {
                identities.refetch();
            }
            failure.try_set(answer.err());
        });
    };
    let whose = identity.organisation.map(|organisation| format!(" · {organisation}")).unwrap_or_default();
    let used = format::here(identity.last_used_at, Style::Full);
    let label = t!("account.security.identities.remove", provider = identity.provider.clone());
    view! {
        <li>
            <span>
                <strong>{identity.provider}{whose}</strong>
                <span class="under">{identity.email}</span>
                <span class="under">{t!("account.security.passkeys.used", when = used)}</span>
            </span>
            <span class="factor-deeds">
                <Button kind=Kind::Stop busy label on_press=remove>{words("account.security.remove")}</Button>
            </span>
            <FailureNotice failure/>
        </li>
    }
}
