//! The form of an event: its sections, a summary at the side, a bar to save what changed.

mod card;
mod draft;
mod prices;
mod summary;

use contract::{
    Page,
    events::Event,
    venues::{SeatMapSummary, Venue},
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_params_map},
};
use ui::{
    Failure, Fetched,
    api::{self, staff},
    components::{Button, FailureNotice, Field, Glyph, Icon, Kind, Remote},
    fetched, session, t, tr,
};

use crate::parts::{leave::warn_before_leaving, select::Select, words::title};
use card::FightCard;
use draft::{Draft, Fault, LANGUAGES, change, slug_of};
use prices::Prices;
use summary::Summary;

/// The page at `/console/events/new`.
#[component]
pub fn EventNew() -> impl IntoView {
    view! {
        <nav class="crumbs"><a href="/console/events"><Icon glyph=Glyph::ArrowLeft/>{tr!("console.events.title")}</a></nav>
        <h1>{tr!("console.events.new")}</h1>
        <Form before=None/>
    }
}

/// The page at `/console/events/{event_id}/edit`.
#[component]
pub fn EventEdit() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("event_id").unwrap_or_default()));
    let event = fetched(move || id.get(), |id| async move { staff::events::find(&id).await });
    view! {
        <nav class="crumbs">
            <a href=move || format!("/console/events/{}", id.get())>
                <Icon glyph=Glyph::ArrowLeft/>
                {move || event.get().map_or_else(|| t!("console.events.title"), |event| title(&event.texts))}
            </a>
        </nav>
        <h1>{tr!("console.event.edit")}</h1>
        <Remote of=event view={move |event: Signal<Event>| view! { <Form before=Some(event.get_untracked())/> }}/>
    }
}

/// What the parts of the form share.
#[derive(Clone, Copy)]
struct Editor {
    draft: Draft,
    /// The event as it was read; nothing for a new one.
    before: RwSignal<Option<Event>>,
    venue: Signal<Option<Venue>>,
    map: Signal<Option<SeatMapSummary>>,
    faults: RwSignal<Vec<Fault>>,
    failure: RwSignal<Option<Failure>>,
}

impl Editor {
    /// What is wrong with a field, found here or told by the server.
    fn error(self, name: &str) -> Signal<Option<String>> {
        let name = name.to_owned();
        Signal::derive(move || {
            let here = self
                .faults
                .with(|faults| faults.iter().find(|(field, _)| *field == name).map(|(_, text)| text.clone()));
            here.or_else(|| {
                self.failure.with(|failure| failure.as_ref().and_then(|failure| failure.field(&name)))
            })
        })
    }

    fn time_zone(self) -> String {
        let own = self.before.with_untracked(|before| before.as_ref().map(|event| event.time_zone.clone()));
        let venue = || self.venue.with_untracked(|venue| venue.as_ref().map(|venue| venue.time_zone.clone()));
        own.or_else(venue).unwrap_or_else(|| "Asia/Bangkok".to_owned())
    }
}

#[component]
fn Form(before: Option<Event>) -> impl IntoView {
    let draft = before.as_ref().map_or_else(Draft::empty, Draft::of);
    let venues = fetched(session::organisation, |_| async { staff::venues::list().await });
    let venue = Signal::derive(move || {
        let id = draft.venue.get();
        venues.with(|page| page?.items.iter().find(|venue| venue.id.to_string() == id).cloned())
    });
    let maps = RwSignal::new(Vec::<SeatMapSummary>::new());
    read_maps(draft, maps);
    let map = Signal::derive(move || {
        let id = draft.map.get();
        maps.with(|maps| maps.iter().find(|map| map.id.to_string() == id).or_else(|| maps.first()).cloned())
    });
    let editor = Editor {
        draft,
        before: RwSignal::new(before.clone()),
        venue,
        map,
        faults: RwSignal::new(Vec::new()),
        failure: RwSignal::new(None),
    };
    let saved = RwSignal::new(untrack(|| draft.typed()));
    let changed = Memo::new(move |_| draft.typed() != saved.get());
    warn_before_leaving(move || changed.try_get_untracked() == Some(true));
    let save = saving(editor, saved);
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        save.run(());
    };
    let is_new = before.is_none();
    view! {
        <Remote of=venues view={move |_| view! {
            <form class="editor" on:submit=send novalidate>
                <div class="editor-sections">
                    <Texts editor/>
                    <Place editor venues maps/>
                    <FightCard editor/>
                    <Prices editor/>
                </div>
                <Summary editor/>
                <SaveBar editor saved changed save is_new/>
            </form>
        }}/>
    }
}

