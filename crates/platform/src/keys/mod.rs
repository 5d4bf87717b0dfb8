//! The master keys, and the keys derived from them for each purpose.
//!
//! There is a ring of them, newest first. The newest seals and signs; the others stay until nothing
//! needs them: what they sealed opens, what they signed is believed. `ringside keys rotate` puts a new
//! one in front and seals everything anew.

mod file;
mod reseal;

use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, RwLock};
use std::time::{Duration, Instant};

use aes_gcm::aead::{Aead as _, Payload};
use aes_gcm::{Aes256Gcm, KeyInit as _};
use anyhow::{Context as _, bail};
use hkdf::Hkdf;
use secrecy::{ExposeSecret as _, SecretBox, SecretString};
use sha2::Sha256;

use file::RingFile;
pub use reseal::{Report, SEALED, SealedColumn, Unopened, Usage, reseal, usage};

/// The first byte of what is sealed: nonce and text follow, by a key that is not named.
const SEALED_V1: u8 = 1;
/// The first byte of what is sealed: the key's id, nonce and text follow.
const SEALED_V2: u8 = 2;

/// The name of a master key; derived from it, and telling nothing of it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId([u8; 4]);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

/// One master key: 32 secret bytes.
struct Key {
    id: KeyId,
    secret: SecretBox<[u8; 32]>,
}

impl Key {
    fn new(bytes: [u8; 32]) -> Self {
        let mut id = [0; 4];
        expand(&bytes, "key id", &mut id);
        Self { id: KeyId(id), secret: SecretBox::new(Box::new(bytes)) }
    }

    fn parse(text: &str) -> anyhow::Result<Self> {
        let mut bytes = [0_u8; 32];
        if hex::decode_to_slice(text.trim(), &mut bytes).is_err() {
            bail!("not 64 hexadecimal digits");
        }
        Ok(Self::new(bytes))
    }

    fn derive(&self, purpose: &str) -> [u8; 32] {
        let mut key = [0_u8; 32];
        expand(self.secret.expose_secret(), purpose, &mut key);
        key
    }

    fn cipher(&self, purpose: &str) -> Aes256Gcm {
        Aes256Gcm::new(&self.derive(&format!("seal {purpose}")).into())
    }
}

/// HKDF-SHA256 (RFC 5869) with the purpose as info.
fn expand(secret: &[u8; 32], purpose: &str, to: &mut [u8]) {
    Hkdf::<Sha256>::new(Some(b"ringside"), secret)
        .expand(purpose.as_bytes(), to)
        .expect("32 bytes are fewer than 255 blocks"); // safe: RFC 5869 allows 8160 bytes
}

/// The secrets from which every other key of this installation is derived: a ring of master keys,
/// newest first. Cheap to clone; all clones see a key that was added.
#[derive(Clone)]
pub struct MasterKey(Arc<Ring>);

struct Ring {
    keys: RwLock<Arc<Vec<Key>>>,
    file: Option<RingFile>,
    looked: Mutex<Instant>,
}

/// How often sealing looks whether a new key came.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often an unknown key makes us look.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MasterKey({:?}, hidden)", self.ids())
    }
}

