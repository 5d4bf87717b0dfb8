//! How the person is reached, what reaches them, and when they want quiet.

mod add;
mod browser;
mod matrix;
mod methods;
mod quiet;
mod this_browser;

use contract::channels::Channel;
use contract::contact_methods::{ContactMethod, NotificationPreferences};
use leptos::prelude::*;
use ui::api::notifications;
use ui::components::{FailureNotice, Remote, Title};
use ui::{Failure, Fetched, fetched, session, t, words};

use add::Add;
use matrix::Matrix;
use methods::Methods;
use quiet::Quiet;
use this_browser::ThisBrowser;

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub struct Page {
    methods: Fetched<Vec<ContactMethod>>,
    preferences: Fetched<NotificationPreferences>,
    failure: RwSignal<Option<Failure>>,
    /// What was done, said to those who do not see it.
    said: RwSignal<Option<&'static str>>,
}

impl Page {
    /// Shows what came of a change of the methods: what is true now, or why it was refused.
    fn settle<T>(self, answer: Result<T, Failure>, done: &'static str) -> Option<T> {
        self.methods.refetch();
        match answer {
            Ok(value) => {
                self.failure.try_set(None);
                self.said.try_set(Some(done));
                Some(value)
            }
            Err(failure) => {
                self.said.try_set(None);
                self.failure.try_set(Some(failure));
                None
            }
        }
    }
}

/// The word for a channel.
fn channel_word(channel: Channel) -> String {
    t!(&format!("account.notifications.channel.{}", channel.name()))
}

/// The page at `/account/notifications`.
#[component]
pub fn Notifications() -> impl IntoView {
    let who = || session::me().map(|me| me.id);
    let page = Page {
        methods: fetched(who, |_| notifications::methods()),
        preferences: fetched(who, |_| notifications::preferences()),
        failure: RwSignal::new(None),
        said: RwSignal::new(None),
    };
    let failure = page.failure;
    let ways = move |list: Signal<Vec<ContactMethod>>| {
        view! { <ThisBrowser list page/> <Methods list page/> <Add page/> }
    };
    let choices = move |now: Signal<NotificationPreferences>| view! { <Matrix now page/> <Quiet now page/> };
    view! {
        <Title text=words("account.notifications.title")/>
        <h1>{words("account.notifications.title")}</h1>
        <p class="soft">{words("account.notifications.text")}</p>
        <FailureNotice failure/>
        <p class="note-said" role="status">{move || page.said.get().map(|key| t!(key))}</p>
        <Remote of=page.methods view=ways/>
        <Remote of=page.preferences view=choices/>
    }
}
