//! One WebSocket of the load (RFC 6455). socket.io wraps its messages into texts of its own
//! (Engine.IO protocol 4, Socket.IO protocol 5); all else is the same for both servers.

use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Instant;

use actix_http::ws::{OpCode, Parser};
use actix_web::web::BytesMut;
use anyhow::{Context as _, Result, bail, ensure};
use contract::live::LIVE_PATH;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::Notes;

const MOST_BYTES: usize = 1 << 20;
/// Before the time at which a fact was published, in microseconds since the load began.
const MICROS: &[u8] = b"\"micros\":";

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    Plain,
    SocketIo,
}

pub struct Socket {
    dialect: Dialect,
    stream: TcpStream,
    received: BytesMut,
}

impl Socket {
    /// Connects and enters the room.
    pub async fn open(dialect: Dialect, server: SocketAddr, room: &str) -> Result<Self> {
        let mut stream = TcpStream::connect(server).await?;
        stream.set_nodelay(true)?;
        let path = match dialect {
            Dialect::Plain => LIVE_PATH,
            Dialect::SocketIo => "/socket.io/?EIO=4&transport=websocket",
        };
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {server}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: cmluZ3NpZGUtYmVuY2gtMQ==\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await?;
        let mut socket = Self { dialect, stream, received: BytesMut::new() };
        let end = loop {
            if let Some(end) = socket.received.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            socket.read().await?;
        };
        let head = socket.received.split_to(end);
        ensure!(head.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&head));
        if dialect == Dialect::SocketIo {
            socket.hear(b"0").await?;
            socket.say("40").await?;
            socket.hear(b"40").await?;
            socket.say(&format!("42{}", json!(["join", room]))).await?;
            socket.hear(b"42[\"subscribed\"").await?;
        } else {
            socket.say(&json!({"do": "subscribe", "topics": [room]}).to_string()).await?;
            socket.hear(b"{\"is\":\"subscribed\"").await?;
        }
        // What was read on the way is not kept for ever.
        socket.received = BytesMut::from(&socket.received[..]);
        Ok(socket)
    }

    pub async fn say(&mut self, text: &str) -> Result<()> {
        self.send(OpCode::Text, text.as_bytes()).await
    }

    async fn send(&mut self, code: OpCode, payload: &[u8]) -> Result<()> {
        let mut frame = BytesMut::new();
        Parser::write_message(&mut frame, payload, code, true, true);
        Ok(self.stream.write_all(&frame).await?)
    }

    /// Waits for a text that begins so.
    async fn hear(&mut self, begins: &[u8]) -> Result<()> {
        loop {
            if let Some(text) = self.next()? {
                if text.starts_with(begins) {
                    return Ok(());
                }
            } else {
                self.read().await?;
            }
        }
    }

    async fn read(&mut self) -> Result<()> {
        let read = self.stream.read_buf(&mut self.received).await?;
        ensure!(read > 0, "the server closed a socket");
        Ok(())
    }

    /// The next text that has arrived. Pings that need an answer come as their own kind of text.
    fn next(&mut self) -> Result<Option<BytesMut>> {
        match Parser::parse(&mut self.received, false, MOST_BYTES)? {
            None => Ok(None),
            Some((_, OpCode::Text, text)) => Ok(text),
            Some((_, OpCode::Ping, _)) => Ok(Some(BytesMut::from(PING))),
            Some((_, code, _)) => bail!("the server said {code}"),
        }
    }

    /// Hears for ever, and notes how long each message took.
    pub async fn listen(mut self, began: Instant, notes: Rc<Notes>) -> Result<()> {
        loop {
            self.read().await?;
            let mut heard = 0;
            while let Some(text) = self.next()? {
                if is_ping(&text) {
                    self.pong().await?;
                    continue;
                }
                let place = text.windows(MICROS.len()).position(|bytes| bytes == MICROS);
                let Some(place) = place else { continue };
                let digits = text[place + MICROS.len()..].iter().take_while(|byte| byte.is_ascii_digit());
                let told = digits.fold(0_u64, |told, digit| told * 10 + u64::from(digit - b'0'));
                let now = u64::try_from(began.elapsed().as_micros())?;
                notes.micros.borrow_mut().push(u32::try_from(now.saturating_sub(told))?);
                heard += 1;
            }
            notes.heard.set(notes.heard.get() + heard);
            notes.news.notify_waiters();
        }
    }

    /// Answers what was asked meanwhile, without waiting.
    pub async fn answer_pings(&mut self) -> Result<()> {
        let mut bytes = [0; 4096];
        match self.stream.try_read(&mut bytes) {
            Ok(read) => self.received.extend_from_slice(&bytes[..read]),
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error).context("the server is gone"),
        }
        while let Some(text) = self.next()? {
            if is_ping(&text) {
                self.pong().await?;
            }
        }
        Ok(())
    }

    async fn pong(&mut self) -> Result<()> {
        match self.dialect {
            Dialect::Plain => self.send(OpCode::Pong, b"").await,
            Dialect::SocketIo => self.say("3").await,
        }
    }
}

/// A ping of Engine.IO; one of the WebSocket protocol is handed on in the same form.
const PING: &[u8] = b"2";

fn is_ping(text: &[u8]) -> bool {
    text == PING
}
