//! The scanner: a full screen that reads tickets at a gate, one after the other, without a tap.

mod answer;
mod camera;
mod post;
mod sound;
mod wedge;

use std::time::Duration;

use contract::scans::RecordScan;
use domain::Permission;
use leptos::{html, prelude::*, task::spawn_local};
use ui::{
    Failure,
    api::{self, staff},
    browser, format, live, session, t, tr,
};

use answer::{Answer, AnswerScreen};
use camera::{Camera, CameraState};
pub use post::zones;
use post::{ChoosePost, Post};
use sound::Speaker;

/// A camera sees a code many times; the same one again within this time is the same reading.
const SAME_READING_MS: i64 = 5_000;
/// Admissions at other gates are counted together when they come within this time.
const GATHER: Duration = Duration::from_secs(1);
/// While there is no connection, the server is asked this often.
const ASK_AGAIN: Duration = Duration::from_secs(3);

/// The page at `/console/scan`.
#[component]
pub fn ScanPage() -> impl IntoView {
    let post = RwSignal::new(Post::remembered());
    let allowed = move || session::can_somewhere(Permission::ScansRecord);
    view! {
        <Show when=allowed fallback=|| view! { <crate::shell::NotAllowed/> }>
            {move || match post.get() {
                Some(here) => view! { <Reading post=here leave=Callback::new(move |()| post.set(None))/> }.into_any(),
                None => view! { <ChoosePost chosen=Callback::new(move |there| post.set(Some(there)))/> }.into_any(),
            }}
        </Show>
    }
}

/// What one scanner knows and does.
#[derive(Clone, Copy)]
struct Scanner {
    post: StoredValue<Post>,
    answer: RwSignal<Option<Answer>>,
    admitted: RwSignal<Option<i64>>,
    online: RwSignal<bool>,
    busy: RwSignal<bool>,
    shown: StoredValue<u32>,
    seen: StoredValue<Option<(String, i64)>>,
    counting: StoredValue<bool>,
    speaker: Speaker,
}

impl Scanner {
    fn new(post: Post) -> Self {
        Self {
            post: StoredValue::new(post),
            answer: RwSignal::new(None),
            admitted: RwSignal::new(None),
            online: RwSignal::new(true),
            busy: RwSignal::new(false),
            shown: StoredValue::new(0),
            seen: StoredValue::new(None),
            counting: StoredValue::new(false),
            speaker: Speaker::new(),
        }
    }

    /// The camera sees `code`; the same code is read once while it stays in view.
    fn seen(self, code: String) {
        let now = browser::now().timestamp_millis();
        let same = self.seen.try_update_value(|seen| {
            let same = seen.as_ref().is_some_and(|(last, at)| *last == code && now - at < SAME_READING_MS);
            *seen = Some((code.clone(), now));
            same
        });
        if same == Some(false) {
            self.read(code);
        }
    }

    /// Asks the server about `code` and shows the answer.
    fn read(self, code: String) {
        if code.trim().is_empty() || self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        let reading =
            self.post.with_value(|post| RecordScan { event_id: post.event_id, gate_id: post.gate_id, code });
        spawn_local(async move {
            let result = staff::scans::record(&reading, &api::new_intent()).await;
            if let Ok(scan) = &result {
                self.admitted.try_set(Some(scan.admitted));
            }
            if matches!(result, Err(Failure::Offline)) {
                self.lost_connection();
            }
            let time_zone = self.post.try_with_value(|post| post.time_zone.clone()).unwrap_or_default();
            self.show(Answer::to(&result, &time_zone));
            self.busy.try_set(false);
        });
    }

    fn show(self, answer: Answer) {
        self.speaker.say(answer.tone);
        let stays = Duration::from_millis(answer.tone.stays_ms());
        self.answer.try_set(Some(answer));
        let mine = self.shown.try_update_value(|shown| {
            *shown += 1;
            *shown
        });
        set_timeout(
            move || {
                if mine.is_some() && self.shown.try_get_value() == mine {
                    self.answer.try_set(None);
                }
            },
            stays,
        );
    }

    /// Shows the band and asks until the server answers again.
    fn lost_connection(self) {
        if self.online.try_get_untracked() != Some(true) {
            return;
        }
        self.online.set(false);
        spawn_local(async move {
            while self.online.try_get_untracked() == Some(false) {
                browser::pause(ASK_AGAIN).await;
                self.ask().await;
            }
        });
    }

    /// Keeps the counter moving with what other gates read, for those who may see figures.
    fn follow(self) {
        let topic = move || {
            session::can_somewhere(Permission::FiguresRead)
                .then(|| self.post.with_value(|post| format!("sales:{}", post.event_id)))
        };
        live::on(topic, move |_| {
            if self.counting.try_get_value() != Some(false) {
                return;
            }
            self.counting.set_value(true);
            spawn_local(async move {
                browser::pause(GATHER).await;
                self.counting.try_set_value(false);
                self.ask().await;
            });
        });
    }

