//! Live updates: one WebSocket for all pages. Whoever cares about a topic says so with [`on`]; what
//! changed arrives there. After a lost connection the server tells what was missed, or has those fetch again
//! whose topic has moved on too far.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use contract::live::{LIVE_PATH, SIGN_IN_OVER};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Map, Value, json};
use wasm_bindgen::prelude::*;
use web_sys::{CloseEvent, MessageEvent, WebSocket};

use crate::browser::{on_window, pause, window};
use crate::session;

/// Whether updates arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connection {
    /// Nobody asked for updates yet.
    Idle,
    /// Being made.
    Connecting,
    /// Updates arrive.
    Open,
    /// Lost; tried again soon.
    Lost,
}

/// Something about a topic.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    /// A fact, as in `domain::Fact`.
    Fact(Value),
    /// Who is there now: a `contract::live::LiveMessage::Present`.
    Present(Value),
    /// Facts may have been missed: fetch again.
    Missed,
}

/// What happens within this time is fetched together.
const GATHER: Duration = Duration::from_millis(700);
/// After so much silence the server is asked whether it is there.
const ASK_AFTER: Duration = Duration::from_secs(25);
/// After so much it is not.
const LOST_AFTER: Duration = Duration::from_secs(40);
/// How often the silence is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How long a server without its database is left alone.
const UNAVAILABLE: Duration = Duration::from_secs(5);

type Listener = Rc<dyn Fn(News)>;

#[derive(Default)]
struct State {
    socket: Option<WebSocket>,
    topics: HashMap<String, Topic>,
    next: u64,
    failures: u32,
    running: bool,
    /// When something was heard last, by the browser's clock in milliseconds.
    heard: f64,
    /// Counts connections: what still comes of an earlier one is not listened to.
    turn: u64,
}

/// A topic somebody cares about.
#[derive(Default)]
struct Topic {
    listeners: Vec<(u64, Listener)>,
    /// How far it has been heard.
    at: Option<String>,
}

thread_local! {
    static STATE: RefCell<State> = RefCell::default();
    static CONNECTION: ArcRwSignal<Connection> = ArcRwSignal::new(Connection::Idle);
}

/// Whether updates arrive. Tracks.
#[must_use]
pub fn connection() -> Connection {
    CONNECTION.with(ArcRwSignal::get)
}

/// Calls `act` with the news of the topic that `topic` gives, until the component goes.
pub fn on(topic: impl Fn() -> Option<String> + 'static, act: impl Fn(News) + 'static) {
    let act: Listener = Rc::new(act);
    let current: StoredValue<Option<(String, u64)>> = StoredValue::new(None);
    let leave = move || {
        if let Some(Some((topic, id))) = current.try_update_value(Option::take) {
            unsubscribe(&topic, id);
        }
    };
    Effect::new(move |_| {
        leave();
        if let Some(topic) = topic() {
            let id = subscribe(&topic, act.clone());
            current.set_value(Some((topic, id)));
        }
    });
    on_cleanup(leave);
}

/// Calls `act` when what is shown of the topic should be fetched again: at once, and once more for all that happens
/// shortly after, so that a rush is not met by as many requests.
pub fn on_change(topic: impl Fn() -> Option<String> + 'static, act: impl Fn() + Clone + 'static) {
    let waits = StoredValue::new(false);
    on(topic, move |_| {
        if waits.try_get_value() != Some(false) {
            return;
        }
        waits.set_value(true);
        act();
        let act = act.clone();
        spawn_local(async move {
            pause(GATHER).await;
            // Nothing is left to set when the page is gone.
            if waits.try_set_value(false).is_none() {
                act();
            }
        });
    });
}

fn subscribe(topic: &str, act: Listener) -> u64 {
    let (id, first) = STATE.with_borrow_mut(|state| {
        state.next += 1;
        let listeners = &mut state.topics.entry(topic.to_owned()).or_default().listeners;
        listeners.push((state.next, act));
        (state.next, listeners.len() == 1)
    });
    if first {
        ask_for(vec![topic.to_owned()]);
    }
    keep_connected();
    id
}

