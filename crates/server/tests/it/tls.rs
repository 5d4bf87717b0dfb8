//! The real program with a certificate of its own.

use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rcgen::generate_simple_self_signed;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, NamedGroup, ProtocolVersion, RootCertStore, SupportedProtocolVersion};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::killed::{Server, command};
use crate::setup;

/// Writes a certificate for this machine and its key, and gives the certificate.
fn certify(folder: &Path) -> CertificateDer<'static> {
    let made = generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate is made");
    std::fs::write(folder.join("chain.pem"), made.cert.pem()).expect("a file");
    std::fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).expect("a file");
    made.cert.der().clone()
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("it is bound").port()
}

/// A connection of somebody who trusts this certificate and nothing else.
async fn connect(
    port: u16,
    trusted: &CertificateDer<'static>,
    versions: &[&'static SupportedProtocolVersion],
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).expect("a certificate");
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .expect("versions there are")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let tcp = TcpStream::connect(("127.0.0.1", port)).await?;
    let name = ServerName::try_from("localhost").expect("a name");
    TlsConnector::from(Arc::new(config)).connect(name, tcp).await
}

async fn healthy(stream: &mut TlsStream<TcpStream>) -> String {
    let request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    stream.write_all(request).await.expect("it is sent");
    let mut answer = String::new();
    // Not everybody says goodbye before they close.
    let _ = stream.read_to_string(&mut answer).await;
    answer
}

#[tokio::test]
async fn with_a_certificate_the_server_speaks_tls_and_prefers_the_hybrid_exchange() {
    let app = setup().start().await;
    let folder = tempfile::tempdir().expect("a folder for a while");
    let first = certify(folder.path());
    let (port, redirect) = (free_port(), free_port());
    let mut program = command("serve", folder.path(), port);
    program
        .env("DATABASE_URL", app.database_url())
        .env("RINGSIDE_ROLES", "serve")
        .env("RINGSIDE_TLS_CERTIFICATE", folder.path().join("chain.pem"))
        .env("RINGSIDE_TLS_KEY", folder.path().join("key.pem"))
        .env("RINGSIDE_PUBLIC_URL", "https://ringside.example")
        .env("RINGSIDE_REDIRECT_LISTEN", format!("127.0.0.1:{redirect}"));
    let server = Server::of(program);

    let mut stream = connect(port, &first, &[&rustls::version::TLS13]).await.expect("a handshake");
    let group = stream.get_ref().1.negotiated_key_exchange_group().expect("one was agreed on");
    assert_eq!(group.name(), NamedGroup::X25519MLKEM768);
    let answer = healthy(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(answer.contains("strict-transport-security: max-age=31536000"), "{answer}");

    let old = connect(port, &first, &[&rustls::version::TLS12]).await.expect("TLS 1.2 will do");
    assert_eq!(old.get_ref().1.protocol_version(), Some(ProtocolVersion::TLSv1_2));
    let plain = reqwest::get(format!("http://127.0.0.1:{port}/healthz")).await;
    assert!(plain.is_err(), "plain HTTP is not answered here");

    // The other door leads here.
    let client = testkit::client().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
    let led = client.get(format!("http://127.0.0.1:{redirect}/events?x=1")).send().await.expect("an answer");
    assert_eq!(led.status(), 308);
    assert_eq!(led.headers()["location"], "https://ringside.example/events?x=1");

    // A new certificate is taken without a restart.
    let second = certify(folder.path());
    let until = Instant::now() + Duration::from_secs(30);
    while connect(port, &second, &[&rustls::version::TLS13]).await.is_err() {
        assert!(Instant::now() < until, "the new certificate is not used");
    }
    assert!(connect(port, &first, &[&rustls::version::TLS13]).await.is_err(), "the old one is");
    server.stop();
}

#[test]
fn a_certificate_that_does_not_fit_stops_the_start() {
    let folder = tempfile::tempdir().expect("a folder for a while");
    let _ = certify(folder.path());
    std::fs::rename(folder.path().join("key.pem"), folder.path().join("other.pem")).expect("moved");
    let _ = certify(folder.path());
    for (key, says) in [("other.pem", "do not belong together"), ("gone.pem", "tls_key must be files")] {
        let output = command("serve", folder.path(), free_port())
            .env("RINGSIDE_TLS_CERTIFICATE", folder.path().join("chain.pem"))
            .env("RINGSIDE_TLS_KEY", folder.path().join(key))
            .output()
            .expect("the program runs");
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && told.contains(says), "{key}: {told}");
    }
    let half = command("serve", folder.path(), free_port())
        .env("RINGSIDE_TLS_CERTIFICATE", folder.path().join("chain.pem"))
        .output()
        .expect("the program runs");
    assert!(String::from_utf8_lossy(&half.stderr).contains("tls_certificate and tls_key go together"));
}
