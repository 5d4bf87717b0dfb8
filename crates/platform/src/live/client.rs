//! A client: who it is, what it hears, and what it asks for.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::Arc;

use actix_web::web;
use contract::ErrorCode;
use contract::live::{
    LiveMessage, LiveRequest, MOST_TOPICS, NOT_UNDERSTOOD, Refused, SIGN_IN_OVER, TRY_AGAIN,
};
use uuid::Uuid;

use super::hub::Place;
use super::line::{Kind, Line};
use super::{Rooms, frame};
use crate::error::{ApiError, ApiResult};
use crate::guard::{Actor, Authenticate, Credentials};
use crate::state::App;

/// Bytes of a topic's name at most.
const LONGEST_TOPIC: usize = 200;

pub(super) struct Client {
    pub app: web::Data<App>,
    pub authenticate: Option<Arc<dyn Authenticate>>,
    pub rooms: Option<Arc<dyn Rooms>>,
    pub actor: Actor,
    /// What the client signed in with.
    pub shown: Option<Shown>,
    /// Where the client calls from.
    pub ip: Option<IpAddr>,
    /// What it hears.
    pub topics: Vec<Topic>,
    /// What it will hear.
    pub line: Arc<Line>,
    /// Counts the socket as long as the client is there.
    #[expect(dead_code, reason = "it acts by being dropped")]
    pub place: Place,
}

pub(super) struct Shown {
    token: String,
    organisation: Option<Uuid>,
}

/// A topic as subscribed, and the room behind it.
pub(super) struct Topic {
    name: Box<str>,
    room: Box<str>,
}

/// Why a socket is closed: the code.
pub(super) struct Over(pub u16);

impl Client {
    /// Does what a text asks for.
    pub(super) async fn obey(&mut self, text: &[u8]) -> Result<(), Over> {
        let request = serde_json::from_slice(text).map_err(|_| Over(NOT_UNDERSTOOD))?;
        match request {
            LiveRequest::SignIn { token, organisation } => {
                self.shown = Some(Shown { token, organisation });
                let over = |error: &ApiError| if is_refusal(error) { SIGN_IN_OVER } else { TRY_AGAIN };
                let before = self.person();
                self.actor = self.who().await.map_err(|error| Over(over(&error)))?;
                self.judge_topics().await;
                if before.is_some() && before != self.person() {
                    self.enter_again().await;
                }
            }
            LiveRequest::Subscribe { topics, .. } if topics.len() > MOST_TOPICS => {
                return Err(Over(NOT_UNDERSTOOD));
            }
            LiveRequest::Subscribe { topics, since } => {
                // Named twice it is told once.
                let mut named = BTreeSet::new();
                for topic in topics.into_iter().filter(|topic| named.insert(topic.clone())) {
                    self.subscribe(topic, &since).await;
                }
            }
            LiveRequest::Unsubscribe { topics } => self.leave(&topics),
            LiveRequest::Ping => self.line.push(Kind::Answer, frame::text(&LiveMessage::Pong)),
        }
        Ok(())
    }

    /// Who the client is by what it signed in with.
    async fn who(&self) -> ApiResult<Actor> {
        let (Some(authenticate), Some(shown)) = (&self.authenticate, &self.shown) else {
            return Err(ErrorCode::NotSignedIn.into());
        };
        let credentials = Credentials { bearer: &shown.token, organisation: shown.organisation, ip: self.ip };
        authenticate.authenticate(&self.app.db, credentials).await
    }

    /// Asks again who the client is and what it may hear.
    pub(super) async fn judge(&mut self) -> Result<(), Over> {
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
            Err(error) if is_refusal(&error) => return Err(Over(SIGN_IN_OVER)),
            // Without an answer of the database it stays as it is until the next time.
            Err(error) => {
                tracing::debug!(%error, "a live sign-in cannot be judged again");
                return Ok(());
            }
        }
        self.judge_topics().await;
        Ok(())
    }

    /// Leaves the topics that may be heard no more, and says so.
    async fn judge_topics(&mut self) {
        let Some(rooms) = self.rooms.clone() else { return };
        let mut lost = Vec::new();
        for topic in &self.topics {
            match rooms.enter(&self.app.db, &self.actor, &topic.name).await {
                Ok(Some(_)) => {}
                Ok(None) => lost.push(topic.name.to_string()),
                Err(error) => cannot_enter(&error, &topic.name),
            }
        }
        self.leave(&lost);
        for topic in lost {
            self.refuse(topic, Refused::NotPermitted);
        }
    }

    fn person(&self) -> Option<Uuid> {
        self.actor.person().map(|person| person.user_id)
    }

    /// Goes through the doors once more: somebody else is seen there now.
    async fn enter_again(&mut self) {
        let names: Vec<String> = self.topics.iter().map(|topic| topic.name.to_string()).collect();
        self.leave(&names);
        for name in names {
            self.subscribe(name, &BTreeMap::new()).await;
        }
    }

    fn leave(&mut self, names: &[String]) {
        let hub = self.app.bus.hub();
        self.topics.retain(|topic| {
            let stays = !names.iter().any(|name| **name == *topic.name);
            if !stays {
                hub.leave(&self.line, &topic.name, &topic.room);
            }
            stays
        });
    }

    async fn subscribe(&mut self, topic: String, since: &BTreeMap<String, String>) {
        let is_new = !self.topics.iter().any(|known| *known.name == *topic);
        if is_new && self.topics.len() >= MOST_TOPICS {
            return self.refuse(topic, Refused::TooManyTopics);
        }
        let Some(rooms) = self.rooms.as_ref().filter(|_| topic.len() <= LONGEST_TOPIC) else {
            return self.refuse(topic, Refused::NotPermitted);
        };
        match rooms.enter(&self.app.db, &self.actor, &topic).await {
            Ok(Some(entry)) => {
                let since = since.get(&topic).map(String::as_str);
                self.app.bus.hub().enter(&self.line, &topic, &entry, since);
                if is_new {
                    self.topics.push(Topic { name: topic.into(), room: entry.room.into() });
                }
            }
            Ok(None) => {
                self.leave(std::slice::from_ref(&topic));
                self.refuse(topic, Refused::NotPermitted);
            }
            Err(error) => {
                cannot_enter(&error, &topic);
                self.refuse(topic, Refused::Unavailable);
            }
        }
    }

    fn refuse(&self, topic: String, why: Refused) {
        let message = LiveMessage::Subscribed { topic, allowed: false, at: None, why: Some(why) };
        self.line.push(Kind::Answer, frame::text(&message));
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        for topic in &self.topics {
            self.app.bus.hub().leave(&self.line, &topic.name, &topic.room);
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
