//! The authenticator app: offered as a QR code, taken by its first code.

use contract::factors::{Factors, TotpEnrolment};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use ui::api::factors;
use ui::components::{Button, Field, Kind};
use ui::format::{self, Style};
use ui::{t, words};

use super::{Page, Part};

/// Adds or removes the app.
#[component]
pub fn AuthenticatorApp(now: Signal<Factors>, page: Page) -> impl IntoView {
    let offered = RwSignal::new(None::<TotpEnrolment>);
    let busy = RwSignal::new(false);
    let since = move || now.get().totp_since;
    let begin = move |_| {
        busy.set(true);
        spawn_local(async move {
            let answer = factors::start_totp().await;
            busy.try_set(false);
            offered.try_set(page.settle(answer));
        });
    };
    let remove = move |_| {
        busy.set(true);
        spawn_local(async move {
            let answer = factors::remove_totp().await;
            busy.try_set(false);
            page.settle(answer);
        });
    };
    view! {
        <Part title=words("account.security.app.title") on=Signal::derive(move || since().is_some())>
            <p class="soft">{words("account.security.app.text")}</p>
            {move || match (since(), offered.get()) {
                (Some(since), _) => view! {
                    <p>{t!("account.security.since", when = format::here(since, Style::Full))}</p>
                    <Button busy on_press=remove>{words("account.security.app.remove")}</Button>
                }.into_any(),
                (None, Some(offer)) => view! { <Offer offer offered page/> }.into_any(),
                (None, None) => view! {
                    <Button kind=Kind::Primary busy on_press=begin>{words("account.security.app.add")}</Button>
                }.into_any(),
            }}
        </Part>
    }
}

/// What the app needs, and its first code.
#[component]
fn Offer(offer: TotpEnrolment, offered: RwSignal<Option<TotpEnrolment>>, page: Page) -> impl IntoView {
    let (code, busy) = (RwSignal::new(String::new()), RwSignal::new(false));
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let answer = factors::confirm_totp(code.get_untracked()).await;
            busy.try_set(false);
            if let Some(codes) = page.settle(answer) {
                page.codes.try_set(Some(codes));
                offered.try_set(None);
            }
        });
    };
    // From our own server, made of the address alone; it holds no markup of anybody else's.
    let qr = offer.qr.split_once("<svg").map_or_else(String::new, |(_, rest)| format!("<svg{rest}"));
    view! {
        <div class="totp">
            <div class="totp-qr" role="img" aria-label=words("account.security.app.qr") inner_html=qr></div>
            <div>
                <ol>
                    <li>{words("account.security.app.scan")}</li>
                    <li>{words("account.security.app.type")}</li>
                </ol>
                <p class="soft">{words("account.security.app.by_hand")}</p>
                <p class="totp-secret">{offer.secret}</p>
                <form on:submit=send>
                    <Field label=words("proof.field.totp") value=code name="code" autocomplete="one-time-code" required=true/>
                    <div class="factor-deeds">
                        <Button kind=Kind::Primary busy>{words("account.security.app.confirm")}</Button>
                        <Button on_press=move |_| offered.set(None)>{words("actions.cancel")}</Button>
                    </div>
                </form>
            </div>
        </div>
    }
}
