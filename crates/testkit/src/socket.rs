//! The WebSocket of live updates, as a browser would use it (RFC 6455).

use actix_http::ws::{OpCode, Parser};
use actix_web::web::BytesMut;
use contract::live::{LIVE_PATH, LiveMessage};
use serde::Serialize;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// An open socket.
pub struct Socket {
    stream: TcpStream,
    received: BytesMut,
}

/// How long a message may take.
const PATIENCE: Duration = Duration::from_secs(10);
const MOST_BYTES: usize = 1 << 20;

impl Socket {
    pub(crate) async fn open(url: &str) -> Self {
        let address = url.trim_start_matches("http://");
        let mut stream = TcpStream::connect(address).await.expect("the server listens");
        let request = format!(
            "GET {LIVE_PATH} HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: cmluZ3NpZGUtdGVzdGtleQ==\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await.expect("the request is sent");
        let mut received = BytesMut::new();
        let end = loop {
            stream.read_buf(&mut received).await.expect("the server answers");
            if let Some(end) = received.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            assert!(received.len() < 8_192, "the answer has no end");
        };
        let head = received.split_to(end);
        assert!(head.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&head));
        Self { stream, received }
    }

    /// Says something.
    pub async fn say(&mut self, message: &impl Serialize) {
        let text = serde_json::to_string(message).expect("tests say JSON");
        self.send(text.as_bytes(), OpCode::Text).await;
    }

    async fn send(&mut self, payload: &[u8], code: OpCode) {
        let mut frame = BytesMut::new();
        Parser::write_message(&mut frame, payload, code, true, true);
        self.stream.write_all(&frame).await.expect("the server listens");
    }

    /// The next message, without the position, which differs from run to run.
    ///
    /// # Panics
    /// When none comes in ten seconds, or the server closes.
    pub async fn hear(&mut self) -> LiveMessage {
        self.hear_with_position().await.0
    }

    /// The next message, and its position apart.
    ///
    /// # Panics
    /// When none comes in ten seconds, or the server closes.
    pub async fn hear_with_position(&mut self) -> (LiveMessage, Option<String>) {
        let next = tokio::time::timeout(PATIENCE, self.next()).await;
        let mut message = next.expect("a message comes in time");
        let position = match &mut message {
            LiveMessage::Subscribed { at, .. } | LiveMessage::Changed { at, .. } => at.take(),
            _ => None,
        };
        (message, position)
    }

    /// The next message that is none of those that come now and then: who is present, and that all is to be
    /// fetched.
    ///
    /// # Panics
    /// When none comes in ten seconds, or the server closes.
    pub async fn hear_told(&mut self) -> LiveMessage {
        loop {
            let message = self.hear().await;
            if !matches!(message, LiveMessage::Present { .. } | LiveMessage::Behind { topic: None }) {
                return message;
            }
        }
    }

    /// Waits until the server closes, whatever it says before; the code it gives.
    ///
    /// # Panics
    /// When it does not in ten seconds, or goes without a word.
    pub async fn closed(&mut self) -> u16 {
        tokio::time::timeout(PATIENCE, self.last()).await.expect("the server closes in time")
    }

    async fn last(&mut self) -> u16 {
        loop {
            match Parser::parse(&mut self.received, false, MOST_BYTES).expect("the server's frames are right")
            {
                Some((_, OpCode::Close, Some(payload))) => {
                    return u16::from_be_bytes([payload[0], payload[1]]);
                }
                Some(_) => {}
                None => {
                    let read = self.stream.read_buf(&mut self.received).await.expect("the socket is open");
                    assert!(read > 0, "the server went away");
                }
            }
        }
    }

    async fn next(&mut self) -> LiveMessage {
        loop {
            let frame =
                Parser::parse(&mut self.received, false, MOST_BYTES).expect("the server's frames are right");
            match frame {
                Some((_, OpCode::Text, Some(payload))) => {
                    return serde_json::from_slice(&payload).expect("the server says JSON of the contract");
                }
                Some((_, OpCode::Ping, payload)) => {
                    let payload = payload.map(|payload| payload.to_vec()).unwrap_or_default();
                    self.send(&payload, OpCode::Pong).await;
                }
                Some((_, OpCode::Close, _)) => panic!("the server closed the socket"),
                Some(_) => {}
                None => {
                    let read = self.stream.read_buf(&mut self.received).await.expect("the socket is open");
                    assert!(read > 0, "the server went away");
                }
            }
        }
    }
}
