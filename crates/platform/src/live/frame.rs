//! Frames of the WebSocket protocol (RFC 6455): what is said, ready to send, and what a client says.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use actix_http::ws::{CloseCode, CloseReason, OpCode, Parser};
use actix_web::dev::Payload;
use actix_web::web::{Bytes, BytesMut};
use contract::live::LiveMessage;
use futures_util::Stream as _;
use serde::Serialize;
use serde_json::Value;

/// Bytes of one message of a client at most.
const MOST_BYTES: usize = 16 << 10;

/// A fact as it is told under one name of its topic: [`LiveMessage::Changed`], of borrowed parts.
#[derive(Serialize)]
struct Changed<'a> {
    is: &'static str,
    topic: &'a str,
    at: &'a str,
    fact: &'a Value,
}

pub(super) fn changed(topic: &str, at: &str, fact: &Value) -> Bytes {
    text(&Changed { is: "changed", topic, at, fact })
}

pub(super) fn behind(topic: Option<String>) -> Bytes {
    text(&LiveMessage::Behind { topic })
}

/// A message as a text frame. The messages of the contract are always JSON.
pub(super) fn text(message: &impl Serialize) -> Bytes {
    match serde_json::to_vec(message) {
        Ok(json) => frame(OpCode::Text, &json),
        Err(error) => {
            tracing::error!(%error, "a live message is not JSON");
            Bytes::new()
        }
    }
}

pub(super) fn ping() -> Bytes {
    frame(OpCode::Ping, b"")
}

pub(super) fn pong(payload: &[u8]) -> Bytes {
    frame(OpCode::Pong, payload)
}

pub(super) fn close(code: Option<u16>) -> Bytes {
    let mut bytes = BytesMut::new();
    Parser::write_close(&mut bytes, code.map(|code| CloseReason::from(CloseCode::Other(code))), false);
    bytes.freeze()
}

fn frame(code: OpCode, payload: &[u8]) -> Bytes {
    let mut bytes = BytesMut::with_capacity(payload.len() + 10);
    Parser::write_message(&mut bytes, payload, code, true, false);
    bytes.freeze()
}

/// What a client says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// A whole text.
    Text(Bytes),
    Ping(Bytes),
    Pong,
    /// It says that it goes, and waits for us to say so too (RFC 6455, 5.5.1).
    Close,
    /// It went.
    Gone,
    /// What no client of ours says.
    Nonsense,
}

/// The bytes before a frame's payload, its mask included (RFC 6455, 5.2).
const LONGEST_HEAD: usize = 14;

/// Reads what a client says.
pub(super) struct Reader {
    payload: Payload,
    received: BytesMut,
    /// The beginning of a text that comes in several frames.
    begun: Option<BytesMut>,
}

impl Reader {
    pub(super) fn new(payload: Payload) -> Self {
        Self { payload, received: BytesMut::new(), begun: None }
    }

    pub(super) fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Heard> {
        loop {
            match Parser::parse(&mut self.received, true, MOST_BYTES) {
                Ok(Some((last, code, payload))) => {
                    if let Some(heard) = self.take(last, code, payload) {
                        return Poll::Ready(heard);
                    }
                }
                // The parser looks at a frame's size once all of it is here.
                Ok(None) if self.received.len() > MOST_BYTES + LONGEST_HEAD => {
                    return Poll::Ready(Heard::Nonsense);
                }
                Ok(None) => match ready!(Pin::new(&mut self.payload).poll_next(context)) {
                    // Copied, since the bytes hold a large buffer of the connection.
                    Some(Ok(bytes)) => self.received.extend_from_slice(&bytes),
                    Some(Err(_)) | None => return Poll::Ready(Heard::Gone),
                },
                Err(_) => return Poll::Ready(Heard::Nonsense),
            }
        }
    }

    /// One frame; `None` while more of its text is to come.
    fn take(&mut self, last: bool, code: OpCode, payload: Option<BytesMut>) -> Option<Heard> {
        let payload = payload.unwrap_or_default();
        if self.received.is_empty() {
            self.received = BytesMut::new();
        }
        match (code, &mut self.begun) {
            (OpCode::Ping, _) => return Some(Heard::Ping(payload.freeze())),
            (OpCode::Pong, _) => return Some(Heard::Pong),
            (OpCode::Close, _) => return Some(Heard::Close),
            (OpCode::Text, None) => self.begun = Some(payload),
            (OpCode::Continue, Some(begun)) if begun.len() + payload.len() <= MOST_BYTES => {
                begun.extend_from_slice(&payload);
            }
            _ => return Some(Heard::Nonsense),
        }
        if last { self.begun.take().map(|text| Heard::Text(text.freeze())) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::StreamExt as _;

    use super::*;

    /// What is heard of frames that come in one piece, as a client masks them.
    async fn heard(frames: &[(OpCode, &[u8], bool)]) -> Vec<Heard> {
        let mut bytes = BytesMut::new();
        for (code, payload, last) in frames {
            Parser::write_message(&mut bytes, payload, *code, *last, true);
        }
        let mut reader = Reader::new(Payload::from(bytes.freeze()));
        let mut all = Vec::new();
        while all.last().is_none_or(|heard| !matches!(heard, Heard::Gone | Heard::Nonsense)) {
            all.push(std::future::poll_fn(|context| reader.poll_next(context)).await);
        }
        all
    }

    #[tokio::test]
    async fn a_text_in_several_frames_is_one_and_a_ping_may_come_between() {
        let frames: &[(OpCode, &[u8], bool)] = &[
            (OpCode::Text, b"one ", false),
            (OpCode::Ping, b"?", true),
            (OpCode::Continue, b"two ", false),
            (OpCode::Continue, b"three", true),
            (OpCode::Text, b"four", true),
        ];
        let [ping, text, next] =
            [Heard::Ping("?".into()), Heard::Text("one two three".into()), Heard::Text("four".into())];
        assert_eq!(heard(frames).await, [ping, text, next, Heard::Gone]);
    }

    #[tokio::test]
    async fn a_goodbye_is_heard_as_one() {
        assert_eq!(heard(&[(OpCode::Close, b"", true)]).await, [Heard::Close, Heard::Gone]);
    }

    #[tokio::test]
    async fn what_no_client_of_ours_says_is_nonsense() {
        let large = vec![b'a'; MOST_BYTES];
        for frames in [
            &[(OpCode::Binary, &b"\0"[..], true)][..],
            &[(OpCode::Continue, b"two", true)],
            &[(OpCode::Text, b"one", false), (OpCode::Text, b"one", true)],
            &[(OpCode::Text, &large, false), (OpCode::Continue, b"a", true)],
        ] {
            assert_eq!(heard(frames).await, [Heard::Nonsense]);
        }
    }

    #[tokio::test]
    async fn a_frame_that_announces_too_much_is_not_waited_for() {
        // A masked text of 2^40 bytes, of which a little more than may come has come.
        let mut bytes = BytesMut::from(&[0x81, 0xff, 0, 0, 1, 0, 0, 0, 0, 0, 1, 2, 3, 4][..]);
        bytes.extend_from_slice(&vec![b'a'; MOST_BYTES + 1]);
        let begun = futures_util::stream::iter([Ok(bytes.freeze())]).chain(futures_util::stream::pending());
        let mut reader = Reader::new(Payload::from(begun.boxed_local() as actix_http::BoxedPayloadStream));
        let heard = std::future::poll_fn(|context| reader.poll_next(context)).await;
        assert_eq!(heard, Heard::Nonsense);
    }
}
