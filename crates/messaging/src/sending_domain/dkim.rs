//! Keys that sign mail (DKIM, RFC 6376), and the sender they sign for.

use anyhow::{Context as _, anyhow};
use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lettre::Message;
use lettre::message::Mailbox;
use lettre::message::dkim::{
    DkimCanonicalization, DkimCanonicalizationType, DkimConfig, DkimSigningAlgorithm, DkimSigningKey,
};
use lettre::message::header::HeaderName;
use platform::keys::MasterKey;
use rsa::RsaPrivateKey;
use rsa::pkcs1::{EncodeRsaPrivateKey as _, LineEnding};
use rsa::pkcs8::DecodePrivateKey as _;

/// Also in `platform::keys::SEALED`.
const PURPOSE: &str = "key that signs mail";

/// The headers that are signed. `Content-Type` is none of them: lettre keeps it with the body, where its signing
/// does not find it, and a header that is named but was not there when signing makes the signature fail; so those
/// that only some mails have are named by whoever puts them in.
const SIGNED: [&str; 7] = ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Auto-Submitted"];

/// A new key.
pub(super) struct NewKey {
    /// The private half, PKCS #8, sealed.
    pub sealed: Vec<u8>,
    /// The public half as it stands in DNS.
    pub public: String,
}

/// An RSA key of 2048 bits: the one kind every receiver verifies (RFC 8301, 3.2), Ed25519 they do not yet.
pub(super) fn generate(master: &MasterKey) -> anyhow::Result<NewKey> {
    let failed = |_| anyhow!("no RSA key could be made");
    let pair = KeyPair::generate(KeySize::Rsa2048).map_err(failed)?;
    let private: Pkcs8V1Der<'_> = pair.as_der().map_err(failed)?;
    let public: PublicKeyX509Der<'_> = pair.public_key().as_der().map_err(failed)?;
    Ok(NewKey { sealed: master.seal(PURPOSE, private.as_ref()), public: STANDARD.encode(public.as_ref()) })
}

/// Whose mail it is, and how it is signed.
pub(crate) struct Sender {
    /// Name and address.
    pub mailbox: Mailbox,
    signature: DkimConfig,
}

impl Sender {
    /// `also` names headers that are signed beside those of every mail.
    ///
    /// # Errors
    /// An address or a key that cannot be read.
    pub(super) fn new(
        address: &str,
        name: String,
        selector: String,
        sealed: &[u8],
        master: &MasterKey,
        also: &[&'static str],
    ) -> anyhow::Result<Self> {
        let mailbox = Mailbox::new(Some(name), address.parse().context("the sender's address")?);
        let key =
            RsaPrivateKey::from_pkcs8_der(&master.open(PURPOSE, sealed)?).context("the sender's key")?;
        let key = key.to_pkcs1_pem(LineEnding::LF).context("the sender's key")?;
        let key = DkimSigningKey::new(&key, DkimSigningAlgorithm::Rsa).context("the sender's key")?;
        let headers = SIGNED.iter().chain(also).map(|name| HeaderName::new_from_ascii_str(name)).collect();
        // Relaxed: relays fold headers and trim lines.
        let relaxed = DkimCanonicalizationType::Relaxed;
        let form = DkimCanonicalization { header: relaxed, body: relaxed };
        let domain = mailbox.email.domain().to_owned();
        Ok(Self { signature: DkimConfig::new(selector, domain, key, headers, form), mailbox })
    }

    /// Signs a mail; nothing of it may change afterwards.
    pub(crate) fn sign(&self, message: &mut Message) {
        message.sign(&self.signature);
    }
}