    /// Reads how many are inside, and with it whether the server answers.
    async fn ask(self) {
        let Some(event) = self.post.try_with_value(|post| post.event_id.to_string()) else { return };
        let answered = if session::can_somewhere(Permission::FiguresRead) {
            let figures = staff::events::figures(&event).await;
            if let Ok(figures) = &figures {
                self.admitted.try_set(Some(figures.admitted.into()));
            }
            !matches!(figures, Err(Failure::Offline))
        } else {
            !matches!(staff::events::find(&event).await, Err(Failure::Offline))
        };
        self.online.try_set(answered);
    }
}

#[component]
fn Reading(post: Post, leave: Callback<()>) -> impl IntoView {
    let scanner = Scanner::new(post.clone());
    wedge::listen(move |code| scanner.read(code));
    spawn_local(scanner.ask());
    scanner.follow();
    let video = NodeRef::<html::Video>::new();
    let camera = RwSignal::new(None::<Camera>);
    video.on_load(move |video| camera.set(Some(Camera::open(video, move |code| scanner.seen(code)))));
    view! {
        <main class="scan" id="main">
            <h1 class="unseen">{tr!("console.scan.title")}</h1>
            <video class="scan-video" node_ref=video muted playsinline aria-hidden="true"></video>
            <div class="scan-frame" aria-hidden="true"></div>
            <header class="scan-top">
                <button type="button" class="scan-post" on:click=move |_| leave.run(())>
                    <span class="scan-post-gate">{post.gate.clone()}</span>
                    <span class="scan-post-event">{std::format!("{} · {}", post.event, post::zones(&post.zones))}</span>
                    <span class="unseen">{tr!("console.scan.change")}</span>
                </button>
                <p class="scan-count">
                    <span class="scan-count-number" data-admitted>
                        {move || scanner.admitted.get().map_or_else(|| "–".to_owned(), format::number)}
                    </span>
                    <span class="scan-count-word">{tr!("console.scan.inside")}</span>
                </p>
            </header>
            <Band scanner=scanner/>
            <Trouble camera=camera/>
            <AnswerScreen
                answer=scanner.answer.into()
                dismiss=Callback::new(move |()| scanner.answer.set(None))
            />
            <footer class="scan-bottom">
                <Lamp camera=camera/>
                <Typed scanner=scanner/>
                <a class="scan-leave" href="/console">{tr!("console.scan.leave")}</a>
            </footer>
        </main>
    }
}

/// The calm band while the server does not answer.
#[component]
fn Band(scanner: Scanner) -> impl IntoView {
    view! {
        <div role="status">
            <Show when=move || !scanner.online.get()>
                <p class="scan-band">{tr!("console.scan.offline")}</p>
            </Show>
        </div>
    }
}

/// Says why there is no picture; typing works all the same.
#[component]
fn Trouble(camera: RwSignal<Option<Camera>>) -> impl IntoView {
    let state = move || camera.get().map(|camera| camera.state.get());
    view! {
        {move || match state() {
            Some(CameraState::On) | None => None,
            Some(CameraState::Opening) => Some(view! { <p class="scan-trouble">{t!("console.scan.opening")}</p> }),
            Some(CameraState::Refused) => Some(view! { <p class="scan-trouble">{t!("console.scan.no_camera")}</p> }),
        }}
    }
}

#[component]
fn Lamp(camera: RwSignal<Option<Camera>>) -> impl IntoView {
    let on = RwSignal::new(false);
    let offered = move || camera.get().is_some_and(|camera| camera.has_lamp.get());
    let toggle = move |_| {
        on.update(|on| *on = !*on);
        if let Some(camera) = camera.get_untracked() {
            camera.light(on.get_untracked());
        }
    };
    view! {
        <Show when=offered>
            <button type="button" class="scan-lamp" aria-pressed=move || on.get().to_string() on:click=toggle>
                {tr!("console.scan.lamp")}
            </button>
        </Show>
    }
}

/// For codes that are typed, and for readers that type into a field.
#[component]
fn Typed(scanner: Scanner) -> impl IntoView {
    let code = RwSignal::new(String::new());
    let read = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        scanner.read(code.get_untracked());
        code.set(String::new());
    };
    view! {
        <form class="scan-typed" on:submit=read>
            <label class="unseen" for="scan-code">{tr!("console.scan.code")}</label>
            <input
                id="scan-code"
                type="text"
                autocomplete="off"
                autocapitalize="characters"
                spellcheck="false"
                placeholder=tr!("console.scan.code")
                bind:value=code
            />
            <button type="submit" class="scan-read">{tr!("console.scan.read")}</button>
        </form>
    }
}