impl MasterKey {
    /// A key of given bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self::of(vec![Key::new(bytes)], None)
    }

    /// A ring of given keys: the first seals, all open.
    #[must_use]
    pub fn ring(newest: [u8; 32], older: &[[u8; 32]]) -> Self {
        Self::of(std::iter::once(newest).chain(older.iter().copied()).map(Key::new).collect(), None)
    }

    fn of(keys: Vec<Key>, file: Option<RingFile>) -> Self {
        let keys = RwLock::new(Arc::new(keys));
        Self(Arc::new(Ring { keys, file, looked: Mutex::new(Instant::now()) }))
    }

    /// The configured keys (64 hexadecimal digits each), else the ring kept in the data folder, else a
    /// new key that is written there, readable by its owner only.
    ///
    /// # Errors
    /// When a configured key or the file cannot be read.
    pub fn load(
        configured: Option<&SecretString>,
        older: &[SecretString],
        data_dir: &Path,
    ) -> anyhow::Result<Self> {
        let Some(text) = configured else {
            anyhow::ensure!(
                older.is_empty(),
                "RINGSIDE_OLD_MASTER_KEYS needs RINGSIDE_MASTER_KEY; the ring in the data folder keeps its own"
            );
            let file = RingFile::in_folder(data_dir);
            let keys = file.read_or_make()?;
            return Ok(Self::of(keys, Some(file)));
        };
        let mut keys = vec![
            Key::parse(text.expose_secret()).context("RINGSIDE_MASTER_KEY must be 64 hexadecimal digits")?,
        ];
        for text in older {
            let key = Key::parse(text.expose_secret())
                .context("RINGSIDE_OLD_MASTER_KEYS must be 64 hexadecimal digits each")?;
            keys.push(key);
        }
        Ok(Self::of(keys, None))
    }

    fn keys(&self) -> Arc<Vec<Key>> {
        // A panic between reading a file and storing what it said leaves nothing half done.
        Arc::clone(&self.0.keys.read().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// The names of the keys, newest first.
    #[must_use]
    pub fn ids(&self) -> Vec<KeyId> {
        self.keys().iter().map(|key| key.id).collect()
    }

    /// The key that seals now.
    #[must_use]
    pub fn current(&self) -> KeyId {
        self.look(LOOK_EVERY);
        self.keys()[0].id
    }

    /// Puts a new key in front of the ring in the data folder; running servers notice by themselves.
    ///
    /// # Errors
    /// When the keys are configured: then whoever configures them adds one there.
    pub fn rotate(&self) -> anyhow::Result<KeyId> {
        let Some(file) = &self.0.file else {
            bail!(
                "the master key is configured: put it into RINGSIDE_OLD_MASTER_KEYS, a new one into \
                 RINGSIDE_MASTER_KEY, restart, and run `ringside keys reseal`"
            );
        };
        file.add(rand::random())?;
        self.look(Duration::ZERO);
        Ok(self.keys()[0].id)
    }

    /// Looks at the ring's file, when it was not looked at for a while.
    fn look(&self, at_most_every: Duration) {
        let Some(file) = &self.0.file else { return };
        {
            let mut looked = self.0.looked.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            if looked.elapsed() < at_most_every {
                return;
            }
            *looked = Instant::now();
        }
        match file.read() {
            Ok(keys) => {
                let known = self.ids();
                if keys.iter().map(|key| key.id).ne(known) {
                    tracing::info!(current = %keys[0].id, keys = keys.len(), "the ring of master keys changed");
                    *self.0.keys.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(keys);
                }
            }
            Err(error) => {
                tracing::warn!(%error, "the ring of master keys cannot be read: going on with what is known")
            }
        }
    }

    /// Looks for a key that was asked for by a name we do not know.
    pub fn look_again(&self) {
        self.look(LOOK_AGAIN);
    }

    /// Encrypts what must not be read from the database: version, key id, nonce, AES-256-GCM. What was
    /// sealed for one purpose opens for no other.
    #[must_use]
    pub fn seal(&self, purpose: &str, plain: &[u8]) -> Vec<u8> {
        self.look(LOOK_EVERY);
        let keys = self.keys();
        let key = &keys[0];
        let nonce: [u8; 12] = rand::random();
        let head = [&[SEALED_V2][..], &key.id.0].concat();
        let aad = [purpose.as_bytes(), &head].concat();
        let sealed = key
            .cipher(purpose)
            .encrypt(&nonce.into(), Payload { msg: plain, aad: &aad })
            .expect("what is sealed is shorter than 64 GiB"); // safe: the only error of the algorithm
        [&head[..], &nonce, &sealed].concat()
    }

    /// Opens what [`Self::seal`] closed, with whichever key of the ring did.
    ///
    /// # Errors
    /// When it was sealed for another purpose or by a key that is not in the ring, or was altered.
    pub fn open(&self, purpose: &str, sealed: &[u8]) -> anyhow::Result<Vec<u8>> {
        match sealed.split_first() {
            Some((&SEALED_V1, rest)) => self.open_unnamed(purpose, rest),
            Some((&SEALED_V2, rest)) => {
                let Some((id, rest)) = rest.split_first_chunk::<4>() else {
                    bail!("sealed for {purpose}: too short");
                };
                let id = KeyId(*id);
                if !self.knows(id) {
                    self.look_again();
                }
                let keys = self.keys();
                let Some(key) = keys.iter().find(|key| key.id == id) else {
                    bail!("sealed for {purpose} by the key {id}, which is not in the ring");
                };
                let aad = [purpose.as_bytes(), &[SEALED_V2], &id.0].concat();
                decrypt(key, purpose, &aad, rest)
            }
            _ => bail!("sealed for {purpose}: an unknown version"),
        }
    }

    /// Before there was a ring, what was sealed did not say by which key.
    fn open_unnamed(&self, purpose: &str, rest: &[u8]) -> anyhow::Result<Vec<u8>> {
        let keys = self.keys();
        let opened = keys.iter().find_map(|key| decrypt(key, purpose, purpose.as_bytes(), rest).ok());
        opened.ok_or_else(|| {
            anyhow::anyhow!("sealed for {purpose}: altered, or by a key that is not in the ring")
        })
    }

    fn knows(&self, id: KeyId) -> bool {
        self.keys().iter().any(|key| key.id == id)
    }

    /// A key for one purpose, from the newest master key. For what lasts no longer than a process; what
    /// lasts longer must go on after a rotation and asks [`Self::derive_all`].
    #[must_use]
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        self.keys()[0].derive(purpose)
    }

    /// The keys for one purpose from each master key, newest first: the first makes, all are believed.
    #[must_use]
    pub fn derive_all(&self, purpose: &str) -> Vec<[u8; 32]> {
        self.keys().iter().map(|key| key.derive(purpose)).collect()
    }
}

