//! Who looks at an event just now: colleagues by name, guests of its public page as a number.

use contract::live::{LiveMessage, Present};
use leptos::prelude::*;
use ui::{
    format,
    live::{self, News},
    session, t,
};

/// The colleagues who have the event open, and how many guests look at it. Nothing while that is nobody.
#[component]
pub fn PresentNow(event_id: Memo<String>) -> impl IntoView {
    let present = RwSignal::new((Vec::<Present>::new(), 0_u32));
    live::on(
        move || Some(format!("staff:{}", event_id.get())),
        move |news| match news {
            News::Present(message) => match serde_json::from_value(message) {
                Ok(LiveMessage::Present { people, guests, .. }) => present.set((people, guests)),
                other => leptos::logging::warn!("who is present was not understood: {other:?}"),
            },
            News::Fact(_) => {}
            // The server tells it again by itself.
            News::Missed => present.set((Vec::new(), 0)),
        },
    );
    let me = move || session::me().map(|me| me.id);
    let others = move || {
        let me = me();
        present.with(|(people, _)| {
            people.iter().filter(|person| Some(person.id) != me).cloned().collect::<Vec<_>>()
        })
    };
    let guests = move || present.with(|(_, guests)| *guests);
    view! {
        <p class="present soft" role="status">
            {move || {
                let names: Vec<_> = others().into_iter().map(|person| person.name).collect();
                (!names.is_empty()).then(|| view! {
                    <span data-present="people">{t!("console.present.people", names = names.join(", "))}</span>
                })
            }}
            {move || (guests() > 0).then(|| view! {
                <span data-present="guests">{t!("console.present.guests", count = format::number(guests().into()))}</span>
            })}
        </p>
    }
}
