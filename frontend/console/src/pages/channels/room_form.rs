//! Setting a room up, or changing it.

use contract::{
    channels::{Channel, Topic},
    destinations::{Destination, Severity, WriteDestination},
};
use leptos::{ev::SubmitEvent, prelude::*};
use ui::{
    Failure,
    api::{self, staff},
    components::{Field, Toggle},
    t, tr,
};

use super::Rooms;
use crate::parts::{channel::key, dialog::Dialog, form_end::FormEnd, select::Select, sending::Sending};

/// What the form is filled with.
#[derive(Clone, Copy)]
struct Draft {
    channel: RwSignal<String>,
    name: RwSignal<String>,
    address: RwSignal<String>,
    severity: RwSignal<String>,
    api: RwSignal<String>,
    enabled: RwSignal<bool>,
    topics: StoredValue<Vec<(Topic, RwSignal<bool>)>>,
}

/// What is told in rooms.
fn for_rooms() -> impl Iterator<Item = Topic> {
    Topic::ALL.iter().copied().filter(|topic| topic.for_staff())
}

impl Draft {
    fn of(room: Option<&Destination>) -> Self {
        // A new room is told everything.
        let told = |topic: &Topic| room.is_none_or(|room| room.topics.contains(topic));
        let severity = room.and_then(|room| room.severity).unwrap_or(Severity::Error);
        let channel = room.map_or(Channel::Slack, |room| room.channel);
        Self {
            channel: RwSignal::new(channel.name().to_owned()),
            name: RwSignal::new(room.map(|room| room.name.clone()).unwrap_or_default()),
            address: RwSignal::new(String::new()),
            severity: RwSignal::new(severity.name().to_owned()),
            api: RwSignal::new(room.and_then(|room| room.api.clone()).unwrap_or_default()),
            enabled: RwSignal::new(room.is_none_or(|room| room.enabled)),
            topics: StoredValue::new(for_rooms().map(|topic| (topic, RwSignal::new(told(&topic)))).collect()),
        }
    }

    /// Where the room is. Tracks.
    fn channel(self) -> Channel {
        self.channel.with(|name| Channel::from_name(name)).unwrap_or(Channel::Slack)
    }

    /// What is wished. Tracks.
    fn wish(self) -> WriteDestination {
        let filled = |value: RwSignal<String>| {
            let value = value.get().trim().to_owned();
            (!value.is_empty()).then_some(value)
        };
        let channel = self.channel();
        let alerts = channel == Channel::Pagerduty;
        let topics = self
            .topics
            .with_value(|topics| topics.iter().filter(|(_, on)| on.get()).map(|(topic, _)| *topic).collect());
        WriteDestination {
            channel,
            name: self.name.get().trim().to_owned(),
            topics,
            address: filled(self.address),
            severity: if alerts { self.severity.with(|name| Severity::from_name(name)) } else { None },
            api: if alerts { filled(self.api) } else { None },
            enabled: self.enabled.get(),
        }
    }
}

#[component]
pub fn RoomForm(open: RwSignal<bool>, room: Option<Destination>, rooms: Rooms) -> impl IntoView {
    let draft = Draft::of(room.as_ref());
    let sending = Sending::new();
    // One key for each thing that was sent: a form that was mended is a new wish.
    let wish = Memo::new(move |_| (draft.wish(), api::new_intent()));
    let id = room.map(|room| room.id.to_string());
    let is_new = id.is_none();
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        let ((wish, intent), id) = (wish.get_untracked(), id.clone());
        let work = async move { send_it(id.as_deref(), wish, &intent).await };
        sending.send(work, move |()| {
            rooms.refetch();
            open.try_set(false);
        });
    };
    let title = if is_new { t!("console.channels.new_room") } else { t!("console.channels.change_room") };
    view! {
        <Dialog open title class="dialog dialog-wide">
            <form class="form" on:submit=send novalidate>
                <Fields draft sending is_new/>
                <Told draft sending/>
                {(!is_new).then(|| view! {
                    <Toggle label=Signal::derive(tr!("console.channels.room_enabled")) value=draft.enabled/>
                })}
                <FormEnd failure=sending.failure busy=sending.busy open word="actions.save"/>
            </form>
        </Dialog>
    }
}

async fn send_it(id: Option<&str>, wish: WriteDestination, intent: &str) -> Result<(), Failure> {
    match id {
        None => staff::channels::create_room(&wish, intent).await.map(|_| ()),
        Some(id) => staff::channels::update_room(id, &wish).await.map(|_| ()),
    }
}

#[component]
fn Fields(draft: Draft, sending: Sending, is_new: bool) -> impl IntoView {
    let places: Signal<Vec<(String, String)>> = Signal::derive(|| {
        let teams = Channel::ALL.iter().filter(|channel| channel.to_a_team());
        teams.map(|channel| (channel.name().to_owned(), t!(&key(*channel)))).collect()
    });
    let severities: Signal<Vec<(String, String)>> = Signal::derive(|| {
        let word = |severity: Severity| t!(&format!("console.channels.severities.{}", severity.name()));
        Severity::ALL.into_iter().map(|severity| (severity.name().to_owned(), word(severity))).collect()
    });
    let alerts = move || draft.channel() == Channel::Pagerduty;
    let label =
        move || if alerts() { t!("console.channels.routing_key") } else { t!("console.channels.address") };
    let hint = move || {
        if is_new {
            t!(&format!("console.channels.rooms_about.{}", draft.channel().name()))
        } else {
            t!("console.channels.keeps")
        }
    };
    view! {
        {is_new.then(|| view! {
            <Select label=Signal::derive(tr!("console.channels.where")) value=draft.channel options=places error=sending.fault("channel")/>
        })}
        <Field label=Signal::derive(tr!("console.channels.name")) name="name" value=draft.name required=true
            hint=Signal::derive(tr!("console.channels.name_hint")) error=sending.fault("name")/>
        <Field label=Signal::derive(label) name="address" kind="password" value=draft.address required=is_new autocomplete="off"
            hint=Signal::derive(hint) error=sending.fault("address")/>
        <Show when=alerts>
            <Select label=Signal::derive(tr!("console.channels.severity")) value=draft.severity options=severities/>
            <Field label=Signal::derive(tr!("console.channels.fields.api")) name="api" value=draft.api
                hint=Signal::derive(tr!("console.channels.hints.events_api")) error=sending.fault("api")/>
        </Show>
    }
}

/// What is told there.
#[component]
fn Told(draft: Draft, sending: Sending) -> impl IntoView {
    let rows = draft.topics.with_value(|topics| {
        let row = |(topic, on): &(Topic, RwSignal<bool>)| {
            let (word, says) =
                (format!("console.topic.{}", topic.name()), format!("console.topic_text.{}", topic.name()));
            view! {
                <div class="hook-pick">
                    <Toggle label=Signal::derive(move || t!(&word)) value=*on/>
                    <span class="soft">{move || t!(&says)}</span>
                </div>
            }
        };
        topics.iter().map(row).collect_view()
    });
    let error = sending.fault("topics");
    view! {
        <fieldset class="hook-picks">
            <legend class="field-label">{tr!("console.channels.told")}</legend>
            {rows}
            <p class="field-error" role="alert">{move || error.get()}</p>
        </fieldset>
    }
}