/// Where and when; the place of an event stays.
#[component]
fn Place(editor: Editor, venues: Fetched<Page<Venue>>, maps: RwSignal<Vec<SeatMapSummary>>) -> impl IntoView {
    let draft = editor.draft;
    let is_new = editor.before.with_untracked(Option::is_none);
    let venue_options = Signal::derive(move || {
        let choose = (String::new(), t!("console.form.choose_venue"));
        let rows = venues.get().map(|page| page.items).unwrap_or_default();
        std::iter::once(choose)
            .chain(rows.into_iter().map(|venue| (venue.id.to_string(), venue.name)))
            .collect()
    });
    let map_options = Signal::derive(move || {
        maps.get()
            .into_iter()
            .map(|map| (map.id.to_string(), format!("{} · {}", map.name, map.seats + map.standing)))
            .collect()
    });
    view! {
        <section class="panel editor-section">
            <h2>{tr!("console.form.place")}</h2>
            <Select label=Signal::derive(tr!("console.form.venue")) value=draft.venue options=venue_options
                error=editor.error("venue_id") disabled=!is_new/>
            <Show when=move || maps.with(|maps| !maps.is_empty())>
                <Select label=Signal::derive(tr!("console.form.map")) value=draft.map options=map_options
                    error=editor.error("seat_map_id") disabled=!is_new/>
            </Show>
            <Times editor/>
        </section>
    }
}

/// Reads the maps of the chosen venue; a new venue means its latest map.
fn read_maps(draft: Draft, maps: RwSignal<Vec<SeatMapSummary>>) {
    Effect::new(move |_| {
        let venue = draft.venue.get();
        if venue.is_empty() {
            maps.set(Vec::new());
            return;
        }
        spawn_local(async move {
            // Without the list the server takes the venue's latest map.
            let found = staff::venues::seat_maps(&venue).await.map(|page| page.items).unwrap_or_default();
            let chosen = draft.map.get_untracked();
            if let Some(latest) =
                found.first().filter(|_| !found.iter().any(|map| map.id.to_string() == chosen))
            {
                draft.map.try_set(latest.id.to_string());
            }
            maps.try_set(found);
        });
    });
}

/// Saves what the form means: a new event, or only what changed.
fn saving(editor: Editor, saved: RwSignal<Vec<String>>) -> Callback<()> {
    let intent = StoredValue::new(api::new_intent());
    let busy = StoredValue::new(false);
    let navigate = use_navigate();
    Callback::new(move |()| {
        if busy.get_value() {
            return;
        }
        let meant = match editor.draft.meant(&editor.time_zone()) {
            Ok(meant) => meant,
            Err(faults) => return editor.faults.set(faults),
        };
        editor.faults.set(Vec::new());
        busy.set_value(true);
        let navigate = navigate.clone();
        spawn_local(async move {
            let before = editor.before.get_untracked();
            let answer = match &before {
                Some(event) => staff::events::update(&event.id.to_string(), &change(event, meant)).await,
                None => staff::events::create(&meant, &intent.get_value()).await,
            };
            busy.try_set_value(false);
            match answer {
                Ok(event) => {
                    editor.failure.try_set(None);
                    editor.draft.fill(&event);
                    saved.try_set(untrack(|| editor.draft.typed()));
                    let path = format!("/console/events/{}", event.id);
                    editor.before.try_set(Some(event));
                    navigate(
                        &path,
                        NavigateOptions { replace: before.is_none(), ..NavigateOptions::default() },
                    );
                }
                Err(failure) => {
                    // Another body is another request: a changed form needs a key of its own.
                    intent.try_set_value(api::new_intent());
                    editor.failure.try_set(Some(failure));
                }
            }
        });
    })
}

