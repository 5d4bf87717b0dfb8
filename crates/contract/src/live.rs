//! Live updates over the WebSocket at `/api/v1/live`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The path of the WebSocket. A browser cannot set headers there: it sends its access token in
/// [`LiveRequest::SignIn`] first.
pub const LIVE_PATH: &str = "/api/v1/live";

/// The code a socket is closed with when its sign-in is over (signed out, or the token has ended): get a
/// fresh token, connect anew, or go on as a guest.
pub const SIGN_IN_OVER: u16 = 4401;

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
        organisation: Option<uuid::Uuid>,
    },
    /// Tell me of these topics.
    Subscribe {
        /// `event:<id>` public availability; `order:<id>:<access>` one order for its guest,
        /// `order:<id>` for its member or staff; `sales:<event id>` figures for staff.
        topics: Vec<String>,
    },
    /// Stop telling me.
    Unsubscribe {
        /// As subscribed.
        topics: Vec<String>,
    },
}

/// What the server says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum LiveMessage {
    /// The topic is subscribed, or refused; also later, when it may be heard no more.
    Subscribed {
        /// As asked.
        topic: String,
        /// Whether it is heard.
        allowed: bool,
    },
    /// Something changed: fetch it again, or use what is told here.
    Changed {
        /// As subscribed.
        topic: String,
        /// The fact, as in `domain::Fact`.
        fact: Value,
    },
    /// The client fell behind: fetch everything again.
    Behind,
}
