//! A DNS server on the loopback that knows TXT records.

use std::collections::HashMap;
use std::net::{SocketAddr, UdpSocket};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

type Texts = Arc<Mutex<HashMap<String, String>>>;

/// A running server; ends when dropped.
pub struct DnsServer {
    address: SocketAddr,
    texts: Texts,
    thread: Option<JoinHandle<()>>,
}

impl DnsServer {
    /// Starts it, without records.
    #[must_use]
    pub fn start() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("the loopback has a free port");
        let address = socket.local_addr().expect("a bound socket has an address");
        let texts = Texts::default();
        let known = Arc::clone(&texts);
        let thread = std::thread::spawn(move || {
            let mut packet = [0; 512];
            // An empty packet is the word to end.
            while let Ok((length @ 1.., from)) = socket.recv_from(&mut packet) {
                if let Some(answer) = answer(&packet[..length], &known) {
                    let _ = socket.send_to(&answer, from);
                }
            }
        });
        Self { address, texts, thread: Some(thread) }
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Publishes a record, up to 255 bytes, in place of the one before.
    pub fn publish(&self, name: &str, text: &str) {
        self.known().insert(name.to_lowercase(), text.to_owned());
    }

    /// Takes a record away.
    pub fn withdraw(&self, name: &str) {
        self.known().remove(&name.to_lowercase());
    }

    fn known(&self) -> std::sync::MutexGuard<'_, HashMap<String, String>> {
        self.texts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for DnsServer {
    fn drop(&mut self) {
        let told = UdpSocket::bind("127.0.0.1:0").and_then(|socket| socket.send_to(&[], self.address));
        if let (Ok(_), Some(thread)) = (told, self.thread.take()) {
            let _ = thread.join();
        }
    }
}

/// The answer to a query of one question (RFC 1035, section 4); none to what cannot be read.
fn answer(query: &[u8], texts: &Texts) -> Option<Vec<u8>> {
    let (mut at, mut labels) = (12, Vec::new());
    loop {
        let length = usize::from(*query.get(at)?);
        at += 1;
        if length == 0 {
            break;
        }
        labels.push(String::from_utf8_lossy(query.get(at..at + length)?).to_lowercase());
        at += length;
    }
    let question = query.get(12..at + 4)?;
    let text = texts.lock().unwrap_or_else(PoisonError::into_inner).get(&labels.join(".")).cloned();
    // An answer, or "no such name"; one question, nothing but answers behind it.
    let (flags, answers) = if text.is_some() { (0x8180_u16, 1) } else { (0x8183, 0) };
    let mut bytes = query[..2].to_vec();
    bytes.extend(flags.to_be_bytes());
    bytes.extend([0, 1, 0, answers, 0, 0, 0, 0]);
    bytes.extend(question);
    if let Some(text) = text {
        let length = u8::try_from(text.len()).ok()?;
        // The name asked for, TXT, IN, good for no time.
        bytes.extend([0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 0]);
        bytes.extend((u16::from(length) + 1).to_be_bytes());
        bytes.push(length);
        bytes.extend(text.as_bytes());
    }
    Some(bytes)
}
