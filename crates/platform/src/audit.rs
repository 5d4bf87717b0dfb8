//! Who did what: what a transaction notes of its changes, and on whose behalf it runs.

use std::borrow::Cow;
use std::net::IpAddr;

use contract::operation;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

/// What kind of caller asked for a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActorKind {
    /// Somebody who has not signed in.
    Anonymous,
    /// Somebody signed in.
    Person,
    /// A program with an API key.
    Key,
    /// A program with a token of our authorisation server.
    Client,
}

impl ActorKind {
    /// As it stands in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Person => "person",
            Self::Key => "key",
            Self::Client => "client",
        }
    }
}

/// On whose behalf a transaction runs; without one it is Ringside itself (a job, a command).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// What kind of caller.
    pub kind: ActorKind,
    /// The person, key or client.
    pub actor: Option<Uuid>,
    /// The session of a person signed in.
    pub session: Option<Uuid>,
    /// The organisation acted in.
    pub org: Option<Uuid>,
    /// `POST`.
    pub method: String,
    /// The path asked for, without the query.
    pub path: String,
    /// Where the request came from.
    pub ip: Option<IpAddr>,
    /// Leads to the log.
    pub request_id: String,
}

/// One change. Secrets and personal values (names, addresses) do not belong into `before` and
/// `after`: the log is for ever, and people may ask to be forgotten.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub(crate) org: Option<Uuid>,
    pub(crate) action: Cow<'static, str>,
    pub(crate) subject: Option<Uuid>,
    pub(crate) before: Option<Value>,
    pub(crate) after: Option<Value>,
}

impl Change {
    /// Something done in an organisation, or to a person's own account (`None`); the action is a noun
    /// and what happened to it: `member.role_changed`.
    #[must_use]
    pub const fn new(org: Option<Uuid>, action: &'static str, subject: Uuid) -> Self {
        Self { org, action: Cow::Borrowed(action), subject: Some(subject), before: None, after: None }
    }

    /// What a request changed that said nothing more exact: `post.place_hold`, about the last id in
    /// its path.
    pub(crate) fn of_request(origin: &Origin) -> Self {
        let operation = operation::operation_at(&origin.method, &origin.path).unwrap_or("unlisted");
        let subject = origin.path.rsplit('/').find_map(|part| Uuid::parse_str(part).ok());
        let action = Cow::Owned(format!("{}.{operation}", origin.method.to_lowercase()));
        Self { org: origin.org, action, subject, before: None, after: None }
    }

    /// What it was.
    ///
    /// # Panics
    /// Never for plain data: only for maps with keys that are no text.
    #[must_use]
    pub fn before(mut self, value: impl Serialize) -> Self {
        self.before = Some(serde_json::to_value(value).expect("plain data")); // safe: see above
        self
    }

    /// Which fields of a thing it changed: of two JSON objects only what differs is kept.
    ///
    /// # Panics
    /// Never for plain data: only for maps with keys that are no text.
    #[must_use]
    pub fn between(mut self, before: impl Serialize, after: impl Serialize) -> Self {
        let mut before = serde_json::to_value(before).expect("plain data"); // safe: see above
        let mut after = serde_json::to_value(after).expect("plain data"); // safe: see above
        if let (Value::Object(before), Value::Object(after)) = (&mut before, &mut after) {
            before.retain(|field, value| match after.get(field) {
                Some(same) if same == value => {
                    after.remove(field);
                    false
                }
                _ => true,
            });
        }
        self.before = Some(before);
        self.after = Some(after);
        self
    }

    /// What it became.
    ///
    /// # Panics
    /// Never for plain data: only for maps with keys that are no text.
    #[must_use]
    pub fn after(mut self, value: impl Serialize) -> Self {
        self.after = Some(serde_json::to_value(value).expect("plain data")); // safe: see above
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(method: &str, path: &str) -> Origin {
        Origin {
            kind: ActorKind::Person,
            actor: None,
            session: None,
            org: None,
            method: method.into(),
            path: path.into(),
            ip: None,
            request_id: String::new(),
        }
    }

    #[test]
    fn of_two_states_only_the_difference_is_kept() {
        let change = Change::new(None, "event.edited", Uuid::nil()).between(
            serde_json::json!({"slug": "a", "doors": 1}),
            serde_json::json!({"slug": "b", "doors": 1}),
        );
        assert_eq!(change.before, Some(serde_json::json!({"slug": "a"})));
        assert_eq!(change.after, Some(serde_json::json!({"slug": "b"})));
    }

    #[test]
    fn a_request_is_named_by_its_operation_and_what_it_is_about() {
        let id = Uuid::now_v7();
        let change = Change::of_request(&origin("DELETE", &format!("/api/v1/holds/{id}")));
        assert_eq!((change.action.as_ref(), change.subject), ("delete.release_hold", Some(id)));
        let change = Change::of_request(&origin("POST", "/api/v1/orders"));
        assert_eq!((change.action.as_ref(), change.subject), ("post.place_order", None));
        let change = Change::of_request(&origin("DELETE", "/api/v1/sessions/current"));
        assert_eq!(change.action.as_ref(), "delete.sign_out");
        assert_eq!(Change::of_request(&origin("POST", "/elsewhere")).action.as_ref(), "post.unlisted");
    }
}
