//! What reaches the person, and how: topics below each other, ways beside each other.

use contract::channels::{Channel, Topic};
use contract::contact_methods::{
    ChannelPreference, ContactMethod, NotificationPreferences, PreferenceChange, TopicPreference,
};
use leptos::prelude::*;
use leptos::task::spawn_local;
use ui::api::notifications;
use ui::components::{Button, Kind};
use ui::{t, words};

use super::{Page, channel_word};

/// The table. What is changed is kept at once, and can be taken back.
#[component]
pub fn Matrix(now: Signal<NotificationPreferences>, page: Page) -> impl IntoView {
    let last = RwSignal::new(None::<PreferenceChange>);
    // Mail, and what the person has added.
    let shown = Memo::new(move |_| {
        let has = |channel: Channel| {
            let leads = |it: &ContactMethod| {
                it.channel == channel && it.verified_at.is_some() && it.gone_at.is_none()
            };
            page.methods.with(|list| list.is_some_and(|list| list.iter().any(leads)))
        };
        let ways = Channel::ALL.iter().copied().filter(|channel| channel.to_a_person());
        ways.filter(|channel| *channel == Channel::Email || has(*channel)).collect::<Vec<_>>()
    });
    let keep = Callback::new(move |change: PreferenceChange| {
        spawn_local(async move {
            match notifications::change(vec![change]).await {
                Ok(kept) => {
                    page.preferences.set(kept);
                    page.failure.try_set(None);
                    last.try_set(Some(change));
                }
                Err(failure) => {
                    // The box must show what is true.
                    page.preferences.refetch();
                    page.failure.try_set(Some(failure));
                }
            }
        });
    });
    let undo = move |_| {
        if let Some(change) = last.get_untracked() {
            keep.run(PreferenceChange { wanted: !change.wanted, ..change });
        }
    };
    let heads = move || {
        let head = |channel: Channel| view! { <th scope="col" role="columnheader">{move || channel_word(channel)}</th> };
        shown.get().into_iter().map(head).collect_view()
    };
    let rows =
        move || now.get().topics.into_iter().map(|topic| view! { <Row topic shown keep/> }).collect_view();
    view! {
        <section class="factor">
            <header><h2>{words("account.notifications.what.title")}</h2></header>
            <p class="soft">{words("account.notifications.what.text")}</p>
            <table class="note-matrix" role="table">
                <thead role="rowgroup"><tr role="row">
                    <th scope="col" role="columnheader">{words("account.notifications.what.topic")}</th>
                    {heads}
                </tr></thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
            <p class="note-kept" role="status">
                {move || last.get().map(|_| view! {
                    <span>{words("account.notifications.what.kept")}</span>
                    <Button kind=Kind::Bare on_press=undo>{words("account.notifications.what.undo")}</Button>
                })}
            </p>
        </section>
    }
}

fn topic_word(topic: Topic) -> String {
    t!(&format!("account.notifications.topic.{}", topic.name()))
}

#[component]
fn Row(topic: TopicPreference, shown: Memo<Vec<Channel>>, keep: Callback<PreferenceChange>) -> impl IntoView {
    let (about, urgent, channels) = (topic.topic, topic.urgent, StoredValue::new(topic.channels));
    let cells = move || {
        let of = |channel: &Channel| {
            channels.with_value(|all| all.iter().copied().find(|it| it.channel == *channel))
        };
        let shown = shown.get();
        shown.iter().filter_map(of).map(|way| view! { <Cell about way keep/> }).collect_view()
    };
    let more = format!("account.notifications.topic.{}_text", about.name());
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">
                {move || topic_word(about)}
                <span class="under">{move || t!(&more)}</span>
                {urgent.then(|| view! { <span class="under">{words("account.notifications.what.urgent")}</span> })}
            </th>
            {cells}
        </tr>
    }
}

#[component]
fn Cell(about: Topic, way: ChannelPreference, keep: Callback<PreferenceChange>) -> impl IntoView {
    let ChannelPreference { channel, wanted, always } = way;
    let label = move || {
        t!("account.notifications.what.cell", topic = topic_word(about), channel = channel_word(channel))
    };
    let change = move |event| {
        keep.run(PreferenceChange { topic: about, channel, wanted: event_target_checked(&event) });
    };
    view! {
        <td role="cell">
            {if always {
                view! { <span class="note-always">{words("account.notifications.what.always")}</span> }.into_any()
            } else {
                view! {
                    <label class="toggle">
                        <input type="checkbox" aria-label=label prop:checked=wanted on:change=change/>
                        <span class="note-way" aria-hidden="true">{move || channel_word(channel)}</span>
                    </label>
                }.into_any()
            }}
            {always.then(|| view! { <span class="note-way">{move || channel_word(channel)}</span> })}
        </td>
    }
}
