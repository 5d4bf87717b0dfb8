//! The keys of ticket codes: one master key, from which each event's keys are derived.

use std::fmt;

use ed25519_dalek::{SigningKey, VerifyingKey};
use hkdf::Hkdf;
use sha2::Sha256;
use uuid::Uuid;
use zeroize::Zeroizing;

const SALT: &[u8] = b"ringside ticket code 1";

/// The secret all ticket codes hang on: 32 random bytes and the number they go by.
/// Rotate by making a new one with the next number and keeping the old one for reading.
#[derive(Clone)]
pub struct MasterKey {
    id: u8,
    secret: Zeroizing<[u8; 32]>,
}

impl MasterKey {
    /// Takes the 32 bytes into care: they are wiped when the key is dropped.
    pub fn new(id: u8, secret: [u8; 32]) -> Self {
        Self { id, secret: Zeroizing::new(secret) }
    }

    /// The number written in every code made with this key.
    pub fn id(&self) -> u8 {
        self.id
    }

    /// HKDF-SHA256 (RFC 5869) with the purpose and the event as info.
    fn derive<const N: usize>(&self, purpose: &[u8], event_id: Uuid) -> Zeroizing<[u8; N]> {
        let mut key = Zeroizing::new([0; N]);
        Hkdf::<Sha256>::new(Some(SALT), self.secret.as_slice())
            .expand_multi_info(&[purpose, event_id.as_bytes()], key.as_mut_slice())
            .expect("32 bytes are within one HKDF block"); // safe: N is 32 or 6
        key
    }
}

/// A short name of an event in the clear start of a code; without the master key it tells nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventTag(pub [u8; 6]);

/// The tag of an event under a master key.
pub fn event_tag(master: &MasterKey, event_id: Uuid) -> EventTag {
    EventTag(*master.derive(b"tag", event_id))
}

/// All keys of one event: makes codes. Never leaves the server.
#[derive(Clone)]
pub struct EventKeys {
    scanner: ScannerKeys,
    signing: SigningKey,
}

impl EventKeys {
    /// Derives the keys of an event; the same master key and event always give the same keys.
    pub fn derive(master: &MasterKey, event_id: Uuid) -> Self {
        let signing = SigningKey::from_bytes(&master.derive(b"signing", event_id));
        let scanner = ScannerKeys {
            event_id,
            key_id: master.id,
            tag: event_tag(master, event_id),
            opening: master.derive(b"opening", event_id),
            verifying: signing.verifying_key(),
        };
        Self { scanner, signing }
    }

    /// What a scanner of this event may hold.
    pub fn scanner(&self) -> ScannerKeys {
        self.scanner.clone()
    }

    pub(super) fn key_id(&self) -> u8 {
        self.scanner.key_id
    }

    pub(super) fn tag(&self) -> EventTag {
        self.scanner.tag
    }

    pub(super) fn opening(&self) -> &[u8; 32] {
        &self.scanner.opening
    }

    pub(super) fn signing(&self) -> &SigningKey {
        &self.signing
    }
}

/// The keys that read codes of one event and cannot make them.
#[derive(Clone)]
pub struct ScannerKeys {
    event_id: Uuid,
    key_id: u8,
    tag: EventTag,
    opening: Zeroizing<[u8; 32]>,
    verifying: VerifyingKey,
}

impl ScannerKeys {
    /// The event whose codes these keys open.
    pub fn event_id(&self) -> Uuid {
        self.event_id
    }

    /// The number of the master key they were derived from.
    pub fn key_id(&self) -> u8 {
        self.key_id
    }

    /// The tag at the start of the event's codes.
    pub fn tag(&self) -> EventTag {
        self.tag
    }

    pub(super) fn opening(&self) -> &[u8; 32] {
        &self.opening
    }

    pub(super) fn verifying(&self) -> &VerifyingKey {
        &self.verifying
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MasterKey").field("id", &self.id).finish_non_exhaustive()
    }
}

impl fmt::Debug for EventKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventKeys").field("event_id", &self.scanner.event_id).finish_non_exhaustive()
    }
}

impl fmt::Debug for ScannerKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScannerKeys").field("event_id", &self.event_id).finish_non_exhaustive()
    }
}
