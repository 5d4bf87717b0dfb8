//! A server with its own port and data folder below `target/`, for tests and measurements.

use std::fs::File;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::command::{command, root, run};
use crate::progress::step;

/// How long the first start may take, with making the database and demo data.
const START: Duration = Duration::from_secs(120);
/// How long an orderly stop may take.
const STOP: Duration = Duration::from_secs(15);

/// A running server; dropping it stops it.
pub struct LocalServer {
    child: Child,
    /// The program that runs.
    pub program: PathBuf,
    /// Where it listens.
    pub address: SocketAddr,
    /// Where its database, keys and kept mail are.
    pub data: PathBuf,
    log: PathBuf,
}

impl LocalServer {
    /// Starts `server` on a free port with an empty data folder `target/<name>`; `settings`
    /// are environment variables on top. Returns when it says that it is ready.
    pub fn start(server: &Path, name: &str, settings: &[(&str, &str)]) -> Result<Self> {
        let data = root().join("target").join(name);
        forget(&data)?;
        let address = free_address()?;
        let log = root().join(format!("target/{name}.log"));
        let out = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        step(&format!("Starting the server for {name} on {address}"));
        let mut start: Command = command(server);
        start
            .arg("serve")
            .env("RINGSIDE_LISTEN", address.to_string())
            .env("RINGSIDE_DATA_DIR", &data)
            .envs(settings.iter().copied())
            .stdout(out.try_clone()?)
            .stderr(out);
        let child = start.spawn().with_context(|| format!("cannot start {}", server.display()))?;
        let mut server = Self { child, program: server.to_owned(), address, data, log };
        server.wait_until_ready()?;
        Ok(server)
    }

    /// "http://127.0.0.1:port", without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Megabytes of memory that the server itself has now, without its database.
    pub fn memory(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.and_then(|line| line.split_whitespace().next()).context("no VmRSS")?;
        Ok(kilobytes.parse::<u64>()? / 1024)
    }

    /// How to connect to its private database.
    pub fn database(&self) -> Result<String> {
        let note = self.data.join("postgres.url");
        std::fs::read_to_string(&note).with_context(|| format!("cannot read {}", note.display()))
    }

    /// Posts JSON and returns the JSON that comes back; anything but a success is an error.
    pub fn post(&self, path: &str, body: &Value) -> Result<Value> {
        let answer =
            ask(self.address, "POST", path, &body.to_string()).with_context(|| format!("POST {path}"))?;
        let (head, body) = answer.split_once("\r\n\r\n").context("the answer has no end of its head")?;
        let success = ["HTTP/1.1 200", "HTTP/1.1 201"].iter().any(|status| head.starts_with(status));
        if !success {
            bail!("POST {path} answered {}: {body}", head.lines().next().unwrap_or("nothing"));
        }
        serde_json::from_str(body).with_context(|| format!("POST {path} did not answer JSON"))
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let begun = Instant::now();
        while !is_ready(self.address) {
            if let Some(status) = self.child.try_wait()? {
                bail!("the server stopped at once ({status}):\n{}", self.last_lines());
            }
            if begun.elapsed() > START {
                bail!("the server was not ready after {START:?}:\n{}", self.last_lines());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// The end of what it logged.
    fn last_lines(&self) -> String {
        let Ok(log) = std::fs::read_to_string(&self.log) else {
            return format!("see {}", self.log.display());
        };
        let lines: Vec<_> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }

    fn stop(&mut self) -> Result<()> {
        run(command("kill").args(["-TERM", &self.child.id().to_string()]))?;
        let begun = Instant::now();
        while self.child.try_wait()?.is_none() {
            if begun.elapsed() > STOP {
                self.child.kill()?;
                bail!("the server did not stop within {STOP:?} and was killed; see {}", self.log.display());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }
}

impl Drop for LocalServer {
    fn drop(&mut self) {
        if !matches!(self.child.try_wait(), Ok(Some(_)))
            && let Err(error) = self.stop()
        {
            eprintln!("xtask: {error:#}");
        }
    }
}

/// Removes a data folder, and its cluster when that had to lie elsewhere.
fn forget(data: &Path) -> Result<()> {
    let note = data.join("postgres.path");
    let cluster = note.exists().then(|| std::fs::read_to_string(&note)).transpose()?;
    for folder in cluster.iter().map(|path| Path::new(path.trim())).chain([data]) {
        if folder.exists() {
            std::fs::remove_dir_all(folder).with_context(|| format!("cannot empty {}", folder.display()))?;
        }
    }
    Ok(())
}

/// An address of this machine that nobody listens on now.
pub fn free_address() -> Result<SocketAddr> {
    let probe = TcpListener::bind("127.0.0.1:0").context("no free port on this machine")?;
    Ok(probe.local_addr()?)
}

fn is_ready(address: SocketAddr) -> bool {
    ask(address, "GET", "/readyz", "").is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
}

/// One request on a connection of its own; the whole answer as it came.
fn ask(address: SocketAddr, method: &str, path: &str, body: &str) -> Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
