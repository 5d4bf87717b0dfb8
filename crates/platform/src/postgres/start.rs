//! Starting PostgreSQL, keeping it running, ending it.

use std::fs::{self, File};
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use rustix::process::{Pid, Signal};

use super::place::Place;
use super::{Options, STEP};

/// The longest a start may take; recovering from a crash can take a while.
const START: Duration = Duration::from_secs(120);

/// The thread that is PostgreSQL's parent: it must live as long as PostgreSQL shall, because the
/// kernel's parent-death signal follows the thread, not the process.
pub(super) struct Keeper {
    stop: mpsc::Sender<()>,
    thread: JoinHandle<()>,
}

impl Keeper {
    /// Ends PostgreSQL and waits for it.
    pub fn end(self) {
        // A keeper that has gone has nothing left to stop.
        let _ = self.stop.send(());
        let _ = self.thread.join();
    }
}

/// All that is needed to start PostgreSQL, and to start it again.
pub(super) struct Start {
    pub place: Place,
    pub postgres: PathBuf,
    pub options: Options,
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

    pub fn detached(&self) -> anyhow::Result<()> {
        let child = self.spawn(false)?;
        // It is somebody else's to end; not waiting for it is the point.
        drop(child);
        Ok(())
    }

    pub fn kept(self) -> anyhow::Result<Keeper> {
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
        "update_process_title=off",
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
