//! Giving an application a new secret, and deleting it.

use contract::{Page, keys::RotateApiKey, oauth::OauthClient};
use leptos::{prelude::*, task::spawn_local};
use ui::{
    Failure, Fetched,
    api::{self, staff},
    components::{Button, FailureNotice, Kind},
    t, tr,
};

use super::shown_of;
use crate::pages::access::secret::Shown;
use crate::parts::{dialog::Dialog, select::Select};

#[component]
pub fn Rotate(
    client: OauthClient,
    open: RwSignal<bool>,
    list: Fetched<Page<OauthClient>>,
    shown: RwSignal<Option<Shown>>,
) -> impl IntoView {
    let overlap = RwSignal::new("24".to_owned());
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let options = || {
        let words = [("24", "overlap_day"), ("168", "overlap_week"), ("0", "overlap_now")];
        words.map(|(hours, word)| (hours.to_owned(), t!(&format!("console.keys.{word}")))).to_vec()
    };
    let intent = Memo::new(move |_| {
        overlap.track();
        api::new_intent()
    });
    let id = client.id.to_string();
    let rotate = Callback::new(move |_| {
        let id = id.clone();
        busy.set(true);
        let wish = RotateApiKey { overlap_hours: overlap.get_untracked().parse().ok() };
        spawn_local(async move {
            let answer = staff::applications::rotate(&id, &wish, &intent.get_untracked()).await;
            busy.try_set(false);
            match answer {
                Ok(new) => {
                    list.refetch();
                    shown.try_set(Some(shown_of(new)));
                    open.try_set(false);
                }
                Err(problem) => {
                    failure.try_set(Some(problem));
                }
            }
        });
    });
    view! {
        <Dialog open title=t!("console.applications.rotate_title", name = client.name)>
            <FailureNotice failure/>
            <Select label=Signal::derive(tr!("console.applications.rotate_text")) value=overlap options=Signal::derive(options)/>
            <footer class="dialog-foot">
                <Button on_press=move |_| open.set(false)>{tr!("actions.cancel")}</Button>
                <Button kind=Kind::Primary busy=busy on_press=rotate>{tr!("console.applications.rotate")}</Button>
            </footer>
        </Dialog>
    }
}

#[component]
pub fn Delete(client: OauthClient, open: RwSignal<bool>, list: Fetched<Page<OauthClient>>) -> impl IntoView {
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let id = client.id.to_string();
    let delete = Callback::new(move |_| {
        let id = id.clone();
        busy.set(true);
        spawn_local(async move {
            let answer = staff::applications::delete(&id).await;
            busy.try_set(false);
            match answer {
                Ok(_) => {
                    list.refetch();
                    open.try_set(false);
                }
                Err(problem) => {
                    failure.try_set(Some(problem));
                }
            }
        });
    });
    view! {
        <Dialog open title=t!("console.applications.delete_title", name = client.name)>
            <FailureNotice failure/>
            <p>{tr!("console.applications.delete_text")}</p>
            <footer class="dialog-foot">
                <Button on_press=move |_| open.set(false)>{tr!("actions.cancel")}</Button>
                <Button kind=Kind::Stop busy=busy on_press=delete>{tr!("console.applications.delete")}</Button>
            </footer>
        </Dialog>
    }
}
