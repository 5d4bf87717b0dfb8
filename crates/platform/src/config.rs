//! Every setting there is, from `RINGSIDE_*` variables and one TOML file.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use secrecy::SecretString;
use serde::Deserialize;

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
    /// The address people use, without a slash at the end; default `http://<listen>`.
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
    /// Whether requests are limited in number.
    pub rate_limits: bool,
    /// Whether `X-Forwarded-For` of the next proxy is believed.
    pub trust_proxy: bool,
    /// Fills demo data once.
    pub demo: bool,
    /// Form of the log.
    pub log_format: LogFormat,
    /// Which log lines: a level, or the directives of tracing's filter.
    pub log: String,
    /// Where mail goes: `smtp://user:password@host:587` (STARTTLS, unless the server is on this machine or
    /// the address ends in `?tls=opportunistic`) or `smtps://…:465`; none: kept and readable.
    pub smtp_url: Option<SecretString>,
    /// Sender of mail.
    pub mail_from: String,
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
    /// Memory of one password hash (Argon2id), in KiB.
    pub password_memory_kib: u32,
    /// Passes of one password hash over that memory.
    pub password_iterations: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            data_dir: PathBuf::from(".ringside"),
            roles: vec![Part::Serve, Part::Work],
            public_url: None,
            web_dir: PathBuf::from("dist"),
            database_url: None,
            migration_url: None,
            database_connections: 24,
            redis_url: None,
            master_key: None,
            rate_limits: true,
            trust_proxy: false,
            demo: false,
            log_format: LogFormat::Json,
            log: "info".into(),
            smtp_url: None,
            mail_from: "Ringside <tickets@ringside.example>".into(),
            payment_callback_secret: None,
            hold_minutes: 10,
            order_minutes: 15,
            promptpay_id: "0000000000".into(),
            promptpay_biller: None,
            public_cache_ms: 1_000,
            workers: 4,
            // The least that OWASP's password storage cheat sheet recommends for Argon2id.
            password_memory_kib: 19_456,
            password_iterations: 2,
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
        anyhow::ensure!((1..=64).contains(&self.workers), "workers must be between 1 and 64");
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

    /// The address people use, without a slash at the end.
    #[must_use]
    pub fn public_url(&self) -> String {
        match &self.public_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => format!("http://{}", self.listen),
        }
    }
}
