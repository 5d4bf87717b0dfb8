//! Finding in a message what we need, by JSON pointers (RFC 6901).

use contract::inbound::InboundMapping;
use serde_json::Value;

/// What a message says, as its source's mapping finds it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// None: the mapping names no place.
    pub(super) idempotency_key: Option<String>,
    pub(super) event_type: String,
    pub(super) subject: Option<String>,
}

/// Longer is no key, no type and no subject.
const LONGEST: usize = 255;

/// Looks into a message; the error is the pointer at which nothing of use stands.
pub(super) fn find<'m>(mapping: &'m InboundMapping, message: &Value) -> Result<Found, &'m str> {
    let must = |pointer: &'m str| text_at(message, pointer).ok_or(pointer);
    Ok(Found {
        idempotency_key: mapping.idempotency_key.as_deref().map(must).transpose()?,
        event_type: must(&mapping.event_type)?,
        subject: mapping.subject.as_deref().and_then(|pointer| text_at(message, pointer)),
    })
}

/// A text, a number or a truth value, as text.
fn text_at(message: &Value, pointer: &str) -> Option<String> {
    let text = match message.pointer(pointer)? {
        Value::String(text) => text.clone(),
        value @ (Value::Number(_) | Value::Bool(_)) => value.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    // PostgreSQL keeps no NUL in a text.
    (!text.is_empty() && text.len() <= LONGEST && !text.contains('\0')).then_some(text)
}

/// Whether a text is a pointer to something inside a message.
pub(super) fn is_pointer(text: &str) -> bool {
    let escapes = |part: &str| part.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
    text.strip_prefix('/').is_some_and(|rest| rest.split('/').all(escapes))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn mapping(key: Option<&str>, subject: Option<&str>) -> InboundMapping {
        InboundMapping {
            idempotency_key: key.map(Into::into),
            event_type: "/type".into(),
            subject: subject.map(Into::into),
        }
    }

    #[test]
    fn what_is_needed_is_found_and_what_is_missing_is_named() {
        let message = json!({"id": 7, "type": "invoice.settled", "data": {"a/b": [{"no": "INV-1"}]}});
        let deep = mapping(Some("/id"), Some("/data/a~1b/0/no"));
        let found = find(&deep, &message).unwrap();
        assert_eq!(found.idempotency_key.as_deref(), Some("7"));
        assert_eq!((found.event_type.as_str(), found.subject.as_deref()), ("invoice.settled", Some("INV-1")));
        assert_eq!(find(&mapping(Some("/data"), None), &message), Err("/data"), "no text");
        assert_eq!(find(&mapping(None, None), &json!({"type": ""})), Err("/type"));
        assert_eq!(find(&mapping(None, Some("/x")), &message).unwrap().subject, None, "it may be missing");
    }

    #[test]
    fn a_pointer_begins_with_a_slash() {
        for good in ["/", "/id", "/a/0/b", "/a~1b/c~0d"] {
            assert!(is_pointer(good), "{good}");
        }
        for bad in ["", "id", "$.id", "/a~2", "/a~"] {
            assert!(!is_pointer(bad), "{bad}");
        }
    }
}
