//! `cargo xtask bench live`: our server with a Redis, and a socket.io server, under the same load.

use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::SETTLES;
use crate::command::{command, root, run};
use crate::local_server::{LocalServer, free_address};
use crate::progress::step;
use crate::{provision, server_build};

/// How long another server may take to start.
const START: Duration = Duration::from_secs(20);

/// Starts all three and runs the load against them.
pub fn bench(quick: bool) -> Result<ExitCode> {
    provision::provide(&provision::for_bench_live())?;
    let (server, load) = server_build::release()?;
    let redis = Neighbour::redis()?;
    let socketio = Neighbour::socketio()?;
    let url = format!("redis://{}/", redis.address);
    let settings = [
        ("RINGSIDE_ROLES", "serve"),
        ("RINGSIDE_RATE_LIMITS", "false"),
        ("RINGSIDE_LOG", "warn"),
        ("REDIS_URL", url.as_str()),
    ];
    let server = LocalServer::start(&server, "bench-live-data", &settings)?;
    std::thread::sleep(SETTLES);
    step(&format!("The idle server has {} MB of memory", server.memory()?));
    let mut load = command(load);
    load.arg("live").args(["--server", &server.address.to_string()]);
    load.args(["--server-pid", &server.pid().to_string()]);
    load.args(["--redis", &url, "--redis-pid", &redis.child.id().to_string()]);
    load.args(["--socketio", &socketio.address.to_string()]);
    load.args(["--socketio-pid", &socketio.child.id().to_string()]);
    if quick {
        load.arg("--quick");
    }
    step("Measuring");
    run(&mut load)?;
    Ok(ExitCode::SUCCESS)
}

/// A server that is not ours; dropping it ends it.
struct Neighbour {
    child: Child,
    address: SocketAddr,
}

impl Neighbour {
    fn redis() -> Result<Self> {
        let address = free_address()?;
        let mut start = command("redis-server");
        start.args(["--bind", "127.0.0.1", "--port", &address.port().to_string()]);
        start.args(["--save", "", "--appendonly", "no"]);
        Self::start("Redis", address, start.current_dir(std::env::temp_dir()))
    }

    fn socketio() -> Result<Self> {
        let address = free_address()?;
        let mut start = command("node");
        start.arg("server.mjs").env("PORT", address.port().to_string()).env("NODE_ENV", "production");
        Self::start("socket.io", address, start.current_dir(root().join(provision::SOCKETIO)))
    }

    fn start(name: &str, address: SocketAddr, start: &mut Command) -> Result<Self> {
        step(&format!("Starting {name} on {address}"));
        start.stdin(Stdio::null()).stdout(Stdio::null());
        let child = start.spawn().with_context(|| format!("cannot start {name}"))?;
        let mut neighbour = Self { child, address };
        let begun = Instant::now();
        while TcpStream::connect(address).is_err() {
            if let Some(status) = neighbour.child.try_wait()? {
                bail!("{name} stopped at once ({status})");
            }
            if begun.elapsed() > START {
                bail!("{name} does not listen after {START:?}");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(neighbour)
    }
}

impl Drop for Neighbour {
    fn drop(&mut self) {
        if let Err(error) = self.child.kill().and_then(|()| self.child.wait()) {
            eprintln!("xtask: a server of the bench may still run: {error}");
        }
    }
}
