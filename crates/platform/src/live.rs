//! Live updates over a WebSocket: a client names topics and hears when something about them changed. What it
//! may hear is asked again whenever rights change: no socket outlives its sign-in.

mod again;

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use actix_web::{HttpRequest, HttpResponse, web};
use actix_ws::{AggregatedMessage, AggregatedMessageStream, CloseCode, CloseReason, Session};
use again::Again;
use contract::ErrorCode;
use contract::live::{LiveMessage, LiveRequest, SIGN_IN_OVER};
use futures_util::future::LocalBoxFuture;
use tokio::sync::broadcast::error::RecvError;
use uuid::Uuid;

use crate::bus::Message;
use crate::db::Db;
use crate::error::{ApiError, ApiResult};
use crate::guard::{self, Actor, Authenticate, Credentials};
use crate::request::caller_ip;
use crate::state::App;

/// Decides who may hear what; put into the app's data as `Arc<dyn Rooms>`.
pub trait Rooms: Send + Sync {
    /// The bus topic behind the topic asked for, when the actor may hear it: `order:<id>` for
    /// `order:<id>:<access>`.
    fn enter<'a>(
        &'a self,
        db: &'a Db,
        actor: &'a Actor,
        topic: &'a str,
    ) -> LocalBoxFuture<'a, ApiResult<Option<String>>>;
}

/// How often a silent client is asked whether it is there.
const PING_EVERY: Duration = Duration::from_secs(20);
/// How long it may take to say so.
const PATIENCE: Duration = Duration::from_secs(60);
const MOST_TOPICS: usize = 50;
const MOST_BYTES: usize = 16 << 10;

struct Client {
    app: web::Data<App>,
    authenticate: Option<Arc<dyn Authenticate>>,
    rooms: Option<Arc<dyn Rooms>>,
    actor: Actor,
    /// What the client signed in with.
    shown: Option<Shown>,
    /// Whether that holds no more.
    over: bool,
    /// Where the client calls from.
    ip: Option<IpAddr>,
    /// Bus topic to the topics as subscribed.
    topics: HashMap<String, Vec<String>>,
    session: Session,
    heard: Instant,
}

struct Shown {
    token: String,
    organisation: Option<Uuid>,
}

/// The handler of `GET /api/v1/live`.
pub async fn open(
    request: HttpRequest,
    body: web::Payload,
    app: web::Data<App>,
) -> Result<HttpResponse, actix_web::Error> {
    guard::limit_stranger(&request, &app).await?;
    let (response, session, stream) = actix_ws::handle(&request, body)?;
    let stream =
        stream.max_frame_size(MOST_BYTES).aggregate_continuations().max_continuation_size(MOST_BYTES);
    let client = Client {
        authenticate: request.app_data::<Arc<dyn Authenticate>>().cloned(),
        rooms: request.app_data::<Arc<dyn Rooms>>().cloned(),
        ip: caller_ip(&request, &app),
        app,
        actor: Actor::Anonymous,
        shown: None,
        over: false,
        topics: HashMap::new(),
        session,
        heard: Instant::now(),
    };
    actix_web::rt::spawn(async move {
        let app = client.app.clone();
        app.metrics.sockets.fetch_add(1, Relaxed);
        client.attend(stream).await;
        app.metrics.sockets.fetch_sub(1, Relaxed);
    });
    Ok(response)
}

impl Client {
    /// Until the client goes.
    async fn attend(mut self, mut stream: AggregatedMessageStream) {
        let mut bus = self.app.bus.subscribe();
        let mut ping = tokio::time::interval(PING_EVERY);
        let mut again = Again::new(self.app.clone());
        loop {
            let goes_on = tokio::select! {
                said = stream.recv() => match said {
                    Some(Ok(message)) => self.hear(message).await,
                    Some(Err(_)) | None => false,
                },
                told = bus.recv() => match told {
                    Ok(message) => self.pass_on(&message).await,
                    Err(RecvError::Lagged(_)) => self.say(&LiveMessage::Behind).await,
                    Err(RecvError::Closed) => false,
                },
                () = again.due(), if self.shown.is_some() => {
                    again.reset();
                    self.judge().await
                }
                _ = ping.tick() => {
                    self.heard.elapsed() < PATIENCE && self.session.ping(b"").await.is_ok()
                }
            };
            if !goes_on {
                break;
            }
        }
        let reason = self.over.then(|| CloseReason::from(CloseCode::Other(SIGN_IN_OVER)));
        // It may have gone already.
        let _ = self.session.close(reason).await;
    }

    async fn say(&mut self, message: &LiveMessage) -> bool {
        match serde_json::to_string(message) {
            Ok(text) => self.session.text(text).await.is_ok(),
            Err(error) => {
                tracing::error!(%error, "a live message is not JSON");
                false
            }
        }
    }

