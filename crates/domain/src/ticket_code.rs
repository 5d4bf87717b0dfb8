//! The static ticket code: what the QR on a printed or mailed ticket holds.
//!
//! ```text
//! "RS" + Base45( version 1 | key id 1 | event tag 6 | nonce 12
//!              | AES-256-GCM( ticket id 16, event id 16, zone 2, generation 4, from 4, to 4 ) 46 + 16
//!              | Ed25519 signature 64 )
//! ```
//!
//! 221 characters of the alphanumeric set: exactly a QR of version 8 at error correction M.
//! Numbers are big-endian. The header is authenticated by the cipher (as associated data) and,
//! like everything before it, by the signature. The code holds no personal data and shows no id;
//! the event tag lets a reader pick the event's keys and means nothing without the master key.
//!
//! A scanner holds [`ScannerKeys`]: it can open a code but cannot make one.
//! [`open`] is total: any text gives the claims or a named [`CodeError`].

mod keys;

#[cfg(test)]
mod tests;

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit};
use chrono::{DateTime, Utc};
use ed25519_dalek::{Signature, Signer};
use uuid::Uuid;

pub use keys::{EventKeys, EventTag, MasterKey, ScannerKeys, event_tag};

use crate::base45;

/// What every code begins with, so that another QR is told apart at once.
const PREFIX: &str = "RS";
const VERSION: u8 = 1;
const HEADER: usize = 8;
const NONCE: usize = 12;
const CLAIMS: usize = 46;
const TAG: usize = 16;
const SIGNATURE: usize = 64;
const SIGNED: usize = HEADER + NONCE + CLAIMS + TAG;

/// Bytes of a code before Base45.
pub const CODE_BYTES: usize = SIGNED + SIGNATURE;
/// Characters of a code, prefix included.
pub const CODE_CHARACTERS: usize = 221;

/// Whole minutes since 1970-01-01T00:00Z; reaches to the year 10136.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixMinute(pub u32);

impl UnixMinute {
    /// The minute that holds `time`; `None` before 1970 or after the range.
    pub fn from_time(time: DateTime<Utc>) -> Option<Self> {
        u32::try_from(time.timestamp().div_euclid(60)).ok().map(Self)
    }

    /// The first instant of the minute; `None` beyond what a calendar date can hold.
    pub fn time(self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp(i64::from(self.0) * 60, 0)
    }
}

/// What a code says about its ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TicketClaims {
    /// The ticket.
    pub ticket_id: Uuid,
    /// The event; must be the event of the keys.
    pub event_id: Uuid,
    /// Number of the zone within the event.
    pub zone: u16,
    /// Raised by transfer, exchange and reissue; older generations are revoked.
    pub generation: u32,
    /// First minute of admission.
    pub valid_from: UnixMinute,
    /// Last minute of admission.
    pub valid_to: UnixMinute,
}

/// The readable start of a code: enough to pick the keys, nothing is proven yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeHeader {
    /// Which master key it was made with.
    pub key_id: u8,
    /// Which event it says it is for.
    pub event_tag: EventTag,
}

/// Why a text is not an acceptable ticket code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Not one of our codes at all.
    #[error("not a Ringside ticket")]
    NotATicket,
    /// Made by a newer (or no) Ringside.
    #[error("ticket code version {0} is not known")]
    UnknownVersion(u8),
    /// Made with a master key these keys do not come from.
    #[error("ticket code key {0} is not known")]
    UnknownKey(u8),
    /// A code of another event.
    #[error("ticket of another event")]
    OtherEvent,
    /// The signature or the seal does not hold: a changed or forged code.
    #[error("the ticket code was altered")]
    Altered,
    /// One of our codes, but damaged.
    #[error("damaged ticket code: {0}")]
    Malformed(Damage),
}

/// How a code is damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// Not Base45 behind the prefix.
    #[error("{0}")]
    Text(#[from] base45::Base45Error),
    /// Cut off or too long.
    #[error("{found} bytes instead of {CODE_BYTES}")]
    Length {
        /// Bytes after Base45.
        found: usize,
    },
    /// Ends before it starts.
    #[error("valid to is before valid from")]
    Window,
}

