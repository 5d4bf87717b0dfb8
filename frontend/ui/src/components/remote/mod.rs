//! The one way a fetched value is shown: its shape while it loads, an error with a retry, or itself.
//! A failed fetch is never shown as an empty list.

use leptos::prelude::*;

use super::badge::Tone;
use super::button::Button;
use super::notice::Notice;
use crate::fetched::Fetched;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    Loading,
    Failed,
    Ready,
}

/// Shows `of` by `view`, which gets the value as a signal: a refetch changes it in place.
#[component]
pub fn Remote<T, V, F>(
    /// What is fetched.
    of: Fetched<T>,
    /// Draws it.
    view: F,
    /// Its shape while it loads; some grey lines when absent.
    #[prop(optional, into)]
    skeleton: Option<ViewFn>,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    V: IntoView + 'static,
    F: Fn(Signal<T>) -> V + Send + 'static,
{
    let status = Memo::new(move |_| match (of.with(|value| value.is_some()), of.failure()) {
        (true, _) => Status::Ready,
        (false, Some(_)) if !of.loading() => Status::Failed,
        (false, _) => Status::Loading,
    });
    let latest: StoredValue<Option<T>> = StoredValue::new(None);
    let value = Signal::derive(move || {
        // Once it was ready it stays so; the last value covers the moment in which a new key forgets it.
        if let Some(value) = of.get() {
            latest.set_value(Some(value));
        }
        // safe: only read where the status is `Ready`, so a value has been there
        latest.get_value().expect("a ready value")
    });
    move || match status.get() {
        Status::Ready => view(value).into_any(),
        Status::Failed => view! { <Failed of /> }.into_any(),
        Status::Loading => match &skeleton {
            Some(skeleton) => skeleton.run(),
            None => view! { <Lines /> }.into_any(),
        },
    }
}

#[component]
fn Failed<T: Clone + Send + Sync + 'static>(of: Fetched<T>) -> impl IntoView {
    view! {
        <div class="remote-failed">
            <Notice tone=Tone::Stop>
                <p>{move || of.failure().map(|failure| failure.text())}</p>
                {move || {
                    let id = of.failure().and_then(|failure| failure.request_id().map(str::to_owned));
                    id.map(|id| view! { <p class="small">{crate::t!("errors.request", id = id)}</p> })
                }}
            </Notice>
            <Button on_press=move |_| of.refetch() busy=Signal::derive(move || of.loading())>
                {crate::i18n::words("actions.try_again")}
            </Button>
        </div>
    }
}

#[component]
fn Lines() -> impl IntoView {
    view! {
        <div class="skeleton-lines" role="status" aria-label=crate::i18n::words("state.loading")>
            <i class="skeleton"></i>
            <i class="skeleton"></i>
            <i class="skeleton"></i>
        </div>
    }
}
