//! Live updates over the WebSocket at `/api/v1/live`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// The path of the WebSocket. A browser cannot set headers there: it sends its access token in
/// [`LiveRequest::SignIn`] first.
pub const LIVE_PATH: &str = "/api/v1/live";

/// The code a socket is closed with when its sign-in is over (signed out, or the token has ended): get a
/// fresh token, connect anew, or go on as a guest.
pub const SIGN_IN_OVER: u16 = 4401;
/// The code when the database does not answer (registered with IANA: try again later).
pub const TRY_AGAIN: u16 = 1013;
/// The code when what the client said is not a [`LiveRequest`], or names more than [`MOST_TOPICS`].
pub const NOT_UNDERSTOOD: u16 = 4400;
/// The code when the client was silent for a minute, though it was asked.
pub const SILENT: u16 = 4408;
/// The code when the client says more than [`MOST_REQUESTS`] in ten seconds.
pub const TOO_MANY_REQUESTS: u16 = 4429;

/// Topics that one socket may be subscribed to at the same time.
pub const MOST_TOPICS: usize = 50;
/// Requests that one socket may make in ten seconds.
pub const MOST_REQUESTS: u32 = 100;

/// What a client says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum LiveRequest {
    /// Who I am; needed for topics that are not public. Said again with the next token before this one ends.
    SignIn {
        /// The access token.
        token: String,
        /// The organisation I act in.
        #[serde(default)]
        organisation: Option<Uuid>,
    },
    /// Tell me of these topics.
    Subscribe {
        /// `event:<id>` public availability; `order:<id>:<access>` one order for its guest,
        /// `order:<id>` for its member or staff; `sales:<event id>` figures for staff;
        /// `staff:<event id>` who of the staff looks at the event, for staff;
        /// `notices:<my id>` what I am told; `announcements:<organisation>` how far they have got, for staff.
        topics: Vec<String>,
        /// Topics of those heard before, and the `at` of what was heard last: what was missed is told now.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        since: BTreeMap<String, String>,
    },
    /// Stop telling me.
    Unsubscribe {
        /// As subscribed.
        topics: Vec<String>,
    },
    /// Are you there? For pages: they do not see the pings of the WebSocket protocol.
    Ping,
}

/// What the server says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum LiveMessage {
    /// The topic is subscribed, or refused; also later, when it may be heard no more.
    Subscribed {
        /// As asked.
        topic: String,
        /// Whether it is heard.
        allowed: bool,
        /// Where the topic stands now: a later `since`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<String>,
        /// Why it is not heard.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<Refused>,
    },
    /// Something changed: fetch it again, or use what is told here.
    Changed {
        /// As subscribed.
        topic: String,
        /// Where the topic stands now: a later `since`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<String>,
        /// The fact, as in `domain::Fact`.
        fact: Value,
    },
    /// Who is there now; told on subscribing and whenever it changes.
    Present {
        /// As subscribed.
        topic: String,
        /// People who are named there, by name.
        people: Vec<Present>,
        /// How many more sockets listen to what the topic is about: the event's public page.
        guests: u32,
    },
    /// The answer to [`LiveRequest::Ping`].
    Pong,
    /// Something may have been missed: fetch again what the topic is about, or everything when none is named.
    Behind {
        /// As subscribed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        topic: Option<String>,
    },
}

/// Why a topic is not heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refused {
    /// There is no such topic, or it is not for the caller.
    NotPermitted,
    /// The socket has [`MOST_TOPICS`] already.
    TooManyTopics,
    /// The database did not answer: ask again.
    Unavailable,
}

/// Somebody who is named among those present.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Present {
    /// Their name.
    pub name: String,
    /// Their account.
    pub id: Uuid,
}

/// What the live sockets of a server do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct LiveStatistics {
    /// The server that answered, and those it shares a Redis with.
    pub servers: Vec<LiveServer>,
    /// Topics of the server that answered, the fullest first; 50 at most.
    pub rooms: Vec<LiveRoom>,
    /// Messages handed to sockets since it started.
    pub delivered: u64,
    /// Figures that were left out, since a client was slow and the next one replaced them.
    pub dropped: u64,
    /// How often a client was told to fetch again.
    pub behind: u64,
    /// Messages that wait for slow clients now.
    pub waiting: u64,
    /// Those that wait for the slowest client.
    pub longest: u64,
}

/// One server of those that behave as one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct LiveServer {
    /// Its id until it is started again.
    pub id: Uuid,
    /// Whether it is the one that answered.
    pub is_this: bool,
    /// Sockets that are open.
    pub sockets: u64,
    /// Topics that somebody listens to.
    pub rooms: u64,
}

/// A topic and who listens to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct LiveRoom {
    /// Its name.
    #[cfg_attr(feature = "utoipa", schema(example = "event:0198c5a2-6f3e-7d10-9b1a-3f5c7e9d1b24"))]
    pub topic: String,
    /// Sockets that listen.
    pub sockets: u64,
    /// Messages told there since somebody listens.
    pub told: u64,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The web apps read these names themselves (`ui::live::take`).
    #[test]
    fn messages_have_the_names_that_pages_read() {
        let topic = || "event:1".to_owned();
        let at = || Some("7-1".to_owned());
        let changed = LiveMessage::Changed { topic: topic(), at: at(), fact: json!({"x": 1}) };
        let present = LiveMessage::Present { topic: topic(), people: Vec::new(), guests: 3 };
        let refused = Some(Refused::Unavailable);
        let subscribed = LiveMessage::Subscribed { topic: topic(), allowed: false, at: at(), why: refused };
        let said = [
            (changed, json!({"is": "changed", "topic": "event:1", "at": "7-1", "fact": {"x": 1}})),
            (present, json!({"is": "present", "topic": "event:1", "people": [], "guests": 3})),
            (
                subscribed,
                json!({"is": "subscribed", "topic": "event:1", "allowed": false, "at": "7-1", "why": "unavailable"}),
            ),
            (LiveMessage::Behind { topic: None }, json!({"is": "behind"})),
            (LiveMessage::Behind { topic: Some(topic()) }, json!({"is": "behind", "topic": "event:1"})),
            (LiveMessage::Pong, json!({"is": "pong"})),
        ];
        for (message, wanted) in said {
            assert_eq!(serde_json::to_value(&message).unwrap(), wanted);
        }
    }

    /// The web apps write these themselves (`ui::live::say`).
    #[test]
    fn requests_are_read_as_pages_write_them() {
        let read = |request| serde_json::from_value::<LiveRequest>(request).unwrap();
        let token = "t".to_owned();
        assert_eq!(
            read(json!({"do": "sign_in", "token": "t", "organisation": null})),
            LiveRequest::SignIn { token, organisation: None }
        );
        let topics = vec!["event:1".to_owned()];
        let since = [("event:1".to_owned(), "7-1".to_owned())].into();
        assert_eq!(
            read(json!({"do": "subscribe", "topics": ["event:1"], "since": {"event:1": "7-1"}})),
            LiveRequest::Subscribe { topics: topics.clone(), since }
        );
        let none = read(json!({"do": "subscribe", "topics": ["event:1"], "since": {}}));
        assert_eq!(none, LiveRequest::Subscribe { topics: topics.clone(), since: BTreeMap::new() });
        let ended = read(json!({"do": "unsubscribe", "topics": ["event:1"]}));
        assert_eq!(ended, LiveRequest::Unsubscribe { topics });
        assert_eq!(read(json!({"do": "ping"})), LiveRequest::Ping);
    }
}
