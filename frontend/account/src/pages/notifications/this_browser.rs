//! Notifications in the browser at hand: on, off, or why not.

use contract::contact_methods::ContactMethod;
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use ui::api::{self, notifications};
use ui::components::{Badge, Button, Glyph, Icon, Kind, Notice, Tone};
use ui::this_browser::{method as mine, remember};
use ui::words;

use super::Page;
use super::browser::{self, Permission};

/// The part about this browser.
#[component]
pub fn ThisBrowser(list: Signal<Vec<ContactMethod>>, page: Page) -> impl IntoView {
    let permission = RwSignal::new(browser::permission());
    let (subscribed, busy) = (RwSignal::new(true), RwSignal::new(false));
    let unreached = RwSignal::new(false);
    spawn_local(async move {
        subscribed.try_set(browser::subscribed().await);
    });
    let known = move || {
        let mine = mine()?;
        list.get().into_iter().find(|method| method.id == mine && method.gone_at.is_none())
    };
    let on = Signal::derive(move || {
        permission.get() == Permission::Granted && subscribed.get() && known().is_some()
    });
    let switch_on = move |_| {
        busy.set(true);
        unreached.set(false);
        spawn_local(async move {
            let now = browser::ask().await;
            permission.try_set(now);
            if now == Permission::Granted {
                unreached.try_set(!add(page).await);
                subscribed.try_set(browser::subscribed().await);
            }
            busy.try_set(false);
        });
    };
    let switch_off = move |_| {
        busy.set(true);
        spawn_local(async move {
            browser::unsubscribe().await;
            if let Some(id) = mine() {
                page.settle(notifications::remove(id).await, "account.notifications.said.off");
                remember(None);
            }
            subscribed.try_set(false);
            busy.try_set(false);
        });
    };
    let test = move |_| {
        let Some(id) = mine() else { return };
        busy.set(true);
        spawn_local(async move {
            let answer = notifications::test(id, &api::new_intent()).await;
            page.settle(answer, "account.notifications.said.tested");
            busy.try_set(false);
        });
    };
    view! {
        <section class="factor">
            <header>
                <h2 class="with-sign"><Icon glyph=Glyph::Bell/> {words("account.notifications.here.title")}</h2>
                {move || if on.get() {
                    view! { <Badge tone=Tone::Ok>{words("account.security.on")}</Badge> }
                } else {
                    view! { <Badge>{words("account.security.off")}</Badge> }
                }}
            </header>
            <p class="soft">{words("account.notifications.here.text")}</p>
            {move || unreached.get().then(|| view! {
                <Notice tone=Tone::Warn>{words("account.notifications.here.no_service")}</Notice>
            })}
            <Offer permission on busy switch_on=Callback::new(switch_on) switch_off=Callback::new(switch_off) test=Callback::new(test)/>
        </section>
    }
}

/// What can be done here, or why nothing can.
#[component]
fn Offer(
    permission: RwSignal<Permission>,
    on: Signal<bool>,
    busy: RwSignal<bool>,
    switch_on: Callback<MouseEvent>,
    switch_off: Callback<MouseEvent>,
    test: Callback<MouseEvent>,
) -> impl IntoView {
    move || {
        match (permission.get(), on.get()) {
        (Permission::Unsupported, _) => view! {
            <Notice>{words("account.notifications.here.unsupported")}</Notice>
        }.into_any(),
        (Permission::OnHomeScreenOnly, _) => view! {
            <Notice>{words("account.notifications.here.home_screen")}</Notice>
        }.into_any(),
        (Permission::Denied, _) => view! {
            <Notice tone=Tone::Warn>{words("account.notifications.here.denied")}</Notice>
        }.into_any(),
        (_, true) => view! {
            <div class="factor-deeds">
                <Button busy on_press=test>{words("account.notifications.test")}</Button>
                <Button busy on_press=switch_off>{words("account.notifications.here.switch_off")}</Button>
            </div>
        }.into_any(),
        (_, false) => view! {
            <Button kind=Kind::Primary busy on_press=switch_on>{words("account.notifications.here.switch_on")}</Button>
        }.into_any(),
    }
    }
}

/// Subscribes and tells the server; `false` when the browser did not reach its push service.
async fn add(page: Page) -> bool {
    let key = match notifications::push_key().await {
        Ok(key) => key,
        Err(failure) => {
            page.settle::<()>(Err(failure), "");
            return true;
        }
    };
    let Ok(wish) = browser::subscribe_with(&key).await else { return false };
    let answer = notifications::add_browser(&wish).await;
    if let (Ok(method), Some(before)) = (&answer, mine())
        && method.id != before
    {
        // What this browser was before leads nowhere any more; if it is gone already, so much the better.
        let _ = notifications::remove(before).await;
    }
    if let Some(method) = page.settle(answer, "account.notifications.said.on") {
        remember(Some(method.id));
    }
    true
}
