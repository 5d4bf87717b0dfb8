//! Asks once more before something is done that nobody can take back.

use std::future::Future;

use leptos::{prelude::*, task::spawn_local};
use ui::{
    Failure,
    components::{Button, FailureNotice, Kind},
    tr,
};

use super::dialog::Dialog;

/// A dialog with what will happen, and the button that does it; closes when it is done.
#[component]
pub fn Sure<F, R, T>(
    /// Whether it is asked.
    open: RwSignal<bool>,
    /// What is about to be done.
    #[prop(into)]
    title: String,
    /// What follows from it.
    #[prop(into)]
    text: String,
    /// The word on the button.
    #[prop(into)]
    word: String,
    /// Does it.
    deed: F,
    /// Called when it is done.
    #[prop(into)]
    done: Callback<()>,
) -> impl IntoView
where
    F: Fn() -> R + Send + Sync + 'static,
    R: Future<Output = Result<T, Failure>> + 'static,
    T: 'static,
{
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let act = move |_| {
        busy.set(true);
        let doing = deed();
        spawn_local(async move {
            let answer = doing.await;
            busy.try_set(false);
            if answer.is_ok() {
                done.run(());
                open.try_set(false);
            }
            failure.try_set(answer.err());
        });
    };
    view! {
        <Dialog open title>
            <FailureNotice failure/>
            <p>{text}</p>
            <footer class="dialog-foot">
                <Button on_press=move |_| open.set(false)>{tr!("actions.cancel")}</Button>
                <Button kind=Kind::Stop busy on_press=act>{word}</Button>
            </footer>
        </Dialog>
    }
}
