//! `cargo xtask bench`: builds the optimised server and the load, and lets the load drive it.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::command::{cargo, command, root, run};
use crate::local_server::LocalServer;
use crate::progress::step;
use crate::server_build;

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
}

/// Starts a server without workers and limits on its own data, and runs the load against it.
pub fn bench(options: &Options) -> Result<ExitCode> {
    let server = server_build::release()?;
    step("Building the load");
    run(cargo().args(["build", "--locked", "--release", "-p", "bench"]))?;
    let settings = [("RINGSIDE_ROLES", "serve"), ("RINGSIDE_RATE_LIMITS", "off"), ("RINGSIDE_DEMO", "1")];
    let server = LocalServer::start(&server, "bench-data", &settings)?;
    let mut load = command(root().join("target/release/bench"));
    load.arg(match options.bench {
        Bench::Sale => "sale",
        Bench::Scan => "scan",
        Bench::Read => "read",
    });
    load.arg("--url").arg(server.url()).arg("--data").arg(&server.data);
    if options.quick {
        load.arg("--quick");
    }
    step("Measuring");
    run(&mut load)?;
    Ok(ExitCode::SUCCESS)
}