    async fn pass_on(&mut self, message: &Message) -> bool {
        let Some(names) = self.topics.get(&message.topic).cloned() else { return true };
        for topic in names {
            if !self.say(&LiveMessage::Changed { topic, fact: message.data.clone() }).await {
                return false;
            }
        }
        true
    }

    async fn hear(&mut self, message: AggregatedMessage) -> bool {
        self.heard = Instant::now();
        match message {
            AggregatedMessage::Text(text) => match serde_json::from_str(&text) {
                Ok(request) => self.obey(request).await,
                Err(_) => false,
            },
            AggregatedMessage::Ping(bytes) => self.session.pong(&bytes).await.is_ok(),
            AggregatedMessage::Pong(_) => true,
            AggregatedMessage::Binary(_) | AggregatedMessage::Close(_) => false,
        }
    }

    async fn obey(&mut self, request: LiveRequest) -> bool {
        match request {
            LiveRequest::SignIn { token, organisation } => {
                self.shown = Some(Shown { token, organisation });
                match self.who().await {
                    Ok(actor) => self.actor = actor,
                    Err(error) => {
                        self.over = is_refusal(&error);
                        return false;
                    }
                }
                self.judge_topics().await
            }
            LiveRequest::Subscribe { topics } => {
                for topic in topics {
                    let allowed = self.enter(&topic).await;
                    if !self.say(&LiveMessage::Subscribed { topic, allowed }).await {
                        return false;
                    }
                }
                true
            }
            LiveRequest::Unsubscribe { topics } => {
                self.leave(&topics);
                true
            }
        }
    }

    /// Who the client is by what it signed in with.
    async fn who(&self) -> ApiResult<Actor> {
        let (Some(authenticate), Some(shown)) = (&self.authenticate, &self.shown) else {
            return Err(ErrorCode::NotSignedIn.into());
        };
        let credentials = Credentials { bearer: &shown.token, organisation: shown.organisation, ip: self.ip };
        authenticate.authenticate(&self.app.db, credentials).await
    }

    /// Asks again who the client is and what it may hear. `false` when its sign-in is over.
    async fn judge(&mut self) -> bool {
        let mut who = self.who().await;
        // Thrown out of the organisation it acts in, it is a person still.
        if let (Err(error), Some(shown)) = (&who, &mut self.shown)
            && error.code() == ErrorCode::NotPermitted
            && shown.organisation.take().is_some()
        {
            who = self.who().await;
        }
        match who {
            Ok(actor) => self.actor = actor,
            Err(error) if is_refusal(&error) => {
                self.over = true;
                return false;
            }
            // Without an answer of the database it stays as it is until the next time.
            Err(error) => {
                tracing::debug!(%error, "a live sign-in cannot be judged again");
                return true;
            }
        }
        self.judge_topics().await
    }

    /// Leaves the topics that may be heard no more, and says so.
    async fn judge_topics(&mut self) -> bool {
        let Some(rooms) = self.rooms.clone() else { return true };
        let mut lost = Vec::new();
        for topic in self.topics.values().flatten() {
            match rooms.enter(&self.app.db, &self.actor, topic).await {
                Ok(Some(_)) => {}
                Ok(None) => lost.push(topic.clone()),
                Err(error) => cannot_enter(&error, topic),
            }
        }
        self.leave(&lost);
        for topic in lost {
            if !self.say(&LiveMessage::Subscribed { topic, allowed: false }).await {
                return false;
            }
        }
        true
    }

    fn leave(&mut self, topics: &[String]) {
        self.topics.retain(|_, names| {
            names.retain(|name| !topics.contains(name));
            !names.is_empty()
        });
    }

    async fn enter(&mut self, topic: &str) -> bool {
        if topic.len() > 200 || self.topics.values().map(Vec::len).sum::<usize>() >= MOST_TOPICS {
            return false;
        }
        let Some(rooms) = &self.rooms else { return false };
        match rooms.enter(&self.app.db, &self.actor, topic).await {
            Ok(Some(room)) => {
                let names = self.topics.entry(room).or_default();
                if !names.iter().any(|name| name == topic) {
                    names.push(topic.to_owned());
                }
                true
            }
            Ok(None) => false,
            Err(error) => {
                cannot_enter(&error, topic);
                false
            }
        }
    }
}

fn cannot_enter(error: &ApiError, topic: &str) {
    tracing::warn!(%error, topic, "a topic cannot be entered");
}

/// Whether it was answered that the sign-in does not hold; otherwise there was no answer.
fn is_refusal(error: &ApiError) -> bool {
    error.code().status() < 500
}
