//! TLS of our own, when there is a certificate: TLS 1.2 and 1.3, key exchange that also withstands a
//! quantum computer first (X25519MLKEM768), and a certificate that is read again when its file changes.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, ensure};
use platform::config::Config;
use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

/// How often the files are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// The certificate of this server.
#[derive(Debug)]
pub struct Certificate {
    chain: PathBuf,
    key: PathBuf,
    provider: Arc<CryptoProvider>,
    held: RwLock<Held>,
}

#[derive(Debug)]
struct Held {
    certified: Arc<CertifiedKey>,
    /// When the two files were written.
    written: [SystemTime; 2],
}

impl Certificate {
    /// The configured one; `None` when there is none.
    ///
    /// # Errors
    /// When the files cannot be read, or do not belong together.
    pub fn configured(config: &Config) -> anyhow::Result<Option<Arc<Self>>> {
        let (Some(chain), Some(key)) = (&config.tls_certificate, &config.tls_key) else { return Ok(None) };
        let provider = CryptoProvider::get_default().context("no TLS provider was installed")?;
        let held = read(chain, key, provider)?;
        let (chain, key, provider) = (chain.clone(), key.clone(), Arc::clone(provider));
        Ok(Some(Arc::new(Self { chain, key, provider, held: RwLock::new(held) })))
    }

    /// What a listener needs.
    ///
    /// # Errors
    /// When the provider offers no TLS at all.
    pub fn server_config(self: &Arc<Self>) -> anyhow::Result<ServerConfig> {
        let versions = &[&rustls::version::TLS13, &rustls::version::TLS12];
        let mut config = ServerConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_protocol_versions(versions)?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(self) as Arc<dyn ResolvesServerCert>);
        // Browsers would send early data twice if somebody in between wished it.
        config.max_early_data_size = 0;
        Ok(config)
    }

    /// Reads the files again whenever they change; never ends. A pair that does not fit, as in the
    /// moment between two files being written, leaves the old one in use.
    pub async fn keep_fresh(self: Arc<Self>) {
        let mut every = tokio::time::interval(LOOK_EVERY);
        loop {
            every.tick().await;
            let written = self.held.read().unwrap_or_else(PoisonError::into_inner).written;
            if times(&self.chain, &self.key).is_ok_and(|now| now == written) {
                continue;
            }
            match read(&self.chain, &self.key, &self.provider) {
                Ok(held) => {
                    *self.held.write().unwrap_or_else(PoisonError::into_inner) = held;
                    tracing::info!("the TLS certificate was read again");
                }
                Err(error) => {
                    tracing::warn!(error = format!("{error:#}"), "going on with the old TLS certificate");
                }
            }
        }
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.held.read().unwrap_or_else(PoisonError::into_inner).certified))
    }
}

fn times(chain: &Path, key: &Path) -> std::io::Result<[SystemTime; 2]> {
    Ok([std::fs::metadata(chain)?.modified()?, std::fs::metadata(key)?.modified()?])
}

fn read(chain: &Path, key: &Path, provider: &CryptoProvider) -> anyhow::Result<Held> {
    let written = times(chain, key).context("tls_certificate and tls_key must be files that can be read")?;
    let certificates = CertificateDer::pem_file_iter(chain)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .with_context(|| format!("tls_certificate {} is no PEM file of certificates", chain.display()))?;
    ensure!(!certificates.is_empty(), "tls_certificate {} holds no certificate", chain.display());
    let private = PrivateKeyDer::from_pem_file(key)
        .with_context(|| format!("tls_key {} is no PEM file of a private key", key.display()))?;
    let certified = CertifiedKey::from_der(certificates, private, provider)
        .context("tls_certificate and tls_key do not belong together")?;
    Ok(Held { certified: Arc::new(certified), written })
}