fn unsubscribe(topic: &str, id: u64) {
    let last = STATE.with_borrow_mut(|state| {
        let Some(known) = state.topics.get_mut(topic) else { return false };
        known.listeners.retain(|(own, _)| *own != id);
        known.listeners.is_empty() && state.topics.remove(topic).is_some()
    });
    if last {
        say(&json!({"do": "unsubscribe", "topics": [topic]}));
    }
}

/// Says a `contract::live::LiveRequest` if the connection is open; what must be said after opening is said by
/// [`opened`].
fn say(request: &Value) {
    let socket = STATE.with_borrow(|state| state.socket.clone());
    if let Some(socket) = socket.filter(|socket| socket.ready_state() == WebSocket::OPEN) {
        let _ = socket.send_with_str(&request.to_string());
    }
}

/// A session began: topics that were refused to a guest may be heard now.
pub(crate) fn signed_in() {
    introduce();
}

fn introduce() {
    if let Some(token) = session::token() {
        let organisation = session::organisation_untracked().map(|id| id.to_string());
        say(&json!({"do": "sign_in", "token": token, "organisation": organisation}));
    }
    let topics: Vec<_> = STATE.with_borrow(|state| state.topics.keys().cloned().collect());
    if !topics.is_empty() {
        ask_for(topics);
    }
}

/// Subscribes, and asks for what was missed since.
fn ask_for(topics: Vec<String>) {
    let mut since = Map::new();
    STATE.with_borrow(|state| {
        for topic in &topics {
            if let Some(at) = state.topics.get(topic).and_then(|known| known.at.clone()) {
                since.insert(topic.clone(), at.into());
            }
        }
    });
    say(&json!({"do": "subscribe", "topics": topics, "since": since}));
}

fn keep_connected() {
    let starts = STATE.with_borrow_mut(|state| !std::mem::replace(&mut state.running, true));
    if starts {
        connect();
        // A browser tells of a network that is gone or back sooner than the connection does.
        on_window("offline", |_| give_up());
        on_window("online", |_| {
            if CONNECTION.with(ArcRwSignal::get_untracked) != Connection::Open {
                let _ = STATE.with_borrow_mut(|state| state.socket.take()).map(|socket| socket.close());
                connect();
            }
        });
        spawn_local(watch_silence());
    }
}

/// A connection can be gone without a word: then the server does not answer.
async fn watch_silence() {
    loop {
        pause(LOOK_EVERY).await;
        let silence = js_sys::Date::now() - STATE.with_borrow(|state| state.heard);
        if CONNECTION.with(ArcRwSignal::get_untracked) != Connection::Open {
            continue;
        }
        if silence > LOST_AFTER.as_millis() as f64 {
            give_up();
        } else if silence > ASK_AFTER.as_millis() as f64 {
            say(&json!({"do": "ping"}));
        }
    }
}

/// Lets go of a connection that is of no use; a new one is tried.
fn give_up() {
    let socket = STATE.with_borrow_mut(|state| {
        state.turn += 1;
        state.socket.take()
    });
    if let Some(socket) = socket {
        let _ = socket.close();
        closed(false);
    }
}

fn connect() {
    CONNECTION.with(|signal| signal.set(Connection::Connecting));
    let turn = STATE.with_borrow_mut(|state| {
        state.turn += 1;
        state.heard = js_sys::Date::now();
        state.turn
    });
    let is_current = move || STATE.with_borrow(|state| state.turn == turn);
    let location = window().location();
    let scheme = if location.protocol().as_deref() == Ok("https:") { "wss" } else { "ws" };
    let Ok(host) = location.host() else { return };
    let Ok(socket) = WebSocket::new(&format!("{scheme}://{host}{LIVE_PATH}")) else { return closed(false) };
    let open = Closure::<dyn FnMut()>::new(move || {
        if is_current() {
            opened();
        }
    });
    let message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(text) = event.data().as_string()
            && is_current()
        {
            heard(&text);
        }
    });
    let close = Closure::<dyn FnMut(CloseEvent)>::new(move |event: CloseEvent| {
        if is_current() {
            closed(event.code() == SIGN_IN_OVER);
        }
    });
    socket.set_onopen(Some(open.as_ref().unchecked_ref()));
    socket.set_onmessage(Some(message.as_ref().unchecked_ref()));
    socket.set_onclose(Some(close.as_ref().unchecked_ref()));
    // JavaScript holds them as long as the socket lives.
    open.forget();
    message.forget();
    close.forget();
    STATE.with_borrow_mut(|state| state.socket = Some(socket));
}

