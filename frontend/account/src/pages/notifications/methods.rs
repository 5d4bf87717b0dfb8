//! The list of all ways to reach the person.

use contract::channels::Channel;
use contract::contact_methods::ContactMethod;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use ui::api::{self, notifications};
use ui::components::{Badge, Button, Field, Glyph, Icon, Kind, Tone};
use ui::format::{Style, here};
use ui::{t, words};

use super::{Page, channel_word};
use ui::this_browser::method as mine;

/// Lists them.
#[component]
pub fn Methods(list: Signal<Vec<ContactMethod>>, page: Page) -> impl IntoView {
    let rows = move || list.get().into_iter().map(|method| view! { <Row method page/> }).collect_view();
    let none = || view! { <p class="soft">{words("account.notifications.methods.none")}</p> };
    view! {
        <section class="factor">
            <header><h2>{words("account.notifications.methods.title")}</h2></header>
            <p class="soft with-sign"><Icon glyph=Glyph::Mail/> {words("account.notifications.methods.mail")}</p>
            <Show when=move || !list.read().is_empty() fallback=none><ul class="keys">{rows}</ul></Show>
        </section>
    }
}

/// Where a method stands.
fn state(method: &ContactMethod) -> (Tone, &'static str) {
    match (method.gone_at, method.verified_at, method.channel) {
        (Some(_), ..) => (Tone::Warn, "account.notifications.state.gone"),
        (None, None, _) => (Tone::Plain, "account.notifications.state.unproved"),
        _ => (Tone::Ok, "account.notifications.state.ready"),
    }
}

/// One of them: what it is, how it stands, a test, the end of it.
#[component]
fn Row(method: ContactMethod, page: Page) -> impl IntoView {
    let (id, busy) = (method.id, RwSignal::new(false));
    let (tone, word) = state(&method);
    let (unproved, ready) = (method.verified_at.is_none(), tone == Tone::Ok);
    let remove = move |_| {
        busy.set(true);
        spawn_local(async move {
            page.settle(notifications::remove(id).await, "account.notifications.said.removed");
            busy.try_set(false);
        });
    };
    let test = move |_| {
        busy.set(true);
        spawn_local(async move {
            let answer = notifications::test(id, &api::new_intent()).await;
            page.settle(answer, "account.notifications.said.tested");
            busy.try_set(false);
        });
    };
    let this = mine() == Some(id) && method.channel == Channel::WebPush;
    let (name, through) = (method.shown.clone(), method.organisation.clone());
    let label = move |key: &'static str| {
        let name = name.clone();
        Signal::derive(move || t!(key, name = name))
    };
    let channel = method.channel;
    let about = move || match &through {
        Some(organisation) => {
            t!("account.notifications.through", channel = channel_word(channel), organisation = organisation)
        }
        None => channel_word(channel),
    };
    let gone = method.gone_at.map(|at| t!("account.notifications.gone_since", when = here(at, Style::Full)));
    view! {
        <li>
            <span>
                <strong>{method.shown.clone()}</strong> " "
                <Badge tone>{words(word)}</Badge>
                {this.then(|| view! { " " <Badge>{words("account.notifications.here.this")}</Badge> })}
                <span class="under">{about} {gone.map(|gone| format!(". {gone}"))}</span>
            </span>
            <span class="factor-deeds">
                {ready.then(|| view! {
                    <Button busy label=label("account.notifications.test_named") on_press=test>
                        {words("account.notifications.test")}
                    </Button>
                })}
                <Button kind=Kind::Stop busy label=label("account.security.passkeys.remove") on_press=remove>
                    {words("account.security.remove")}
                </Button>
            </span>
            {(unproved && method.gone_at.is_none()).then(|| view! { <div class="row-ask"><Code id page/></div> })}
        </li>
    }
}

/// Asks for the code that was sent to a phone.
#[component]
fn Code(id: uuid::Uuid, page: Page) -> impl IntoView {
    let (code, busy) = (RwSignal::new(String::new()), RwSignal::new(false));
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let answer = notifications::confirm(id, code.get_untracked()).await;
            busy.try_set(false);
            page.settle(answer, "account.notifications.said.proved");
        });
    };
    view! {
        <form on:submit=send>
            <Field label=words("account.notifications.code") value=code name="contact-code" autocomplete="one-time-code"
                hint=words("account.notifications.code_hint") required=true/>
            <div><Button kind=Kind::Primary busy>{words("account.notifications.confirm")}</Button></div>
        </form>
    }
}
