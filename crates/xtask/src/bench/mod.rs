//! `cargo xtask bench`: builds the optimised server and the load, and lets the load drive it.

mod live;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};

use crate::command::{command, run};
use crate::local_server::LocalServer;
use crate::progress::step;
use crate::{provision, server_build};

/// What to measure.
#[derive(Args)]
pub struct Options {
    /// What to measure
    bench: Bench,
    /// Under a minute, with less certain figures
    #[arg(long)]
    quick: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Bench {
    /// Buyers hold, order and pay; the ceiling is the same SQL by pgbench
    Sale,
    /// Gates scan tickets
    Scan,
    /// The event page and its seat map, beside a bare handler with the same bytes
    Read,
    /// Guarded requests beside a bare handler, signing in beside bare Argon2
    Auth,
    /// Facts through outbox, dispatch and worker; the ceiling is like SQL by pgbench
    Jobs,
    /// Live messages to 5,000 sockets in 100 rooms, beside a socket.io server
    Live,
}

/// With which the payment provider that the load plays signs.
const CALLBACK_SECRET: &str = "the-load-plays-the-bank";

/// How long a server that has started needs to give back what starting took: threads that hashed passwords
/// go after ten seconds.
const SETTLES: Duration = Duration::from_secs(12);

/// Starts a server without workers and limits on its own data, and runs the load against it.
pub fn bench(options: &Options) -> Result<ExitCode> {
    let bench = match options.bench {
        Bench::Sale => "sale",
        Bench::Scan => "scan",
        Bench::Read => "read",
        Bench::Auth => "auth",
        Bench::Jobs => "jobs",
        // It needs other servers, and no database.
        Bench::Live => return live::bench(options.quick),
    };
    provision::provide(&provision::for_bench())?;
    let (server, load) = server_build::release()?;
    let settings = [
        ("RINGSIDE_ROLES", "serve"),
        ("RINGSIDE_RATE_LIMITS", "false"),
        ("RINGSIDE_LOG", "warn"),
        ("RINGSIDE_PAYMENT_CALLBACK_SECRET", CALLBACK_SECRET),
    ];
    let server = LocalServer::start(&server, "bench-data", &settings)?;
    std::thread::sleep(SETTLES);
    step(&format!("The idle server has {} MB of memory", server.memory()?));
    let (_, programs) = provision::postgres().context("PostgreSQL is not to be found")?;
    let mut load = command(load);
    load.args([bench, "--server", &server.address.to_string(), "--callback-secret", CALLBACK_SECRET]);
    load.arg("--data").arg(&server.data).arg("--database").arg(server.database()?.trim());
    load.arg("--pgbench").arg(programs.join("pgbench"));
    if options.quick {
        load.arg("--quick");
    }
    step("Measuring");
    run(&mut load)?;
    Ok(ExitCode::SUCCESS)
}