impl MasterKey {
    /// [`Self::derive_all`], each with the name of the master key it is from.
    #[must_use]
    pub fn derive_all_named(&self, purpose: &str) -> Vec<(KeyId, [u8; 32])> {
        self.keys().iter().map(|key| (key.id, key.derive(purpose))).collect()
    }
}

fn decrypt(key: &Key, purpose: &str, aad: &[u8], rest: &[u8]) -> anyhow::Result<Vec<u8>> {
    let Some((nonce, text)) = rest.split_first_chunk::<12>() else {
        bail!("sealed for {purpose}: too short");
    };
    key.cipher(purpose)
        .decrypt(nonce.into(), Payload { msg: text, aad })
        .map_err(|_| anyhow::anyhow!("sealed for {purpose}: altered"))
}

/// Which key sealed it, when it says so.
fn sealed_by(sealed: &[u8]) -> Option<KeyId> {
    let (version, rest) = sealed.split_first()?;
    (*version == SEALED_V2).then(|| rest.first_chunk::<4>().copied().map(KeyId)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sealed_opens_for_its_purpose_and_key_only() {
        let keys = MasterKey::new([7; 32]);
        let sealed = keys.seal("test", b"round three");
        assert_eq!(keys.open("test", &sealed).unwrap(), b"round three");
        assert!(keys.open("other", &sealed).is_err());
        assert!(MasterKey::new([8; 32]).open("test", &sealed).is_err());
        for place in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[place] ^= 1;
            assert!(keys.open("test", &altered).is_err(), "byte {place}");
            assert!(keys.open("test", &sealed[..place]).is_err(), "{place} bytes");
        }
    }

    #[test]
    fn what_the_first_version_sealed_still_opens() {
        let key = Key::new([7; 32]);
        let nonce = [9; 12];
        let payload = Payload { msg: b"round one", aad: b"test" };
        let text = key.cipher("test").encrypt(&nonce.into(), payload).unwrap();
        let sealed = [&[SEALED_V1][..], &nonce, &text].concat();
        assert_eq!(MasterKey::new([7; 32]).open("test", &sealed).unwrap(), b"round one");
        assert_eq!(MasterKey::ring([8; 32], &[[7; 32]]).open("test", &sealed).unwrap(), b"round one");
        assert!(MasterKey::new([8; 32]).open("test", &sealed).is_err());
    }

    #[test]
    fn an_older_key_opens_and_the_newest_seals() {
        let sealed = MasterKey::new([7; 32]).seal("test", b"x");
        let ring = MasterKey::ring([8; 32], &[[7; 32]]);
        assert_eq!(ring.open("test", &sealed).unwrap(), b"x");
        assert_eq!(sealed_by(&ring.seal("test", b"x")), Some(ring.ids()[0]));
        let told = MasterKey::new([8; 32]).open("test", &sealed).unwrap_err().to_string();
        assert!(told.contains(&ring.ids()[1].to_string()), "{told}");
    }

    #[test]
    fn a_running_ring_notices_a_new_key() {
        let folder = tempfile::tempdir().unwrap();
        let server = MasterKey::load(None, &[], folder.path()).unwrap();
        let command = MasterKey::load(None, &[], folder.path()).unwrap();
        assert_eq!(server.ids(), command.ids());
        let before = server.seal("test", b"before");
        let new = command.rotate().unwrap();
        assert_eq!(command.current(), new);
        let after = command.seal("test", b"after");
        std::thread::sleep(LOOK_AGAIN);
        assert_eq!(server.open("test", &after).unwrap(), b"after");
        assert_eq!(server.open("test", &before).unwrap(), b"before");
        assert_eq!(server.ids(), command.ids());
        assert_eq!(server.derive_all("x").len(), 2);
    }

    #[test]
    fn configured_keys_are_not_rotated_here() {
        let folder = tempfile::tempdir().unwrap();
        let text = |byte: u8| SecretString::from(hex::encode([byte; 32]));
        let keys = MasterKey::load(Some(&text(8)), &[text(7)], folder.path()).unwrap();
        assert_eq!(keys.ids(), MasterKey::ring([8; 32], &[[7; 32]]).ids());
        assert!(keys.rotate().unwrap_err().to_string().contains("RINGSIDE_OLD_MASTER_KEYS"));
        assert!(MasterKey::load(None, &[text(7)], folder.path()).is_err());
        assert!(MasterKey::load(Some(&"12".into()), &[], folder.path()).is_err());
    }
}
