//! The master key, and the keys derived from it for each purpose.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use aes_gcm::aead::{Aead as _, Payload};
use aes_gcm::{Aes256Gcm, KeyInit as _};
use anyhow::{Context as _, bail};
use hkdf::Hkdf;
use secrecy::{ExposeSecret as _, SecretBox, SecretString};
use sha2::Sha256;

/// The first byte of what is sealed.
const SEALED_V1: u8 = 1;

/// 32 secret bytes from which every other key of this installation is derived.
#[derive(Clone)]
pub struct MasterKey(std::sync::Arc<SecretBox<[u8; 32]>>);

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(hidden)")
    }
}

impl MasterKey {
    /// A key of given bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(std::sync::Arc::new(SecretBox::new(Box::new(bytes))))
    }

    /// The configured key (64 hexadecimal digits), else the one kept in the data folder, else a new
    /// one that is written there, readable by its owner only.
    pub fn load(configured: Option<&SecretString>, data_dir: &Path) -> anyhow::Result<Self> {
        if let Some(text) = configured {
            return Self::parse(text.expose_secret())
                .context("RINGSIDE_MASTER_KEY must be 64 hexadecimal digits");
        }
        let path = data_dir.join("master.key");
        if path.exists() {
            let text =
                fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            return Self::parse(text.trim()).with_context(|| format!("{} is damaged", path.display()));
        }
        let bytes: [u8; 32] = rand::random();
        write_private(&path, hex::encode(bytes).as_bytes())
            .with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Self::new(bytes))
    }

    fn parse(text: &str) -> anyhow::Result<Self> {
        let mut bytes = [0_u8; 32];
        if hex::decode_to_slice(text, &mut bytes).is_err() {
            bail!("not 64 hexadecimal digits");
        }
        Ok(Self::new(bytes))
    }

    /// The bytes themselves, for code that derives its own keys.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        self.0.expose_secret()
    }

    /// Encrypts what must not be read from the database: version, nonce, AES-256-GCM. What was sealed
    /// for one purpose opens for no other.
    #[must_use]
    pub fn seal(&self, purpose: &str, plain: &[u8]) -> Vec<u8> {
        let nonce: [u8; 12] = rand::random();
        let payload = Payload { msg: plain, aad: purpose.as_bytes() };
        let sealed = self
            .cipher(purpose)
            .encrypt(&nonce.into(), payload)
            .expect("what is sealed is shorter than 64 GiB"); // safe: the only error of the algorithm
        [&[SEALED_V1][..], &nonce, &sealed].concat()
    }

    /// Opens what [`Self::seal`] closed.
    ///
    /// # Errors
    /// When it was sealed for another purpose or by another key, or was altered.
    pub fn open(&self, purpose: &str, sealed: &[u8]) -> anyhow::Result<Vec<u8>> {
        let Some((SEALED_V1, rest)) = sealed.split_first().map(|(version, rest)| (*version, rest)) else {
            bail!("sealed for {purpose}: an unknown version");
        };
        let Some((nonce, text)) = rest.split_first_chunk::<12>() else {
            bail!("sealed for {purpose}: too short");
        };
        self.cipher(purpose)
            .decrypt(nonce.into(), Payload { msg: text, aad: purpose.as_bytes() })
            .map_err(|_| anyhow::anyhow!("sealed for {purpose}: altered, or by another key"))
    }

    fn cipher(&self, purpose: &str) -> Aes256Gcm {
        Aes256Gcm::new(&self.derive(&format!("seal {purpose}")).into())
    }

    /// A key for one purpose (HKDF-SHA256, RFC 5869, the purpose as info).
    #[must_use]
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        let mut key = [0_u8; 32];
        Hkdf::<Sha256>::new(Some(b"ringside"), self.expose())
            .expand(purpose.as_bytes(), &mut key)
            .expect("32 bytes are fewer than 255 blocks"); // safe: RFC 5869 allows 8160 bytes
        key
    }
}

/// Writes a file only its owner may read.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
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
        }
        assert!(keys.open("test", &[]).is_err());
    }
}