fn opened() {
    let again = STATE.with_borrow(|state| state.failures > 0);
    CONNECTION.with(|signal| signal.set(Connection::Open));
    introduce();
    if again {
        // Where nothing was heard yet there is nothing to go on from.
        tell_all(|known| known.at.is_none());
    }
}

/// `over`: the token was good no more, as happens to pages left open; that is no trouble with the network.
fn closed(over: bool) {
    let now = if over { Connection::Connecting } else { Connection::Lost };
    CONNECTION.with(|signal| signal.set(now));
    let (failures, turn) = STATE.with_borrow_mut(|state| {
        state.socket = None;
        state.failures = state.failures.saturating_add(1);
        state.turn += 1;
        (state.failures, state.turn)
    });
    // 1, 2, 4 … 30 seconds, spread so that a restarted server is not met by all at once.
    let seconds = 2_f64.powi(failures.min(5) as i32 - 1).min(30.0);
    let wait = Duration::from_secs_f64(seconds * (0.5 + js_sys::Math::random()));
    spawn_local(async move {
        pause(wait).await;
        if over {
            session::lost().await;
        }
        // The network may have come back before.
        if STATE.with_borrow(|state| state.turn == turn) {
            connect();
        }
    });
}

fn heard(text: &str) {
    // An open connection alone is no success: it may be closed at once, since the token is over.
    STATE.with_borrow_mut(|state| {
        state.failures = 0;
        state.heard = js_sys::Date::now();
    });
    match serde_json::from_str(text) {
        Ok(message) => take(message),
        Err(error) => leptos::logging::warn!("live message not understood: {error}"),
    }
}

/// Acts on a `contract::live::LiveMessage`. Its fields are taken by name: read as its type, it would be a good part
/// of what the shop loads.
fn take(mut message: Value) {
    let at = message["at"].as_str().map(str::to_owned);
    let is = message["is"].as_str().unwrap_or_default().to_owned();
    let Some(topic) = message["topic"].as_str().map(str::to_owned) else {
        if is == "behind" {
            tell_all(|_| true);
        }
        return;
    };
    match is.as_str() {
        "changed" => {
            reached(&topic, at);
            tell(&topic, &News::Fact(message["fact"].take()));
        }
        "present" => tell(&topic, &News::Present(message.take())),
        "behind" => tell(&topic, &News::Missed),
        "subscribed" if message["allowed"] == true => reached(&topic, at),
        "subscribed" if message["why"] == "unavailable" => spawn_local(async move {
            pause(UNAVAILABLE).await;
            if STATE.with_borrow(|state| state.topics.contains_key(&topic)) {
                ask_for(vec![topic]);
            }
        }),
        "subscribed" => {
            leptos::logging::warn!("not allowed to hear {topic}");
            STATE.with_borrow_mut(|state| {
                if let Some(known) = state.topics.get_mut(&topic) {
                    known.at = None;
                }
            });
            // What is shown may be shown no more: asking again tells.
            tell(&topic, &News::Missed);
        }
        _ => {}
    }
}

fn tell(topic: &str, news: &News) {
    let known = |state: &State| state.topics.get(topic).map(|known| known.listeners.clone());
    for (_, listener) in STATE.with_borrow(known).into_iter().flatten() {
        listener(news.clone());
    }
}

/// Notes how far a topic has been heard, if somebody cares still.
fn reached(topic: &str, at: Option<String>) {
    STATE.with_borrow_mut(|state| {
        if let Some(known) = state.topics.get_mut(topic) {
            known.at = at.or_else(|| known.at.take());
        }
    });
}

/// Has those fetch again whose topic is `meant`.
fn tell_all(meant: fn(&Topic) -> bool) {
    let topics = |state: &State| -> Vec<String> {
        state.topics.iter().filter(|(_, known)| meant(known)).map(|(topic, _)| topic.clone()).collect()
    };
    let topics = STATE.with_borrow(topics);
    for topic in topics {
        tell(&topic, &News::Missed);
    }
}
