//! Live updates: one WebSocket for all pages. Whoever cares about a topic says so with [`on`]; what
//! changed arrives there, and after a lost connection everybody is told to fetch again.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use contract::live::{LIVE_PATH, LiveMessage, LiveRequest, SIGN_IN_OVER};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;
use wasm_bindgen::prelude::*;
use web_sys::{CloseEvent, MessageEvent, WebSocket};

use crate::browser::{pause, window};
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
    /// Facts may have been missed: fetch again.
    Missed,
}

type Listener = Rc<dyn Fn(News)>;

#[derive(Default)]
struct State {
    socket: Option<WebSocket>,
    listeners: HashMap<String, Vec<(u64, Listener)>>,
    next: u64,
    failures: u32,
    running: bool,
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

fn subscribe(topic: &str, act: Listener) -> u64 {
    let (id, first) = STATE.with_borrow_mut(|state| {
        state.next += 1;
        let listeners = state.listeners.entry(topic.to_owned()).or_default();
        listeners.push((state.next, act));
        (state.next, listeners.len() == 1)
    });
    if first {
        say(&LiveRequest::Subscribe { topics: vec![topic.to_owned()] });
    }
    keep_connected();
    id
}

fn unsubscribe(topic: &str, id: u64) {
    let last = STATE.with_borrow_mut(|state| {
        let Some(listeners) = state.listeners.get_mut(topic) else { return false };
        listeners.retain(|(own, _)| *own != id);
        listeners.is_empty() && state.listeners.remove(topic).is_some()
    });
    if last {
        say(&LiveRequest::Unsubscribe { topics: vec![topic.to_owned()] });
    }
}

/// Says it if the connection is open; what must be said after opening is said by [`opened`].
fn say(request: &LiveRequest) {
    let socket = STATE.with_borrow(|state| state.socket.clone());
    if let (Some(socket), Ok(text)) = (socket, serde_json::to_string(request))
        && socket.ready_state() == WebSocket::OPEN
    {
        let _ = socket.send_with_str(&text);
    }
}

/// A session began: topics that were refused to a guest may be heard now.
pub(crate) fn signed_in() {
    introduce();
}

fn introduce() {
    if let Some(token) = session::token() {
        say(&LiveRequest::SignIn { token, organisation: session::organisation_untracked() });
    }
    let topics: Vec<_> = STATE.with_borrow(|state| state.listeners.keys().cloned().collect());
    if !topics.is_empty() {
        say(&LiveRequest::Subscribe { topics });
    }
}

fn keep_connected() {
    let starts = STATE.with_borrow_mut(|state| !std::mem::replace(&mut state.running, true));
    if starts {
        connect();
    }
}

fn connect() {
    CONNECTION.with(|signal| signal.set(Connection::Connecting));
    let location = window().location();
    let scheme = if location.protocol().as_deref() == Ok("https:") { "wss" } else { "ws" };
    let Ok(host) = location.host() else { return };
    let Ok(socket) = WebSocket::new(&format!("{scheme}://{host}{LIVE_PATH}")) else { return closed(false) };
    let open = Closure::<dyn FnMut()>::new(opened);
    let message = Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| {
        if let Some(text) = event.data().as_string() {
            heard(&text);
        }
    });
    let close =
        Closure::<dyn FnMut(CloseEvent)>::new(|event: CloseEvent| closed(event.code() == SIGN_IN_OVER));
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
        tell_all();
    }
}

/// `over`: the token was good no more, as happens to pages left open; that is no trouble with the network.
fn closed(over: bool) {
    let now = if over { Connection::Connecting } else { Connection::Lost };
    CONNECTION.with(|signal| signal.set(now));
    let failures = STATE.with_borrow_mut(|state| {
        state.socket = None;
        state.failures = state.failures.saturating_add(1);
        state.failures
    });
    // 1, 2, 4 … 30 seconds, spread so that a restarted server is not met by all at once.
    let seconds = 2_f64.powi(failures.min(5) as i32 - 1).min(30.0);
    let wait = Duration::from_secs_f64(seconds * (0.5 + js_sys::Math::random()));
    spawn_local(async move {
        pause(wait).await;
        if over {
            session::lost().await;
        }
        connect();
    });
}

fn heard(text: &str) {
    // An open connection alone is no success: it may be closed at once, since the token is over.
    STATE.with_borrow_mut(|state| state.failures = 0);
    match serde_json::from_str::<LiveMessage>(text) {
        Ok(LiveMessage::Changed { topic, fact }) => tell(&topic, &News::Fact(fact)),
        Ok(LiveMessage::Behind) => tell_all(),
        Ok(LiveMessage::Subscribed { topic, allowed }) => {
            if !allowed {
                leptos::logging::warn!("not allowed to hear {topic}");
                // What is shown may be shown no more: asking again tells.
                tell(&topic, &News::Missed);
            }
        }
        Err(error) => leptos::logging::warn!("live message not understood: {error}"),
    }
}

fn tell(topic: &str, news: &News) {
    let listeners = STATE.with_borrow(|state| state.listeners.get(topic).cloned().unwrap_or_default());
    for (_, listener) in listeners {
        listener(news.clone());
    }
}

fn tell_all() {
    let topics: Vec<_> = STATE.with_borrow(|state| state.listeners.keys().cloned().collect());
    for topic in topics {
        tell(&topic, &News::Missed);
    }
}
