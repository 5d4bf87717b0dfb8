//! Where the person is signed in.

use contract::people::Device;
use leptos::prelude::*;
use leptos::task::spawn_local;
use ui::components::{Badge, Button, FailureNotice, Kind, Remote, Title, Tone};
use ui::format::{Style, here};
use ui::{Failure, Fetched, api, fetched, i18n, session, t, words};

/// The page at `/account/devices`.
#[component]
pub fn Devices() -> impl IntoView {
    let devices = fetched(i18n::locale, |_| async { api::people::devices().await.map(|page| page.items) });
    view! {
        <Title text=words("account.devices.title")/>
        <h1>{words("account.devices.title")}</h1>
        <p class="soft">{words("account.devices.text")}</p>
        <Remote of=devices view={move |list: Signal<Vec<Device>>| view! { <List list devices/> }}/>
    }
}

#[component]
fn List(list: Signal<Vec<Device>>, devices: Fetched<Vec<Device>>) -> impl IntoView {
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let others = move |_| {
        busy.set(true);
        spawn_local(async move {
            failure.try_set(api::people::end_other_sessions().await.err());
            busy.try_set(false);
            devices.refetch();
        });
    };
    view! {
        <FailureNotice failure/>
        <ul class="account-rows">
            {move || list.get().into_iter().map(|device| view! { <Row device devices failure/> }).collect_view()}
        </ul>
        <Show when=move || { list.read().len() > 1 } fallback=|| view! { <p class="soft">{words("account.devices.one")}</p> }>
            <Button kind=Kind::Stop on_press=others busy>{words("account.devices.others")}</Button>
        </Show>
    }
}

#[component]
fn Row(device: Device, devices: Fetched<Vec<Device>>, failure: RwSignal<Option<Failure>>) -> impl IntoView {
    let (id, current) = (device.id, device.current);
    let busy = RwSignal::new(false);
    let end = move |_| {
        busy.set(true);
        spawn_local(async move {
            if current {
                ui::this_browser::forget().await;
                session::sign_out().await;
                return;
            }
            failure.try_set(api::people::end_session(id).await.err());
            busy.try_set(false);
            devices.refetch();
        });
    };
    let name = if device.device.is_empty() { t!("account.devices.unknown") } else { device.device };
    let city: Vec<_> = [device.city, device.country].into_iter().flatten().collect();
    let city = if city.is_empty() { String::new() } else { format!(" ({})", city.join(", ")) };
    let ip = device.ip.map(|ip| t!("account.devices.from", ip = format!("{ip}{city}"))).unwrap_or_default();
    view! {
        <li class="account-row">
            <div>
                <p class="account-row-name">
                    {name} " " {current.then(|| view! { <Badge tone=Tone::Ok>{words("account.devices.this")}</Badge> })}
                </p>
                <p class="soft">
                    {t!("account.devices.used", when = here(device.last_used_at, Style::Full))} " " {ip} " · "
                    {t!("account.devices.since", when = here(device.created_at, Style::Full))}
                </p>
            </div>
            <Button on_press=end busy>{words("account.devices.end")}</Button>
        </li>
    }
}
