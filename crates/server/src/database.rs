//! The database this process uses: the one configured, the private cluster of a server that runs on
//! the same data folder, or the private cluster started now.

use std::path::Path;

use anyhow::Context as _;
use platform::clock::Clock;
use platform::config::Config;
use platform::keys::MasterKey;
use platform::postgres::{self, Cluster, Options};
use platform::state::App;
use secrecy::ExposeSecret as _;

/// An address, and the cluster behind it when it is ours to stop.
pub struct Database {
    /// Where to connect.
    pub url: String,
    _cluster: Option<Cluster>,
}

/// The name of the database in the private cluster.
const NAME: &str = "ringside";

impl Database {
    /// For a server: no other server may use the data folder's cluster.
    pub fn start(config: &Config) -> anyhow::Result<Self> {
        match &config.database_url {
            Some(url) => Ok(Self { url: url.expose_secret().to_owned(), _cluster: None }),
            None => Self::private(&config.data_dir),
        }
    }

    /// For a command that may run beside a server.
    pub fn open(config: &Config) -> anyhow::Result<Self> {
        match postgres::running_url(&config.data_dir) {
            Some(url) if config.database_url.is_none() => Ok(Self { url, _cluster: None }),
            _ => Self::start(config),
        }
    }

    fn private(data_dir: &Path) -> anyhow::Result<Self> {
        let cluster =
            Cluster::start(&Options { data_dir: data_dir.to_owned(), durable: true, outlives: false })?;
        runtime()?.block_on(postgres::ensure_database(|name| cluster.url(name), NAME))?;
        Ok(Self { url: cluster.url(NAME), _cluster: Some(cluster) })
    }

    /// Runs the migrations that have not run.
    pub fn migrate(&self) -> anyhow::Result<Vec<String>> {
        runtime()?.block_on(platform::migrations::run(&self.url))
    }

    /// Migrates, and runs `f` with the state of an app.
    pub fn with_app<T>(
        &self,
        config: &Config,
        f: impl AsyncFnOnce(&App) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        self.migrate()?;
        runtime()?.block_on(async {
            let app = state(config, &self.url)?;
            f(&app).await
        })
    }
}

/// The state over a database.
pub fn state(config: &Config, url: &str) -> anyhow::Result<App> {
    std::fs::create_dir_all(&config.data_dir)
        .with_context(|| format!("cannot create the data folder {}", config.data_dir.display()))?;
    let keys = MasterKey::load(config.master_key.as_ref(), &config.old_master_keys, &config.data_dir)?;
    App::new(config.clone(), url, Clock::System, keys)
}

/// For work before and beside the server; migrations need more than one thread.
fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?)
}
