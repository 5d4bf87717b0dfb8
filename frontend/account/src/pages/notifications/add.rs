//! Another way to be reached: a phone, or a chat with an organisation's account.

use contract::channels::Channel;
use contract::contact_methods::{AddPhone, ContactLink, ContactOffer};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use ui::api::{self, notifications};
use ui::components::{Button, Field, Kind, Remote};
use ui::format::{Style, here};
use ui::{Failure, fetched, session, t, words};

use super::{Page, channel_word};

/// What an organisation offers.
#[component]
pub fn Add(page: Page) -> impl IntoView {
    let offers = fetched(|| session::me().map(|me| me.id), |_| notifications::offers());
    let chosen = RwSignal::new(None::<ContactOffer>);
    let list = move |offers: Signal<Vec<ContactOffer>>| {
        let offer = move |offer: ContactOffer| view! { <Offer offer chosen/> };
        let none = || view! { <p class="soft">{words("account.notifications.add.none")}</p> };
        view! {
            <Show when=move || !offers.read().is_empty() fallback=none>
                <div class="chips">{move || offers.get().into_iter().map(offer).collect_view()}</div>
            </Show>
        }
    };
    let form = move || {
        chosen.get().map(|offer| match offer.channel {
            Channel::Sms => view! { <Phone offer chosen page/> }.into_any(),
            _ => view! { <Chat offer page/> }.into_any(),
        })
    };
    view! {
        <section class="factor">
            <header><h2>{words("account.notifications.add.title")}</h2></header>
            <p class="soft">{words("account.notifications.add.text")}</p>
            <Remote of=offers view=list/>
            {form}
        </section>
    }
}

#[component]
fn Offer(offer: ContactOffer, chosen: RwSignal<Option<ContactOffer>>) -> impl IntoView {
    let (this, same) = (offer.clone(), offer.clone());
    let on = move || chosen.with(|chosen| chosen.as_ref() == Some(&this));
    let press =
        move |_| chosen.update(|chosen| *chosen = (chosen.as_ref() != Some(&same)).then(|| same.clone()));
    let (channel, organisation) = (offer.channel, offer.organisation);
    let word = move || {
        t!("account.notifications.through", channel = channel_word(channel), organisation = organisation)
    };
    view! {
        <button type="button" class="chip" aria-pressed=move || on().to_string() on:click=press>{word}</button>
    }
}

/// A number, to which a code is sent.
#[component]
fn Phone(offer: ContactOffer, chosen: RwSignal<Option<ContactOffer>>, page: Page) -> impl IntoView {
    let (number, busy) = (RwSignal::new(String::new()), RwSignal::new(false));
    let failure = RwSignal::new(None::<Failure>);
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let wish = AddPhone { org_id: offer.org_id, number: number.get_untracked().trim().to_owned() };
        spawn_local(async move {
            let answer = notifications::add_phone(&wish, &api::new_intent()).await;
            busy.try_set(false);
            failure.try_set(answer.as_ref().err().cloned());
            if page.settle(answer, "account.notifications.said.code_sent").is_some() {
                chosen.try_set(None);
            }
        });
    };
    let error = Signal::derive(move || failure.get().and_then(|failure| failure.field("number")));
    view! {
        <form class="note-form" on:submit=send novalidate>
            <Field label=words("account.notifications.add.number") kind="tel" autocomplete="tel" value=number name="number"
                hint=words("account.notifications.add.number_hint") error required=true/>
            <div><Button kind=Kind::Primary busy>{words("account.notifications.add.send_code")}</Button></div>
        </form>
    }
}

/// A code that is written into the chat.
#[component]
fn Chat(offer: ContactOffer, page: Page) -> impl IntoView {
    let (link, busy) = (RwSignal::new(None::<ContactLink>), RwSignal::new(false));
    let (org, channel) = (offer.org_id, offer.channel);
    let start = move |_| {
        busy.set(true);
        spawn_local(async move {
            let answer = notifications::start_link(org, channel).await;
            busy.try_set(false);
            if let Some(begun) = page.settle(answer, "account.notifications.said.code_made") {
                link.try_set(Some(begun));
            }
        });
    };
    let organisation = offer.organisation;
    let how = move || {
        t!("account.notifications.add.chat", channel = channel_word(channel), organisation = organisation)
    };
    view! {
        <div class="note-form">
            <p>{how}</p>
            {move || match link.get() {
                None => view! {
                    <Button kind=Kind::Primary busy on_press=start>{words("account.notifications.add.make_code")}</Button>
                }.into_any(),
                Some(link) => view! {
                    <p class="note-code">{link.code}</p>
                    <p class="soft">{t!("account.notifications.add.until", when = here(link.expires_at, Style::Full))}</p>
                    <Button on_press=move |_| page.methods.refetch()>{words("account.notifications.add.look")}</Button>
                }.into_any(),
            }}
        </div>
    }
}
