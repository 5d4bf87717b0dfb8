//! Every setting there is, from `RINGSIDE_*` variables and one TOML file.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use chrono_tz::Tz;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use crate::limits::Tier;
use crate::network::Network;

/// What one process does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// Answers HTTP.
    Serve,
    /// Does jobs, hands on facts, runs reconcilers.
    Work,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// For a person at a terminal.
    Text,
}

/// The settings. Each field `x` is set by `RINGSIDE_X` or by `x` in the TOML file that
/// `RINGSIDE_CONFIG` names (default: `ringside.toml` in the data folder); the variable wins.
/// `DATABASE_URL` and `REDIS_URL` are read under their usual names, too.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Address and port of the HTTP server.
    pub listen: SocketAddr,
    /// Folder of everything that is kept: database, keys, messages.
    pub data_dir: PathBuf,
    /// What this process does: `serve,work`.
    pub roles: Vec<Part>,
    /// Certificate chain in PEM; with it and its key the server speaks TLS.
    pub tls_certificate: Option<PathBuf>,
    /// The certificate's private key in PEM.
    pub tls_key: Option<PathBuf>,
    /// A second address, without TLS, that leads everybody to the public one.
    pub redirect_listen: Option<SocketAddr>,
    /// Another address, plain HTTP, that answers `/healthz`, `/readyz` and `/metrics` only: for processes that
    /// only work, and where the main address is everybody's.
    pub metrics_listen: Option<SocketAddr>,
    /// The address people use, without a slash at the end; default `http://<listen>`, or `https://`.
    pub public_url: Option<String>,
    /// Folder with the built web apps, `shop` and `console` inside.
    pub web_dir: PathBuf,
    /// An own PostgreSQL; none: a private cluster in the data folder.
    pub database_url: Option<SecretString>,
    /// The same PostgreSQL as the owner of its tables, who migrates; `database_url` is then of a role
    /// that only serves. None: the tables belong to whoever serves.
    pub migration_url: Option<SecretString>,
    /// Connections to PostgreSQL.
    pub database_connections: usize,
    /// Redis for bus, cache and limits; none: in process.
    pub redis_url: Option<SecretString>,
    /// 64 hexadecimal digits; none: made once and kept in the data folder.
    pub master_key: Option<SecretString>,
    /// Master keys before that one, newest first: what they sealed and signed still holds.
    pub old_master_keys: Vec<SecretString>,
    /// Whether requests are limited in number.
    pub rate_limits: bool,
    /// Requests a minute of an address that reads without having signed in.
    pub limit_public_read: u32,
    /// Requests a minute of an address that writes without having signed in.
    pub limit_public_write: u32,
    /// Tries a minute to sign in with one account from one address.
    pub limit_sign_in: u32,
    /// Requests a minute of somebody signed in.
    pub limit_signed_in: u32,
    /// Requests a minute of a program with a key.
    pub limit_integrator: u32,
    /// Accounts one network may try wrong passwords of in ten minutes before it counts as a threat; 0: any.
    pub threat_stuffing: u32,
    /// Networks from which wrong passwords of one account may come; 0: any.
    pub threat_distributed: u32,
    /// Things that do not exist one network may ask for; 0: any.
    pub threat_enumeration: u32,
    /// Addresses that do not exist one network may ask for; 0: any.
    pub threat_scanning: u32,
    /// Spent or foreign tokens one network may send; 0: any.
    pub threat_token_replay: u32,
    /// Wrong codes and secrets one network may try; 0: any.
    pub threat_code_guessing: u32,
    /// Proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
    pub trusted_proxies: Vec<Network>,
    /// The DNS server that is asked for the records of mail domains, and for the addresses of identity
    /// providers and receivers of webhooks, `192.0.2.53:53`; none: the system's.
    pub dns_resolver: Option<SocketAddr>,
    /// Lets identity providers lie at private addresses and speak plain HTTP: for tests and development.
    pub allow_private_providers: bool,
    /// Private networks webhooks may be sent into, by plain HTTP, too; none: only the public internet, by HTTPS.
    pub webhook_networks: Vec<Network>,
    /// Seconds a receiver of a webhook has to answer.
    pub webhook_seconds: u64,
    /// Database of places (`.mmdb`, cities): where sign-ins come from; none: places are not known.
    pub places_file: Option<PathBuf>,
    /// Web pages elsewhere whose scripts may call the API: `https://partner.example`.
    pub cors_origins: Vec<String>,
    /// Fills demo data once.
    pub demo: bool,
    /// Form of the log.
    pub log_format: LogFormat,
    /// Which log lines: a level, or the directives of tracing's filter.
    pub log: String,
    /// Where mail goes: `smtp://user:password@host:587` (STARTTLS, unless the server is on this machine or
    /// the address ends in `?tls=opportunistic`) or `smtps://…:465`; none: kept and readable.
    pub smtp_url: Option<SecretString>,
    /// How many mails a minute the mail server takes; none: as many as come.
    pub mail_per_minute: Option<i32>,
    /// Sender of mail.
    pub mail_from: String,
    /// Where mail that comes back comes back to, `bounces@mail.example`: each mail names its own delivery there
    /// (`bounces+…@mail.example`). None: to its sender.
    pub bounce_address: Option<String>,
    /// The mailbox of that address: `imaps://user:password@host/INBOX` (`imap://` on this machine only); none: what
    /// comes back is not read.
    pub bounce_mailbox: Option<SecretString>,
    /// With what a mail service (Postmark) signs in that reports what became of mail; none: it may not.
    pub mail_report_secret: Option<SecretString>,
    /// What names the mail server in the SPF record of a domain that sends by it, `include:_spf.mail.example`.
    pub spf_mechanism: Option<String>,
    /// Shared secret with which the payment provider signs its callbacks; none: derived from the master key.
    pub payment_callback_secret: Option<SecretString>,
    /// Minutes a hold keeps its seats.
    pub hold_minutes: u32,
    /// Minutes an order waits for its payment.
    pub order_minutes: u32,
    /// Who receives PromptPay payments: a mobile number, national id or e-wallet id (tag 29).
    pub promptpay_id: String,
    /// Biller id for bill payments (tag 30), 15 digits; when set it is used instead of `promptpay_id`.
    pub promptpay_biller: Option<String>,
    /// How old, in milliseconds, an answer of the shop may be.
    pub public_cache_ms: u64,
    /// How many jobs run at the same time.
    pub workers: usize,
    /// Seconds running jobs have to end when the process stops; those that do not are handed back.
    pub grace_seconds: u64,
    /// The time zone of what is done at a time of day: `Asia/Bangkok`.
    pub time_zone: Tz,
    /// Memory of one password hash (Argon2id), in KiB.
    pub password_memory_kib: u32,
    /// Passes of one password hash over that memory.
    pub password_iterations: u32,
    /// Which key signs access tokens: count it up to change the key. Tokens of the one before are good
    /// until they end.
    pub access_key_generation: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            data_dir: PathBuf::from(".ringside"),
            roles: vec![Part::Serve, Part::Work],
            tls_certificate: None,
            tls_key: None,
            redirect_listen: None,
            metrics_listen: None,
            public_url: None,
            web_dir: PathBuf::from("dist"),
            database_url: None,
            migration_url: None,
            database_connections: 24,
            redis_url: None,
            master_key: None,
            old_master_keys: Vec::new(),
            rate_limits: true,
            limit_public_read: Tier::PublicRead.usual(),
            limit_public_write: Tier::PublicWrite.usual(),
            limit_sign_in: Tier::SignIn.usual(),
            limit_signed_in: Tier::SignedIn.usual(),
            limit_integrator: Tier::Integrator.usual(),
            threat_stuffing: 20,
            threat_distributed: 20,
            threat_enumeration: 100,
            threat_scanning: 50,
            threat_token_replay: 50,
            threat_code_guessing: 50,
            trusted_proxies: Vec::new(),
            dns_resolver: None,
            allow_private_providers: false,
            webhook_networks: Vec::new(),
            webhook_seconds: 15,
            places_file: None,
            cors_origins: Vec::new(),
            demo: false,
            log_format: LogFormat::Json,
            log: "info".into(),
            smtp_url: None,
            mail_per_minute: None,
            bounce_address: None,
            bounce_mailbox: None,
            mail_report_secret: None,
            spf_mechanism: None,
            mail_from: "Ringside <tickets@ringside.example>".into(),
            payment_callback_secret: None,
            hold_minutes: 10,
            order_minutes: 15,
            promptpay_id: "0000000000".into(),
            promptpay_biller: None,
            public_cache_ms: 1_000,
            workers: 4,
            grace_seconds: 10,
            time_zone: Tz::Asia__Bangkok,
            // The least that OWASP's password storage cheat sheet recommends for Argon2id.
            password_memory_kib: 19_456,
            password_iterations: 2,
            access_key_generation: 1,
        }
    }
}

