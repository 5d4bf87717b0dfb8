//! One room, and what can be done with it.

use contract::destinations::Destination;
use leptos::prelude::*;
use ui::{
    api::{self, staff},
    components::{Badge, Button, FailureNotice, Kind, Notice, Tone},
    t, tr,
};

use super::room_form::RoomForm;
use super::{Rooms, follow, may_change};
use crate::parts::{channel::Way, sending::Sending, sure::Sure};

/// A row of the list.
#[component]
pub fn Room(room: Destination, rooms: Rooms) -> impl IntoView {
    let (tone, word) = match (&room.fault, room.enabled) {
        (Some(_), _) => (Tone::Stop, "console.channels.faulty"),
        (None, false) => (Tone::Plain, "console.channels.off"),
        (None, true) => (Tone::Ok, "console.channels.on"),
    };
    let topics = room.topics.clone();
    let topics = move || {
        let names: Vec<String> =
            topics.iter().map(|topic| t!(&format!("console.topic.{}", topic.name()))).collect();
        names.join(", ")
    };
    let fault = room.fault.clone();
    let fault_word = if room.enabled { "console.channels.fault" } else { "console.channels.closed" };
    let stored = StoredValue::new(room.clone());
    view! {
        <li class="card">
            <div class="card-text">
                <p class="card-title"><strong>{room.name}</strong><Badge tone>{tr!(word)}</Badge></p>
                <p class="soft"><Way channel=room.channel/>" · "{topics}</p>
                <p><code>{room.shown}</code></p>
                {fault.map(|fault| view! { <Notice tone=Tone::Stop>{t!(fault_word, fault = fault)}</Notice> })}
            </div>
            <Show when=may_change>{move || view! { <Deeds room=stored.get_value() rooms/> }}</Show>
        </li>
    }
}

#[component]
fn Deeds(room: Destination, rooms: Rooms) -> impl IntoView {
    let [editing, removing] = [(); 2].map(|()| RwSignal::new(false));
    let (id, name) = (StoredValue::new(room.id.to_string()), StoredValue::new(room.name.clone()));
    let enabled = room.enabled;
    let stored = StoredValue::new(room);
    let sending = Sending::new();
    let follow = follow();
    let test = move |_| {
        let follow = follow.clone();
        let work = async move { staff::channels::test_room(&id.get_value(), &api::new_intent()).await };
        sending.send(work, move |sent| follow(sent.delivery_id));
    };
    let remove = move || async move { staff::channels::delete_room(&id.get_value()).await };
    view! {
        <p class="deeds">
            {enabled.then(|| view! {
                <Button class="button-small" busy=sending.busy on_press=test>{tr!("console.channels.test")}</Button>
            })}
            <Button class="button-small" on_press=move |_| editing.set(true)>{tr!("console.channels.change")}</Button>
            <Button kind=Kind::Bare class="button-small" on_press=move |_| removing.set(true)>{tr!("console.channels.remove")}</Button>
        </p>
        <FailureNotice failure=sending.failure/>
        <Show when=move || editing.get()><RoomForm open=editing room=Some(stored.get_value()) rooms/></Show>
        <Show when=move || removing.get()>
            <Sure open=removing title=t!("console.channels.remove_title", name = name.get_value())
                text=t!("console.channels.remove_room_text") word=t!("console.channels.remove") deed=remove
                done=move |()| rooms.refetch()/>
        </Show>
    }
}
