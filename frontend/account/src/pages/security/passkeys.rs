//! Passkeys and security keys: added by the browser, named by the person.

use contract::factors::{AddPasskey, Factors, Passkey};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use ui::api::{self, factors};
use ui::components::{Button, Field, Kind, Notice, Tone};
use ui::format::{self, Style};
use ui::{t, words};

use super::{Page, Part};

/// Lists and adds them.
#[component]
pub fn Passkeys(now: Signal<Factors>, page: Page) -> impl IntoView {
    let keys = move || {
        let row = |passkey| view! { <Row passkey page/> };
        now.get().passkeys.into_iter().map(row).collect_view()
    };
    let any = move || now.with(|now| !now.passkeys.is_empty());
    view! {
        <Part title=words("account.security.passkeys.title") on=Signal::derive(any)>
            <p class="soft">{words("account.security.passkeys.text")}</p>
            <Show when=any><ul class="keys">{keys}</ul></Show>
            {move || match now.get().passkey_origin {
                None => view! { <Notice tone=Tone::Warn>{words("account.security.passkeys.nowhere")}</Notice> }.into_any(),
                Some(origin) if window().location().origin().is_ok_and(|here| here != origin) => view! {
                    <Notice tone=Tone::Warn>
                        {words("account.security.passkeys.elsewhere")} " "
                        <a href=format!("{origin}/account/security") rel="external">{origin.clone()}</a>
                    </Notice>
                }.into_any(),
                Some(_) => view! { <Add page/> }.into_any(),
            }}
        </Part>
    }
}

/// One key: its name, when it was used, another name, the end of it.
#[component]
fn Row(passkey: Passkey, page: Page) -> impl IntoView {
    let renaming = RwSignal::new(false);
    let (name, busy) = (RwSignal::new(passkey.name.clone()), RwSignal::new(false));
    let id = passkey.id;
    let rename = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let answer = factors::rename_passkey(id, name.get_untracked()).await;
            busy.try_set(false);
            page.settle(answer);
        });
    };
    let remove = move |_| {
        busy.set(true);
        spawn_local(async move {
            let answer = factors::remove_passkey(id).await;
            busy.try_set(false);
            page.settle(answer);
        });
    };
    let used = match passkey.last_used_at {
        Some(at) => t!("account.security.passkeys.used", when = format::here(at, Style::Full)),
        None => t!("account.security.since", when = format::here(passkey.created_at, Style::Full)),
    };
    view! {
        <li>
            {move || if renaming.get() {
                view! {
                    <form on:submit=rename>
                        <Field label=words("account.security.passkeys.name") value=name name="name" required=true/>
                        <div class="factor-deeds">
                            <Button kind=Kind::Primary busy>{words("actions.save")}</Button>
                            <Button on_press=move |_| renaming.set(false)>{words("actions.cancel")}</Button>
                        </div>
                    </form>
                }.into_any()
            } else {
                let label = Signal::derive(move || t!("account.security.passkeys.remove", name = name.get()));
                view! {
                    <span><strong>{passkey.name.clone()}</strong><span class="under">{used.clone()}</span></span>
                    <span class="factor-deeds">
                        <Button on_press=move |_| renaming.set(true)>{words("account.security.passkeys.rename")}</Button>
                        <Button kind=Kind::Stop busy label on_press=remove>{words("account.security.remove")}</Button>
                    </span>
                }.into_any()
            }}
        </li>
    }
}

#[component]
fn Add(page: Page) -> impl IntoView {
    let (name, busy) = (RwSignal::new(String::new()), RwSignal::new(false));
    let note = RwSignal::new(None::<&'static str>);
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        note.set(None);
        spawn_local(async move {
            let made = make(name.get_untracked(), page).await;
            busy.try_set(false);
            match made {
                Some(Ok(())) => {
                    name.try_set(String::new());
                }
                Some(Err(key)) => {
                    note.try_set(Some(key));
                }
                None => {}
            }
        });
    };
    view! {
        <form on:submit=send>
            {move || note.get().map(|key| view! { <Notice tone=Tone::Warn>{t!(key)}</Notice> })}
            <Field label=words("account.security.passkeys.name") hint=words("account.security.passkeys.name_hint") value=name
                name="passkey-name" required=true/>
            <div><Button kind=Kind::Primary busy>{words("account.security.passkeys.add")}</Button></div>
        </form>
    }
}

/// Has the browser make a passkey and adds it. `None` when the page tells what went wrong; else the key
/// of what to tell about the browser.
async fn make(name: String, page: Page) -> Option<Result<(), &'static str>> {
    let begun = match factors::start_passkey().await {
        Ok(begun) => begun,
        Err(failure) => {
            page.settle::<()>(Err(failure));
            return None;
        }
    };
    let credential = match ui::passkeys::make(&begun.options).await {
        Ok(credential) => credential,
        Err(none) => return Some(Err(none.text_key())),
    };
    let wish = AddPasskey { enrolment: begun.enrolment, name, credential };
    page.settle(factors::add_passkey(&wish, &api::new_intent()).await).map(|_| Ok(()))
}