impl Config {
    /// Reads the environment and the file; a wrong value is an error that names it.
    pub fn load() -> anyhow::Result<Self> {
        let env = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let data_dir = env("RINGSIDE_DATA_DIR").unwrap_or_else(|| ".ringside".into());
        let (file, required) = match env("RINGSIDE_CONFIG") {
            Some(path) => (PathBuf::from(path), true),
            None => (Path::new(&data_dir).join("ringside.toml"), false),
        };
        let variables: config::Map<String, String> = std::env::vars()
            .filter(|(name, _)| name.starts_with("RINGSIDE_") && name != "RINGSIDE_CONFIG")
            .chain(env("DATABASE_URL").map(|url| ("RINGSIDE_DATABASE_URL".into(), url)))
            .chain(env("REDIS_URL").map(|url| ("RINGSIDE_REDIS_URL".into(), url)))
            .collect();
        let environment = config::Environment::with_prefix("RINGSIDE")
            .try_parsing(true)
            .list_separator(",")
            .with_list_parse_key("roles")
            .with_list_parse_key("old_master_keys")
            .with_list_parse_key("trusted_proxies")
            .with_list_parse_key("webhook_networks")
            .with_list_parse_key("cors_origins")
            .ignore_empty(true)
            .source(Some(variables));
        let config: Self = config::Config::builder()
            .add_source(config::File::from(file).format(config::FileFormat::Toml).required(required))
            .add_source(environment)
            .build()
            .and_then(config::Config::try_deserialize)
            .context("the configuration is wrong")?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> anyhow::Result<()> {
        anyhow::ensure!(!self.roles.is_empty(), "roles must name serve, work or both");
        anyhow::ensure!(
            self.migration_url.is_none() || self.database_url.is_some(),
            "migration_url needs database_url beside it"
        );
        anyhow::ensure!(
            (2..=500).contains(&self.database_connections),
            "database_connections must be between 2 and 500"
        );
        anyhow::ensure!((1..=240).contains(&self.hold_minutes), "hold_minutes must be between 1 and 240");
        anyhow::ensure!(
            (1..=10_080).contains(&self.order_minutes),
            "order_minutes must be between 1 and 10080"
        );
        anyhow::ensure!(self.public_cache_ms <= 60_000, "public_cache_ms must be at most 60000");
        anyhow::ensure!(self.access_key_generation >= 1, "access_key_generation must be 1 or more");
        anyhow::ensure!((1..=64).contains(&self.workers), "workers must be between 1 and 64");
        anyhow::ensure!((1..=60).contains(&self.webhook_seconds), "webhook_seconds must be between 1 and 60");
        anyhow::ensure!(self.grace_seconds <= 300, "grace_seconds must be at most 300");
        self.check_mail()?;
        self.check_doors()
    }

    fn check_mail(&self) -> anyhow::Result<()> {
        if let Some(address) = &self.bounce_address {
            let parts = address.split_once('@').filter(|(_, domain)| domain.contains('.'));
            // The part before `@` has 64 characters at most (RFC 5321, 4.5.3.1.1); `+` and a token take 53.
            anyhow::ensure!(
                parts.is_some_and(|(name, _)| (1..=11).contains(&name.len()) && !name.contains('+')),
                "bounce_address must be like bounces@mail.example, with at most 11 characters before the @"
            );
        }
        if let Some(mailbox) = &self.bounce_mailbox {
            let url = mailbox.expose_secret();
            let known = url.starts_with("imaps://") || url.starts_with("imap://");
            anyhow::ensure!(
                known && url.contains('@'),
                "bounce_mailbox must be like imaps://user:password@host/INBOX"
            );
        }
        if let Some(secret) = &self.mail_report_secret {
            anyhow::ensure!(
                secret.expose_secret().len() >= 16,
                "mail_report_secret must have at least 16 characters"
            );
        }
        Ok(())
    }

    fn check_doors(&self) -> anyhow::Result<()> {
        anyhow::ensure!(
            self.tls_certificate.is_some() == self.tls_key.is_some(),
            "tls_certificate and tls_key go together"
        );
        anyhow::ensure!(
            self.redirect_listen.is_none() || self.is_https(),
            "redirect_listen needs a public_url that begins with https://, or tls_certificate"
        );
        for (name, limit) in [
            ("limit_public_read", self.limit_public_read),
            ("limit_public_write", self.limit_public_write),
            ("limit_sign_in", self.limit_sign_in),
            ("limit_signed_in", self.limit_signed_in),
            ("limit_integrator", self.limit_integrator),
        ] {
            anyhow::ensure!((1..=1_000_000).contains(&limit), "{name} must be between 1 and 1000000");
        }
        for origin in &self.cors_origins {
            anyhow::ensure!(
                is_origin(origin),
                "cors_origins: `{origin}` is no origin; write https://partner.example"
            );
        }
        Ok(())
    }

    /// Whether this process has that part.
    #[must_use]
    pub fn has(&self, part: Part) -> bool {
        self.roles.contains(&part)
    }

    /// How old an answer of the shop may be.
    #[must_use]
    pub const fn public_cache(&self) -> std::time::Duration {
        std::time::Duration::from_millis(self.public_cache_ms)
    }

    /// Whether people reach us by HTTPS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        match &self.public_url {
            Some(url) => url.starts_with("https://"),
            None => self.tls_certificate.is_some(),
        }
    }

    /// Scheme, host and port of the address people use, as browsers send it in `Origin`.
    #[must_use]
    pub fn public_origin(&self) -> String {
        let url = self.public_url();
        let host = url.find("://").map_or(0, |at| at + 3);
        let end = url[host..].find('/').map_or(url.len(), |at| host + at);
        url[..end].to_ascii_lowercase()
    }

    /// The address people use, without a slash at the end.
    #[must_use]
    pub fn public_url(&self) -> String {
        match &self.public_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None if self.is_https() => format!("https://{}", self.listen),
            None => format!("http://{}", self.listen),
        }
    }
}

