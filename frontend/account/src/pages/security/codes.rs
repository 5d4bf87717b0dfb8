//! Recovery codes: shown once, to be copied, printed or kept as a file.

use contract::factors::{Factors, RecoveryCodes};
use js_sys::Array;
use leptos::prelude::*;
use leptos::task::spawn_local;
use ui::api::factors;
use ui::components::{Button, Glyph, Icon, Kind};
use ui::{t, words};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, HtmlAnchorElement, Url};

use super::{Page, Part};

/// How many are left, and new ones.
#[component]
pub fn Recovery(now: Signal<Factors>, page: Page) -> impl IntoView {
    let busy = RwSignal::new(false);
    let has_factor = move || now.with(|now| now.totp_since.is_some() || !now.passkeys.is_empty());
    let left = move || now.get().recovery_codes_left;
    let renew = move |_| {
        busy.set(true);
        spawn_local(async move {
            let answer = factors::renew_recovery_codes().await;
            busy.try_set(false);
            if let Some(codes) = page.settle(answer) {
                page.codes.try_set(Some(codes));
            }
        });
    };
    view! {
        <Part title=words("account.security.codes.title") on=Signal::derive(move || left() > 0)>
            <p class="soft">{words("account.security.codes.text")}</p>
            {move || if has_factor() {
                view! {
                    <p>{t!("account.security.codes.left", count = left())}</p>
                    <Button busy on_press=renew>{words("account.security.codes.renew")}</Button>
                }.into_any()
            } else {
                view! { <p>{words("account.security.codes.later")}</p> }.into_any()
            }}
        </Part>
    }
}

/// New codes, until the person says they are kept.
#[component]
pub fn ShowCodes(codes: RecoveryCodes, page: Page) -> impl IntoView {
    let copied = RwSignal::new(false);
    let text = StoredValue::new(codes.codes.join("\n") + "\n");
    let copy = move |_| {
        spawn_local(async move { copied.set(put_on_clipboard(&text.get_value()).await) });
    };
    let keep = move |_| {
        if let Err(error) = save(&text.get_value()) {
            leptos::logging::error!("the file was not made: {error:?}");
        }
    };
    let print = move |_| {
        // A browser that cannot print shows nothing; the codes stay on the page.
        let _ = window().print();
    };
    view! {
        <section class="codes" aria-labelledby="codes" tabindex="-1">
            <h2 id="codes">{words("account.security.codes.title")}</h2>
            <p>{words("account.security.codes.keep")}</p>
            <ol>{codes.codes.into_iter().map(|code| view! { <li>{code}</li> }).collect_view()}</ol>
            <div class="factor-deeds">
                <Button on_press=copy>
                    {move || if copied.get() { t!("actions.copied") } else { t!("actions.copy") }}
                </Button>
                <Button on_press=print><Icon glyph=Glyph::Printer/>{words("actions.print")}</Button>
                <Button on_press=keep><Icon glyph=Glyph::Download/>{words("actions.download")}</Button>
                <Button kind=Kind::Primary on_press=move |_| page.codes.set(None)>{words("account.security.codes.kept")}</Button>
            </div>
        </section>
    }
}

/// Whether the browser took it: pages that are not secure have no clipboard.
async fn put_on_clipboard(text: &str) -> bool {
    let put = || -> Result<js_sys::Promise, JsValue> {
        let clipboard = js_sys::Reflect::get(&window().navigator(), &"clipboard".into())?;
        let write: js_sys::Function = js_sys::Reflect::get(&clipboard, &"writeText".into())?.dyn_into()?;
        write.call1(&clipboard, &text.into())?.dyn_into()
    };
    match put() {
        Ok(promise) => wasm_bindgen_futures::JsFuture::from(promise).await.is_ok(),
        Err(_) => false,
    }
}

fn save(text: &str) -> Result<(), JsValue> {
    let blob = Blob::new_with_str_sequence(&Array::of1(&text.into()))?;
    let address = Url::create_object_url_with_blob(&blob)?;
    let link: HtmlAnchorElement = document().create_element("a")?.dyn_into()?;
    link.set_href(&address);
    link.set_download("ringside-recovery-codes.txt");
    link.click();
    Url::revoke_object_url(&address)
}