/// Titles and descriptions, and the short name that follows the English title until it is typed.
#[component]
fn Texts(editor: Editor) -> impl IntoView {
    let draft = editor.draft;
    let follows = StoredValue::new(draft.slug.with_untracked(String::is_empty));
    Effect::new(move |before: Option<String>| {
        let made = slug_of(&draft.texts[0].title.get());
        let slug = draft.slug.get_untracked();
        if follows.get_value() && before.is_none_or(|before| before == slug) {
            draft.slug.set(made.clone());
        }
        made
    });
    let languages = LANGUAGES.into_iter().zip(draft.texts).map(|(language, lines)| {
        let label = move |what: &'static str| Signal::derive(move || t!(&format!("console.form.{what}_{language}")));
        view! {
            <div class="editor-pair" lang=language>
                <Field label=label("title") value=lines.title name=format!("title_{language}") required=language == "en"/>
                <Field label=label("description") value=lines.description kind="area" name=format!("description_{language}")/>
            </div>
        }
    });
    view! {
        <section class="panel editor-section">
            <h2>{tr!("console.form.texts")}</h2>
            <div class="editor-languages">{languages.collect_view()}</div>
            <p class="field-error" role="alert">{editor.error("texts")}</p>
            <Field label=Signal::derive(tr!("console.form.slug")) value=draft.slug name="slug" required=true
                error=editor.error("slug") hint=Signal::derive(move || format!("/events/{}", draft.slug.get()))/>
        </section>
    }
}

#[component]
fn Times(editor: Editor) -> impl IntoView {
    let draft = editor.draft;
    let zone = move || {
        let own = editor.before.get().map(|event| event.time_zone);
        own.or_else(|| editor.venue.get().map(|venue| venue.time_zone))
    };
    view! {
        <div class="editor-three">
            <Field label=Signal::derive(tr!("console.form.doors")) value=draft.doors kind="datetime-local" name="doors_at"
                required=true error=editor.error("doors_at")/>
            <Field label=Signal::derive(tr!("console.form.starts")) value=draft.starts kind="datetime-local" name="starts_at"
                required=true error=editor.error("starts_at")/>
            <Field label=Signal::derive(tr!("console.form.ends")) value=draft.ends kind="datetime-local" name="ends_at"
                required=true error=editor.error("ends_at")/>
        </div>
        <p class="soft">{move || zone().map(|zone| t!("console.form.zone", zone = zone))}</p>
    }
}

/// Stands at the foot of the window while something is not saved.
#[component]
fn SaveBar(
    editor: Editor,
    saved: RwSignal<Vec<String>>,
    changed: Memo<bool>,
    save: Callback<()>,
    is_new: bool,
) -> impl IntoView {
    let undo = move |_| {
        match editor.before.get_untracked() {
            Some(event) => editor.draft.fill(&event),
            None => editor.draft.clear(),
        }
        saved.set(untrack(|| editor.draft.typed()));
        editor.failure.set(None);
        editor.faults.set(Vec::new());
    };
    view! {
        <Show when=move || changed.get()>
            <div class="save-bar" role="region" aria-label=tr!("console.form.unsaved")>
                <div class="save-bar-text">
                    <p>{tr!("console.form.unsaved")}</p>
                    <FailureNotice failure=editor.failure/>
                    <Show when=move || editor.faults.with(|faults| !faults.is_empty())>
                        <p class="field-error" role="alert">{tr!("console.form.look_at_fields")}</p>
                    </Show>
                </div>
                <Button on_press=undo>{tr!("console.form.undo")}</Button>
                <Button kind=Kind::Primary on_press=move |_| save.run(())>
                    {move || if is_new { t!("console.form.create") } else { t!("console.form.save") }}
                </Button>
            </div>
        </Show>
    }
}