/// Makes the code of a ticket. `nonce` must be random or otherwise never used twice for one event.
///
/// A claim for another event than the keys' gives a code that [`open`] refuses as
/// [`CodeError::OtherEvent`]; likewise a window that ends before it starts is refused as damaged.
pub fn seal(keys: &EventKeys, claims: &TicketClaims, nonce: [u8; NONCE]) -> String {
    let mut code = Vec::with_capacity(CODE_BYTES);
    code.extend([VERSION, keys.key_id()]);
    code.extend(keys.tag().0);
    let sealed = cipher(keys.opening())
        .encrypt(&nonce.into(), Payload { msg: &claims.to_bytes(), aad: &code })
        .expect("46 bytes are far below the limit of AES-GCM"); // safe: the length is fixed
    code.extend(nonce);
    code.extend(sealed);
    let signature = keys.signing().sign(&code);
    code.extend(signature.to_bytes());
    format!("{PREFIX}{}", base45::encode(&code))
}

/// Reads the start of a code without any key, so that the event's keys can be found.
///
/// # Errors
/// [`CodeError::NotATicket`], [`CodeError::UnknownVersion`] or [`CodeError::Malformed`].
pub fn peek(text: &str) -> Result<CodeHeader, CodeError> {
    decode(text).map(|code| header(&code))
}

/// Checks and reads a code: version, key, event and signature first, then the seal.
///
/// The claims are proven, but whether the ticket may enter now (generation, window, zone,
/// earlier scans) is the caller's question.
///
/// # Errors
/// [`CodeError`], for any text whatever.
pub fn open(keys: &ScannerKeys, text: &str) -> Result<TicketClaims, CodeError> {
    let code = decode(text)?;
    let CodeHeader { key_id, event_tag } = header(&code);
    if key_id != keys.key_id() {
        return Err(CodeError::UnknownKey(key_id));
    }
    if event_tag != keys.tag() {
        return Err(CodeError::OtherEvent);
    }
    let (signed, signature) = code.split_at(SIGNED);
    let signature = Signature::from_slice(signature).map_err(|_| CodeError::Altered)?;
    keys.verifying().verify_strict(signed, &signature).map_err(|_| CodeError::Altered)?;

    let (aad, rest) = signed.split_at(HEADER);
    let (nonce, sealed) = rest.split_at(NONCE);
    let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| CodeError::Altered)?;
    let plain = cipher(keys.opening())
        .decrypt(&nonce.into(), Payload { msg: sealed, aad })
        .map_err(|_| CodeError::Altered)?;
    let plain: [u8; CLAIMS] = plain.try_into().map_err(|_| CodeError::Altered)?;
    let claims = TicketClaims::from_bytes(&plain);
    if claims.event_id != keys.event_id() {
        return Err(CodeError::OtherEvent);
    }
    if claims.valid_to < claims.valid_from {
        return Err(CodeError::Malformed(Damage::Window));
    }
    Ok(claims)
}

fn decode(text: &str) -> Result<[u8; CODE_BYTES], CodeError> {
    let body = text.strip_prefix(PREFIX).ok_or(CodeError::NotATicket)?;
    let code = base45::decode(body).map_err(|error| CodeError::Malformed(error.into()))?;
    match code.first() {
        None => return Err(CodeError::NotATicket),
        Some(&VERSION) => {}
        Some(&version) => return Err(CodeError::UnknownVersion(version)),
    }
    let found = code.len();
    code.try_into().map_err(|_| CodeError::Malformed(Damage::Length { found }))
}

fn header(code: &[u8; CODE_BYTES]) -> CodeHeader {
    let [_, key_id, t0, t1, t2, t3, t4, t5, ..] = *code;
    CodeHeader { key_id, event_tag: EventTag([t0, t1, t2, t3, t4, t5]) }
}

fn cipher(key: &[u8; 32]) -> Aes256Gcm {
    Aes256Gcm::new(key.into())
}

impl TicketClaims {
    fn to_bytes(self) -> [u8; CLAIMS] {
        let mut bytes = [0; CLAIMS];
        bytes[..16].copy_from_slice(self.ticket_id.as_bytes());
        bytes[16..32].copy_from_slice(self.event_id.as_bytes());
        bytes[32..34].copy_from_slice(&self.zone.to_be_bytes());
        bytes[34..38].copy_from_slice(&self.generation.to_be_bytes());
        bytes[38..42].copy_from_slice(&self.valid_from.0.to_be_bytes());
        bytes[42..].copy_from_slice(&self.valid_to.0.to_be_bytes());
        bytes
    }

    fn from_bytes(bytes: &[u8; CLAIMS]) -> Self {
        let number = |at: usize| u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
        let id = |at: usize| Uuid::from_bytes(std::array::from_fn(|i| bytes[at + i]));
        Self {
            ticket_id: id(0),
            event_id: id(16),
            zone: u16::from_be_bytes([bytes[32], bytes[33]]),
            generation: number(34),
            valid_from: UnixMinute(number(38)),
            valid_to: UnixMinute(number(42)),
        }
    }
}
