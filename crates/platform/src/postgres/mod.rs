//! The private PostgreSQL cluster: made on first use in the data folder, started and stopped with
//! the server, reached over a Unix socket only.
//!
//! PostgreSQL refuses to run as root. Started by root, it runs as `postgres` (else `nobody`), in a
//! folder that user can reach: beside the other data when every parent folder lets it pass, else
//! under `/var/lib/ringside`; the choice is kept in `postgres.path`.

mod place;
mod programs;

use std::fs::{self, File, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use rustix::process::{Pid, Signal};

use place::Place;

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

/// The thread that is PostgreSQL's parent: it must live as long as PostgreSQL shall, because the
/// kernel's parent-death signal follows the thread, not the process.
struct Keeper {
    stop: mpsc::Sender<()>,
    thread: JoinHandle<()>,
}

/// The longest a start may take; recovering from a crash can take a while.
const START: Duration = Duration::from_secs(120);
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
            // A keeper that has gone has nothing left to stop.
            let _ = keeper.stop.send(());
            let _ = keeper.thread.join();
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

/// All that is needed to start PostgreSQL, and to start it again.
struct Start {
    place: Place,
    postgres: PathBuf,
    options: Options,
}

impl Start {
    fn command(&self) -> anyhow::Result<Command> {
        self.place.own_folder(&self.place.socket)?;
        let log = File::options().create(true).append(true).open(self.place.data.with_extension("log"))?;
        let mut command = Command::new(&self.postgres);
        command.arg("-D").arg(&self.place.data).arg("-k").arg(&self.place.socket);
        for setting in settings(self.options.durable) {
            command.args(["-c", setting]);
        }
        command
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .current_dir("/")
            .env_remove("PGDATA");
        command.process_group(0);
        self.place.become_owner(&mut command);
        Ok(command)
    }

    fn spawn(&self, dies_with_us: bool) -> anyhow::Result<Child> {
        let mut command = self.command()?;
        if dies_with_us {
            end_with_parent(&mut command);
        }
        let mut child = command.spawn().context("cannot start PostgreSQL")?;
        self.wait_until_ready(&mut child)?;
        Ok(child)
    }

    fn wait_until_ready(&self, child: &mut Child) -> anyhow::Result<()> {
        let until = Instant::now() + START;
        let note = self.place.data.join("postmaster.pid");
        let own = child.id().to_string();
        loop {
            if let Ok(text) = fs::read_to_string(&note) {
                let lines: Vec<&str> = text.lines().collect();
                let ours = lines.first().is_some_and(|pid| pid.trim() == own);
                if ours && lines.get(7).is_some_and(|state| state.trim() == "ready") {
                    return Ok(());
                }
            }
            if let Some(status) = child.try_wait()? {
                bail!("PostgreSQL ended at once ({status}); its log: {}", self.last_words());
            }
            if Instant::now() > until {
                bail!("PostgreSQL does not become ready; its log: {}", self.last_words());
            }
            thread::sleep(STEP);
        }
    }

    fn last_words(&self) -> String {
        let log = fs::read_to_string(self.place.data.with_extension("log"))
            .unwrap_or_else(|error| error.to_string());
        let lines: Vec<&str> = log.lines().rev().take(5).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join(" | ")
    }

    fn detached(&self) -> anyhow::Result<()> {
        let child = self.spawn(false)?;
        // It is somebody else's to end; not waiting for it is the point.
        drop(child);
        Ok(())
    }

    fn kept(self) -> anyhow::Result<Keeper> {
        let (stop, stopped) = mpsc::channel();
        let (ready, started) = mpsc::channel();
        let thread = thread::Builder::new().name("postgres-keeper".into()).spawn(move || {
            match self.spawn(true) {
                Ok(child) => {
                    // The starter waits for this; it cannot be gone.
                    let _ = ready.send(Ok(()));
                    self.keep(child, &stopped);
                }
                Err(error) => {
                    let _ = ready.send(Err(error));
                }
            }
        })?;
        started.recv().context("the keeper of PostgreSQL broke down")??;
        Ok(Keeper { stop, thread })
    }

    /// Waits for the word to stop; starts PostgreSQL again should it end by itself.
    fn keep(&self, mut child: Child, stopped: &mpsc::Receiver<()>) {
        loop {
            match stopped.recv_timeout(Duration::from_millis(500)) {
                Err(mpsc::RecvTimeoutError::Timeout) => {}
                Ok(()) | Err(mpsc::RecvTimeoutError::Disconnected) => return end(&mut child),
            }
            match child.try_wait() {
                Ok(None) => {}
                Ok(Some(status)) => {
                    tracing::error!(%status, "PostgreSQL ended; starting it again");
                    match self.spawn(true) {
                        Ok(again) => child = again,
                        Err(error) => {
                            tracing::error!(error = %format!("{error:#}"), "PostgreSQL cannot be started again")
                        }
                    }
                }
                Err(error) => tracing::error!(%error, "PostgreSQL cannot be watched"),
            }
        }
    }
}

/// SIGINT is PostgreSQL's fast shutdown: sessions are ended, nothing committed is lost.
fn end(child: &mut Child) {
    let Some(pid) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) else { return };
    if let Err(error) = rustix::process::kill_process(pid, Signal::INT) {
        tracing::warn!(%error, "PostgreSQL could not be told to stop");
    }
    if let Err(error) = child.wait() {
        tracing::warn!(%error, "PostgreSQL's end was not seen");
    }
}

/// The kernel sends the child SIGINT when the thread that started it ends.
#[allow(unsafe_code, reason = "pre_exec: only async-signal-safe system calls run between fork and exec")]
fn end_with_parent(command: &mut Command) {
    #[cfg(target_os = "linux")]
    // SAFETY: prctl is async-signal-safe and touches no memory of ours.
    unsafe {
        command.pre_exec(|| Ok(rustix::process::set_parent_process_death_signal(Some(Signal::INT))?));
    }
}

fn settings(durable: bool) -> &'static [&'static str] {
    const DURABLE: &[&str] = &[
        "listen_addresses=",
        "unix_socket_permissions=0700",
        "max_connections=120",
        "shared_buffers=128MB",
        "work_mem=8MB",
        "maintenance_work_mem=64MB",
        "effective_cache_size=512MB",
        "random_page_cost=1.1",
        "jit=off",
        "fsync=on",
        "synchronous_commit=on",
        "wal_compression=on",
        "wal_buffers=16MB",
        "max_wal_size=2GB",
        "checkpoint_timeout=15min",
        "checkpoint_completion_target=0.9",
        "autovacuum_naptime=20s",
        "autovacuum_vacuum_scale_factor=0.05",
        "timezone=UTC",
        "log_timezone=UTC",
        "log_checkpoints=off",
    ];
    const FOR_TESTS: &[&str] = &[
        "listen_addresses=",
        "unix_socket_permissions=0700",
        "max_connections=400",
        "shared_buffers=128MB",
        "jit=off",
        "fsync=off",
        "synchronous_commit=off",
        "full_page_writes=off",
        "wal_level=minimal",
        "max_wal_senders=0",
        "autovacuum=off",
        "timezone=UTC",
        "log_timezone=UTC",
        "log_checkpoints=off",
    ];
    if durable { DURABLE } else { FOR_TESTS }
}
