//! A DNS server on the loopback that knows TXT and A records.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

/// By name and type (RFC 1035, 3.2.2): the data of the records.
type Known = HashMap<(String, u16), Vec<Vec<u8>>>;
type Records = Arc<Mutex<Known>>;

const A: u16 = 1;
const TXT: u16 = 16;

/// A running server; ends when dropped.
pub struct DnsServer {
    address: SocketAddr,
    records: Records,
    thread: Option<JoinHandle<()>>,
}

impl DnsServer {
    /// Starts it, without records.
    #[must_use]
    pub fn start() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("the loopback has a free port");
        let address = socket.local_addr().expect("a bound socket has an address");
        let records = Records::default();
        let known = Arc::clone(&records);
        let thread = std::thread::spawn(move || {
            let mut packet = [0; 512];
            // An empty packet is the word to end.
            while let Ok((length @ 1.., from)) = socket.recv_from(&mut packet) {
                if let Some(answer) = answer(&packet[..length], &known) {
                    let _ = socket.send_to(&answer, from);
                }
            }
        });
        Self { address, records, thread: Some(thread) }
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Publishes a text, in place of those before.
    pub fn publish(&self, name: &str, text: &str) {
        self.publish_all(name, &[text]);
    }

    /// Publishes texts, in place of those before.
    pub fn publish_all(&self, name: &str, texts: &[&str]) {
        self.known().insert((name.to_lowercase(), TXT), texts.iter().map(|text| parted(text)).collect());
    }

    /// Publishes an address, in place of the one before.
    pub fn publish_address(&self, name: &str, address: Ipv4Addr) {
        self.known().insert((name.to_lowercase(), A), vec![address.octets().to_vec()]);
    }

    /// Takes a text away.
    pub fn withdraw(&self, name: &str) {
        self.known().remove(&(name.to_lowercase(), TXT));
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
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

/// A text as strings of at most 255 bytes, each behind its length (RFC 1035, 3.3.14).
fn parted(text: &str) -> Vec<u8> {
    let part = |part: &[u8]| [&[u8::try_from(part.len()).unwrap_or(u8::MAX)], part].concat();
    text.as_bytes().chunks(255).flat_map(part).collect()
}

/// The answer to a query of one question (RFC 1035, section 4); none to what cannot be read.
fn answer(query: &[u8], records: &Records) -> Option<Vec<u8>> {
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
    let (name, kind) = (labels.join("."), u16::from_be_bytes(query.get(at..at + 2)?.try_into().ok()?));
    let records = records.lock().unwrap_or_else(PoisonError::into_inner);
    let found = records.get(&(name.clone(), kind)).map(Vec::as_slice).unwrap_or_default();
    // "No such name" is said only of a name without any record.
    let flags = if records.keys().any(|(known, _)| *known == name) { 0x8180_u16 } else { 0x8183 };
    let mut bytes = query[..2].to_vec();
    bytes.extend(flags.to_be_bytes());
    bytes.extend([0, 1, 0, u8::try_from(found.len()).ok()?, 0, 0, 0, 0]);
    bytes.extend(question);
    for data in found {
        // The name asked for, its type, IN, good for no time.
        bytes.extend([0xc0, 12]);
        bytes.extend(kind.to_be_bytes());
        bytes.extend([0, 1, 0, 0, 0, 0]);
        bytes.extend(u16::try_from(data.len()).ok()?.to_be_bytes());
        bytes.extend(data);
    }
    Some(bytes)
}
