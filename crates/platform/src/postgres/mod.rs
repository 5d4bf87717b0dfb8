//! The private PostgreSQL cluster: made on first use in the data folder, started and stopped with
//! the server, reached over a Unix socket only.
//!
//! PostgreSQL refuses to run as root. Started by root, it runs as `postgres` (else `nobody`), in a
//! folder that user can reach: beside the other data when every parent folder lets it pass, else
//! under `/var/lib/ringside`; the choice is kept in `postgres.path`.

mod place;
mod programs;
mod roles;
mod start;

use std::fs::{self, File, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use rustix::process::{Pid, Signal};

use place::Place;
pub use roles::{SERVING, ensure_serving_role, let_serve, serving_url};
use start::{Keeper, Start};

/// How a cluster is wanted.
#[derive(Debug, Clone)]
pub struct Options {
    /// Folder that holds it.
    pub data_dir: PathBuf,
    /// Whether a commit survives a power cut. Only tests say no.
    pub durable: bool,
    /// Whether it outlives this process. Only tests say yes, and stop it by other means.
    pub outlives: bool,
}

/// A running cluster; stops when dropped, and when this process dies.
pub struct Cluster {
    place: Place,
    keeper: Option<Keeper>,
    adopted: bool,
    _lock: File,
}

const STOP: Duration = Duration::from_secs(30);
const STEP: Duration = Duration::from_millis(10);

impl Cluster {
    /// Starts the cluster, making it first when there is none. Blocks.
    ///
    /// A PostgreSQL left over from a killed server is stopped first. Fails with a clear message when
    /// another server uses the folder or PostgreSQL's programs are missing.
    pub fn start(options: &Options) -> anyhow::Result<Self> {
        fs::create_dir_all(&options.data_dir)
            .with_context(|| format!("cannot create the data folder {}", options.data_dir.display()))?;
        let lock = lock(&options.data_dir)?;
        let place = Place::choose(&options.data_dir)?;
        let programs = programs::find(place.version()?)?;
        if !place.exists() {
            make(&place, &programs, options.durable)?;
        }
        let adopted = options.outlives && running(&place).is_some();
        if adopted {
            return Ok(Self { place, keeper: None, adopted, _lock: lock });
        }
        end_leftover(&place)?;
        let command =
            Start { place: place.clone(), postgres: programs.join("postgres"), options: options.clone() };
        let keeper = if options.outlives {
            command.detached()?;
            None
        } else {
            Some(command.kept()?)
        };
        fs::write(options.data_dir.join("postgres.url"), place.url("ringside"))?;
        Ok(Self { place, keeper, adopted, _lock: lock })
    }

    /// The address of one of its databases.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        self.place.url(database)
    }

    /// Whether it was running already; only a cluster that outlives its starter can be.
    #[must_use]
    pub fn was_running(&self) -> bool {
        self.adopted
    }

    /// The folder of its files.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.place.data
    }

    /// The process id of PostgreSQL.
    pub fn pid(&self) -> anyhow::Result<i32> {
        running(&self.place).map(|pid| pid.as_raw_nonzero().get()).context("PostgreSQL is not running")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(keeper) = self.keeper.take() {
            keeper.end();
        }
    }
}

/// The address of the database of the server that runs on this data folder, if one does: for
/// commands that work beside it.
#[must_use]
pub fn running_url(data_dir: &Path) -> Option<String> {
    let file = File::options().read(true).write(true).open(data_dir.join("lock")).ok()?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => fs::read_to_string(data_dir.join("postgres.url")).ok(),
        _ => None,
    }
}

/// Creates the database when it does not exist.
pub async fn ensure_database(cluster_url: impl Fn(&str) -> String, name: &str) -> anyhow::Result<()> {
    let (client, connection) =
        tokio_postgres::connect(&cluster_url("postgres"), tokio_postgres::NoTls).await?;
    let driver = tokio::spawn(connection);
    let found = client.query_opt("SELECT 1 FROM pg_database WHERE datname = $1", &[&name]).await?;
    if found.is_none() {
        client.batch_execute(&format!("CREATE DATABASE \"{name}\"")).await?;
    }
    drop(client);
    driver.await??;
    Ok(())
}

/// One server at a time on a data folder.
fn lock(data_dir: &Path) -> anyhow::Result<File> {
    let path = data_dir.join("lock");
    let mut file = File::options().read(true).write(true).create(true).truncate(false).open(&path)?;
    match file.try_lock() {
        Ok(()) => {
            file.set_len(0)?;
            file.rewind()?;
            write!(file, "{}", std::process::id())?;
            Ok(file)
        }
        Err(TryLockError::WouldBlock) => {
            let mut pid = String::new();
            file.read_to_string(&mut pid)?;
            bail!(
                "another Ringside server (process {}) uses the data folder {}; stop it, or set RINGSIDE_DATA_DIR to another folder",
                pid.trim(),
                data_dir.display()
            )
        }
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("cannot lock {}", path.display()))
        }
    }
}

/// Makes the cluster beside its place and moves it there when it is whole.
fn make(place: &Place, programs: &Path, durable: bool) -> anyhow::Result<()> {
    tracing::info!(folder = %place.data.display(), "making a private PostgreSQL cluster");
    let fresh = place.data.with_extension("new");
    if fresh.exists() {
        fs::remove_dir_all(&fresh)?;
    }
    place.own_folder(&fresh)?;
    let mut command = Command::new(programs.join("initdb"));
    command
        .arg("--pgdata")
        .arg(&fresh)
        .args([
            "--username=ringside",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-instructions",
        ])
        .env_remove("PGDATA")
        .current_dir("/");
    if !durable {
        command.arg("--no-sync");
    }
    place.become_owner(&mut command);
    let output = command.stdin(Stdio::null()).output().context("cannot run initdb")?;
    if !output.status.success() {
        bail!("initdb failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    fs::rename(&fresh, &place.data)?;
    Ok(())
}

/// The PostgreSQL that runs on this place, by its own note.
fn running(place: &Place) -> Option<Pid> {
    let note = fs::read_to_string(place.data.join("postmaster.pid")).ok()?;
    let pid = Pid::from_raw(note.lines().next()?.trim().parse().ok()?)?;
    let name = fs::read_to_string(format!("/proc/{}/comm", pid.as_raw_nonzero())).ok()?;
    name.trim().starts_with("postgres").then_some(pid)
}

/// Ends the PostgreSQL of a server that was killed. We hold the folder's lock: nobody uses it.
fn end_leftover(place: &Place) -> anyhow::Result<()> {
    let Some(pid) = running(place) else { return Ok(()) };
    tracing::warn!(pid = pid.as_raw_nonzero(), "stopping the PostgreSQL of a server that was killed");
    // It may end by itself between the look and the signal.
    let _ = rustix::process::kill_process(pid, Signal::INT);
    let until = Instant::now() + STOP;
    while running(place).is_some() {
        if Instant::now() > until {
            bail!("an old PostgreSQL (process {}) does not stop", pid.as_raw_nonzero());
        }
        thread::sleep(STEP);
    }
    Ok(())
}
