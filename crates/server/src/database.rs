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
    /// Where to connect to serve.
    pub url: String,
    /// Where to connect as the owner of the tables, to migrate.
    owner_url: String,
    _cluster: Option<Cluster>,
}

/// The name of the database in the private cluster.
const NAME: &str = "ringside";

impl Database {
    /// For a server: no other server may use the data folder's cluster.
    pub fn start(config: &Config) -> anyhow::Result<Self> {
        match &config.database_url {
            Some(url) => {
                let url = url.expose_secret().to_owned();
                let owner = config.migration_url.as_ref().map(|owner| owner.expose_secret().to_owned());
                Ok(Self { owner_url: owner.unwrap_or_else(|| url.clone()), url, _cluster: None })
            }
            None => Self::private(&config.data_dir),
        }
    }

    /// For a command that may run beside a server.
    pub fn open(config: &Config) -> anyhow::Result<Self> {
        match postgres::running_url(&config.data_dir) {
            Some(owner_url) if config.database_url.is_none() => {
                Ok(Self { url: postgres::serving_url(&owner_url), owner_url, _cluster: None })
            }
            _ => Self::start(config),
        }
    }

    fn private(data_dir: &Path) -> anyhow::Result<Self> {
        let cluster =
            Cluster::start(&Options { data_dir: data_dir.to_owned(), durable: true, outlives: false })?;
        let owner_url = cluster.url(NAME);
        runtime()?.block_on(async {
            postgres::ensure_database(|name| cluster.url(name), NAME).await?;
            postgres::ensure_serving_role(&owner_url).await
        })?;
        Ok(Self { url: postgres::serving_url(&owner_url), owner_url, _cluster: Some(cluster) })
    }

    /// Runs the migrations that have not run, and gives the role that serves its rights.
    pub fn migrate(&self) -> anyhow::Result<Vec<String>> {
        runtime()?.block_on(async {
            let ran = platform::migrations::run(&self.owner_url).await?;
            if self.owner_url != self.url {
                postgres::let_serve(&self.owner_url, &self.url).await?;
            }
            Ok(ran)
        })
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
