//! Gives a key or an application a new secret; the old one may go on for a while.

use std::future::Future;

use contract::keys::RotateApiKey;
use leptos::{prelude::*, task::spawn_local};
use ui::{
    Failure, api,
    components::{Button, FailureNotice, Kind},
    t, tr,
};

use super::secret::Shown;
use crate::parts::{dialog::Dialog, select::Select};

/// How long the old secret may go on: hours, and the word below `console.keys`.
const OVERLAPS: [(&str, &str); 3] = [("24", "overlap_day"), ("168", "overlap_week"), ("0", "overlap_now")];

/// The dialog; `deed` asks for the new secret, which is shown.
#[component]
pub fn Rotate<F, R>(
    open: RwSignal<bool>,
    #[prop(into)] title: String,
    /// What the choice is about.
    #[prop(into)]
    text: String,
    deed: F,
    shown: RwSignal<Option<Shown>>,
    /// Called when there is a new one.
    #[prop(into)]
    done: Callback<()>,
) -> impl IntoView
where
    F: Fn(RotateApiKey, String) -> R + Send + Sync + 'static,
    R: Future<Output = Result<Shown, Failure>> + 'static,
{
    let overlap = RwSignal::new("24".to_owned());
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let options =
        || OVERLAPS.map(|(hours, word)| (hours.to_owned(), t!(&format!("console.keys.{word}")))).to_vec();
    // One key for each thing that was sent: another overlap is a new wish.
    let intent = Memo::new(move |_| {
        overlap.track();
        api::new_intent()
    });
    let rotate = move |_| {
        busy.set(true);
        let wish = RotateApiKey { overlap_hours: overlap.get_untracked().parse().ok() };
        let doing = deed(wish, intent.get_untracked());
        spawn_local(async move {
            let answer = doing.await;
            busy.try_set(false);
            match answer {
                Ok(new) => {
                    done.run(());
                    shown.try_set(Some(new));
                    open.try_set(false);
                }
                Err(why) => {
                    failure.try_set(Some(why));
                }
            }
        });
    };
    view! {
        <Dialog open title>
            <FailureNotice failure/>
            <Select label=text value=overlap options=Signal::derive(options)/>
            <footer class="dialog-foot">
                <Button on_press=move |_| open.set(false)>{tr!("actions.cancel")}</Button>
                <Button kind=Kind::Primary busy on_press=rotate>{tr!("console.keys.rotate")}</Button>
            </footer>
        </Dialog>
    }
}