/// Scheme, host and perhaps a port, nothing else; never `*`.
fn is_origin(text: &str) -> bool {
    let Ok(uri) = text.parse::<actix_web::http::Uri>() else { return false };
    matches!(uri.scheme_str(), Some("http" | "https"))
        && uri.host().is_some_and(|host| !host.contains('*'))
        && uri.path_and_query().is_none_or(|path| path == "/")
        && !text.ends_with('/')
        && !text.contains('@')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_scheme_and_host() {
        for good in ["https://partner.example", "http://127.0.0.1:8081"] {
            assert!(is_origin(good), "{good}");
        }
        for bad in
            ["*", "https://*", "partner.example", "https://partner.example/", "https://a/b", "null", ""]
        {
            assert!(!is_origin(bad), "{bad}");
        }
    }

    #[test]
    fn a_wrong_setting_is_named() {
        let config = Config { limit_sign_in: 0, ..Config::default() };
        assert!(config.check().unwrap_err().to_string().contains("limit_sign_in"));
        let config = Config { cors_origins: vec!["*".into()], ..Config::default() };
        assert!(config.check().unwrap_err().to_string().contains("cors_origins"));
        for address in ["bounces", "@mail.example", "a-very-long-name@mail.example", "b+c@mail.example"] {
            let config = Config { bounce_address: Some(address.into()), ..Config::default() };
            assert!(config.check().unwrap_err().to_string().contains("bounce_address"), "{address}");
        }
        let config = Config { bounce_mailbox: Some("pop3://u:p@mail.example".into()), ..Config::default() };
        assert!(config.check().unwrap_err().to_string().contains("bounce_mailbox"));
    }
}
