//! A receiver of webhooks on the loopback: keeps what comes, and answers as it is told.

use std::collections::{BTreeMap, VecDeque};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

/// What came.
#[derive(Debug, Clone)]
pub struct Received {
    /// `POST /hook`.
    pub line: String,
    /// The headers, their names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body as text.
    pub body: String,
    /// The body as it came.
    pub bytes: Vec<u8>,
}

/// How a request is answered.
#[derive(Debug, Clone)]
pub enum Reply {
    /// By a status, headers and a body.
    With(u16, Vec<(&'static str, String)>, String),
    /// Not at all: the connection stays open until the sender gives up.
    Silence,
}

impl Reply {
    /// By a status and nothing else.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self::With(status, Vec::new(), String::new())
    }
}

#[derive(Default)]
struct Known {
    received: Vec<Received>,
    replies: VecDeque<Reply>,
}

/// A running receiver; ends when dropped.
pub struct Receiver {
    address: SocketAddr,
    known: Arc<Mutex<Known>>,
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Receiver {
    /// Starts it; it answers 200 unless it is told otherwise.
    #[must_use]
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("the loopback has a free port");
        let address = listener.local_addr().expect("a bound listener has an address");
        let (known, over) = (Arc::new(Mutex::new(Known::default())), Arc::new(AtomicBool::new(false)));
        let (theirs, ended) = (Arc::clone(&known), Arc::clone(&over));
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if ended.load(Ordering::Relaxed) {
                    return;
                }
                let (Ok(stream), known) = (stream, Arc::clone(&theirs)) else { continue };
                std::thread::spawn(move || answer(stream, &known));
            }
        });
        Self { address, known, over, thread: Some(thread) }
    }

    /// Where it listens, `http://127.0.0.1:…/hook`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    /// Its port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// How the next requests are answered, one after the other.
    pub fn reply(&self, replies: impl IntoIterator<Item = Reply>) {
        lock(&self.known).replies.extend(replies);
    }

    /// Takes what has come since the last time.
    #[must_use]
    pub fn take(&self) -> Vec<Received> {
        std::mem::take(&mut lock(&self.known).received)
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        // Whoever waits for a connection wakes up by one.
        let told = TcpStream::connect(self.address);
        if let (Ok(_), Some(thread)) = (told, self.thread.take()) {
            let _ = thread.join();
        }
    }
}

fn lock(known: &Mutex<Known>) -> MutexGuard<'_, Known> {
    known.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One request and its answer; what breaks off is no request.
fn answer(stream: TcpStream, known: &Mutex<Known>) {
    let mut reader = BufReader::new(stream);
    let Some(received) = read(&mut reader) else { return };
    let reply = {
        let mut known = lock(known);
        known.received.push(received);
        known.replies.pop_front().unwrap_or(Reply::status(200))
    };
    match reply {
        Reply::Silence => {
            // Until the other side closes.
            let _ = reader.read(&mut [0]);
        }
        Reply::With(status, headers, body) => {
            let mut text = format!(
                "HTTP/1.1 {status} Answer\r\nConnection: close\r\nContent-Length: {}\r\n",
                body.len()
            );
            for (name, value) in headers {
                text.push_str(&format!("{name}: {value}\r\n"));
            }
            let _ = reader.get_mut().write_all(format!("{text}\r\n{body}").as_bytes());
        }
    }
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<Received> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let line = line.trim().strip_suffix(" HTTP/1.1")?.to_owned();
    let mut headers = BTreeMap::new();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let Some((name, value)) = header.trim().split_once(':') else { break };
        headers.insert(name.to_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Received { line, headers, body: String::from_utf8_lossy(&body).into_owned(), bytes: body })
}
