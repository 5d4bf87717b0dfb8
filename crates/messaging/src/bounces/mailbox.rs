//! The mailbox, read by IMAP (RFC 3501).

use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use async_imap::{Client, Session};
use futures_util::TryStreamExt as _;
use percent_encoding::percent_decode_str;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use url::Url;

/// Messages read at one time; the next look reads on.
const AT_ONCE: usize = 200;
/// What is read of a message: a report stands at its beginning, the letter it brings along may be long.
const MOST_BYTES: usize = 64 << 10;
/// How long the server may take to greet us and let us in.
const PATIENCE: Duration = Duration::from_secs(20);

/// A connection, encrypted or on this machine.
trait Line: AsyncRead + AsyncWrite + Unpin + Send + Debug {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send + Debug> Line for T {}

/// Where the mailbox is.
pub(super) struct Place {
    host: String,
    port: u16,
    encrypted: bool,
    user: String,
    password: SecretString,
    folder: String,
}

impl Place {
    /// The place that `imaps://user:password@host/INBOX` names.
    ///
    /// # Errors
    /// Another form. What is wrong is told without the address: the password is in it.
    pub(super) fn parse(address: &SecretString) -> anyhow::Result<Self> {
        let wrong = "RINGSIDE_BOUNCE_MAILBOX is not an address like imaps://user:password@host/INBOX";
        let Ok(url) = Url::parse(address.expose_secret()) else { bail!(wrong) };
        let plain = |text: &str| percent_decode_str(text).decode_utf8().map(std::borrow::Cow::into_owned);
        let host = url.host_str().context(wrong)?.trim_matches(['[', ']']).to_owned();
        let encrypted = url.scheme() == "imaps";
        let here = ["127.0.0.1", "localhost", "::1"].contains(&host.as_str());
        ensure!(encrypted || here, "RINGSIDE_BOUNCE_MAILBOX needs imaps:// for another machine");
        let folder = plain(url.path().trim_start_matches('/'))?;
        Ok(Self {
            port: url.port().unwrap_or(if encrypted { 993 } else { 143 }),
            host,
            encrypted,
            user: plain(url.username())?,
            password: plain(url.password().context(wrong)?)?.into(),
            folder: if folder.is_empty() { "INBOX".to_owned() } else { folder },
        })
    }
}

/// The mailbox, opened.
pub(super) struct Mailbox {
    session: Session<Box<dyn Line>>,
}

/// A message of it, as far as it is read.
pub(super) struct Received {
    pub uid: u32,
    pub bytes: Vec<u8>,
}

impl Mailbox {
    /// # Errors
    /// The server does not answer, or does not let us in.
    pub(super) async fn open(place: &Place) -> anyhow::Result<Self> {
        tokio::time::timeout(PATIENCE, Self::begin(place)).await.context("the mailbox's server is silent")?
    }

    async fn begin(place: &Place) -> anyhow::Result<Self> {
        let line =
            TcpStream::connect((place.host.as_str(), place.port)).await.context("the mailbox's server")?;
        let line: Box<dyn Line> = if place.encrypted {
            let name =
                ServerName::try_from(place.host.clone()).context("the mailbox's server has no name")?;
            Box::new(TlsConnector::from(Arc::new(trust()?)).connect(name, line).await?)
        } else {
            Box::new(line)
        };
        let mut client = Client::new(line);
        client.read_response().await?.context("the mailbox's server says nothing")?;
        let entered = client.login(&place.user, place.password.expose_secret()).await;
        // The error may repeat what was said, and with it the password: only its kind is passed on.
        let Ok(mut session) = entered else { bail!("the mailbox's server does not let us in") };
        session.select(&place.folder).await.context("the mailbox cannot be opened")?;
        Ok(Self { session })
    }

    /// What nobody has looked at: neither taken in nor flagged, oldest first.
    pub(super) async fn new_ones(&mut self) -> anyhow::Result<Vec<u32>> {
        let mut uids: Vec<u32> = self.session.uid_search("UNDELETED UNFLAGGED").await?.into_iter().collect();
        uids.sort_unstable();
        uids.truncate(AT_ONCE);
        Ok(uids)
    }

    /// Reads a message; none: it is gone.
    pub(super) async fn read(&mut self, uid: u32) -> anyhow::Result<Option<Received>> {
        let what = format!("(UID BODY.PEEK[]<0.{MOST_BYTES}>)");
        let found: Vec<_> = self.session.uid_fetch(uid.to_string(), what).await?.try_collect().await?;
        let bytes = found.iter().find(|one| one.uid == Some(uid)).and_then(|one| one.body());
        Ok(bytes.map(|bytes| Received { uid, bytes: bytes.to_vec() }))
    }

    /// Marks a message as taken in; it goes when the mailbox is closed.
    pub(super) async fn done(&mut self, uid: u32) -> anyhow::Result<()> {
        self.mark(uid, "+FLAGS.SILENT (\\Deleted)").await
    }

    /// Leaves a message to people.
    pub(super) async fn flag(&mut self, uid: u32) -> anyhow::Result<()> {
        self.mark(uid, "+FLAGS.SILENT (\\Flagged)").await
    }

    async fn mark(&mut self, uid: u32, flags: &str) -> anyhow::Result<()> {
        let marked = self.session.uid_store(uid.to_string(), flags).await?;
        marked.try_collect::<Vec<_>>().await?;
        Ok(())
    }

    /// Deletes what was marked, and goes.
    pub(super) async fn close(mut self) -> anyhow::Result<()> {
        self.session.close().await?;
        self.session.logout().await?;
        Ok(())
    }
}

/// The authorities that vouch for mail servers, as for those that send.
fn trust() -> anyhow::Result<ClientConfig> {
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(address: &str) -> anyhow::Result<Place> {
        Place::parse(&address.into())
    }

    #[test]
    fn a_place_is_read_with_all_it_says() {
        let place = parse("imaps://bounces%40mail.example:p%2Fw@imap.mail.example/Reports").unwrap();
        assert_eq!((place.host.as_str(), place.port, place.encrypted), ("imap.mail.example", 993, true));
        assert_eq!((place.user.as_str(), place.folder.as_str()), ("bounces@mail.example", "Reports"));
        assert_eq!(place.password.expose_secret(), "p/w");
        assert_eq!(parse("imap://u:p@127.0.0.1:1143").unwrap().folder, "INBOX");
    }

    #[test]
    fn passwords_travel_encrypted_and_are_not_repeated() {
        for bad in ["imap://u:secret@mail.example", "secret", "imaps://u@mail.example/secret"] {
            let error = parse(bad).err().expect(bad).to_string();
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
