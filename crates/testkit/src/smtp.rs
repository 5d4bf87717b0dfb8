//! A mail server that keeps what it gets and refuses when told to: enough of SMTP (RFC 5321) for a real
//! client to hand over real mail.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// A mail as it came over the wire.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReceivedMail {
    /// The sender of the envelope.
    pub from: String,
    /// The recipients of the envelope.
    pub to: Vec<String>,
    /// Headers and body, with `\r\n`, dots unstuffed.
    pub data: String,
}

/// How the server answers a mail.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mood {
    /// Takes it.
    #[default]
    Takes,
    /// Asks to come back later (451).
    Busy,
    /// Refuses for good (550).
    Refuses,
    /// Refuses for good, because there is no such address (550 5.1.1).
    KnowsNobody,
    /// Hangs up in the middle of the mail.
    HangsUp,
}

#[derive(Default)]
struct State {
    mood: Mood,
    received: Vec<ReceivedMail>,
}

/// A mail server on a port of its own; ends when dropped.
pub struct SmtpSink {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    /// With all conversations; none while the server is away.
    listener: Option<JoinHandle<()>>,
}

impl SmtpSink {
    /// Starts on a free port of the loopback address.
    ///
    /// # Errors
    /// No port is free.
    pub async fn start() -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let state = Arc::new(Mutex::new(State::default()));
        let listener = Some(tokio::spawn(listen(listener, Arc::clone(&state))));
        Ok(Self { address, state, listener })
    }

    /// Goes away: who talks to it is cut off, who calls is refused. What it has taken it keeps.
    pub async fn stop(&mut self) {
        if let Some(listener) = self.listener.take() {
            listener.abort();
            // Cancelled: the port is free now.
            let _ = listener.await;
        }
    }

    /// Comes back on the same port.
    ///
    /// # Errors
    /// Somebody else has taken the port.
    pub async fn resume(&mut self) -> std::io::Result<()> {
        let listener = TcpListener::bind(self.address).await?;
        self.listener = Some(tokio::spawn(listen(listener, Arc::clone(&self.state))));
        Ok(())
    }

    /// The address for `RINGSIDE_SMTP_URL`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// What the server does with mail from now on.
    pub fn set_mood(&self, mood: Mood) {
        lock(&self.state).mood = mood;
    }

    /// The mails taken so far, oldest first.
    #[must_use]
    pub fn received(&self) -> Vec<ReceivedMail> {
        lock(&self.state).received.clone()
    }
}

impl Drop for SmtpSink {
    fn drop(&mut self) {
        if let Some(listener) = &self.listener {
            listener.abort();
        }
    }
}

/// Takes callers for ever; its conversations end with it.
async fn listen(listener: TcpListener, state: Arc<Mutex<State>>) {
    let mut conversations = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        conversations.spawn(converse(stream, Arc::clone(&state)));
        while conversations.try_join_next().is_some() {}
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One client, from greeting to QUIT. A lost connection just ends.
async fn converse(stream: TcpStream, state: Arc<Mutex<State>>) {
    let (reader, writer) = stream.into_split();
    let mut session = Session { lines: BufReader::new(reader), writer, state, mail: ReceivedMail::default() };
    // The client is gone: there is nobody to tell.
    let _ = session.run().await;
}

struct Session {
    lines: BufReader<OwnedReadHalf>,
    writer: OwnedWriteHalf,
    state: Arc<Mutex<State>>,
    mail: ReceivedMail,
}

impl Session {
    async fn run(&mut self) -> std::io::Result<()> {
        self.say("220 sink ESMTP").await?;
        loop {
            let mut line = String::new();
            if self.lines.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            let verb = line.split([' ', '\r', '\n']).next().unwrap_or_default().to_ascii_uppercase();
            match verb.as_str() {
                "EHLO" => self.say("250-sink\r\n250-8BITMIME\r\n250 SMTPUTF8").await?,
                "HELO" | "NOOP" => self.say("250 OK").await?,
                "MAIL" => {
                    self.mail = ReceivedMail { from: address(&line), ..ReceivedMail::default() };
                    self.say("250 OK").await?;
                }
                "RCPT" => {
                    self.mail.to.push(address(&line));
                    self.say("250 OK").await?;
                }
                "RSET" => {
                    self.mail = ReceivedMail::default();
                    self.say("250 OK").await?;
                }
                "DATA" => {
                    if self.mood() == Mood::HangsUp {
                        return Ok(());
                    }
                    self.take().await?;
                }
                "QUIT" => return self.say("221 Bye").await,
                _ => self.say("502 Not known here").await?,
            }
        }
    }

    async fn take(&mut self) -> std::io::Result<()> {
        self.say("354 Go ahead").await?;
        let mut data = String::new();
        loop {
            let mut line = String::new();
            if self.lines.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            if line == ".\r\n" {
                break;
            }
            data.push_str(line.strip_prefix('.').unwrap_or(&line));
        }
        match self.mood() {
            Mood::Busy => self.say("451 Too busy, come back later").await,
            Mood::Refuses => self.say("550 No such mailbox").await,
            Mood::KnowsNobody => self.say("550 5.1.1 No such user here").await,
            Mood::Takes | Mood::HangsUp => {
                let mail = ReceivedMail { data, ..std::mem::take(&mut self.mail) };
                lock(&self.state).received.push(mail);
                self.say("250 Taken").await
            }
        }
    }

    fn mood(&self) -> Mood {
        lock(&self.state).mood
    }

    async fn say(&mut self, line: &str) -> std::io::Result<()> {
        self.writer.write_all(format!("{line}\r\n").as_bytes()).await
    }
}

/// The address between angle brackets.
fn address(line: &str) -> String {
    let inside = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inside.map_or_else(String::new, |(address, _)| address.to_owned())
}
