//! The load of `cargo xtask bench`: buyers, gates and readers who drive a running server over
//! HTTP on loopback. Each bench ends with one line of JSON that holds its figures.

mod auth;
mod bare;
mod buyer;
mod ceiling;
mod connection;
mod figures;
mod jobs;
mod live;
mod read;
mod sale;
mod scan;
mod stadium;
mod unguarded;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// How to reach the server, and how long to measure.
#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    bench: Bench,
}

#[derive(Subcommand)]
enum Bench {
    /// Buyers hold, order and pay
    Sale(Target),
    /// Gates scan tickets
    Scan(Target),
    /// The event page and its seat map
    Read(Target),
    /// Guarded requests and signing in
    Auth(Target),
    /// Facts through outbox, dispatch and worker
    Jobs(Target),
    /// Messages to many sockets, beside socket.io
    Live(live::Options),
    /// Sends the bytes of an answer: what `read` is compared with
    Bare(bare::Options),
    /// Serves a handler without its guard: what `auth` is compared with
    Unguarded(unguarded::Options),
}

/// The server under load.
#[derive(clap::Args)]
struct Target {
    /// Its address: 127.0.0.1:8080
    #[arg(long)]
    server: SocketAddr,
    /// Its data folder, in which the private cluster is
    #[arg(long)]
    data: PathBuf,
    /// PostgreSQL's own load program
    #[arg(long)]
    pgbench: PathBuf,
    /// How to connect to the server's database: a connection string
    #[arg(long)]
    database: String,
    /// The secret with which the payment provider signs
    #[arg(long)]
    callback_secret: String,
    /// Connections that are open all the time
    #[arg(long, default_value_t = 200)]
    connections: usize,
    /// Under a minute, with less certain figures
    #[arg(long)]
    quick: bool,
}

impl Target {
    /// How long one measurement takes.
    fn duration(&self) -> Duration {
        Duration::from_secs(if self.quick { 8 } else { 30 })
    }
}

fn main() -> ExitCode {
    match perform(Cli::parse().bench) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn perform(bench: Bench) -> Result<()> {
    // One thread: the load must leave the processors to what it measures.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    match bench {
        Bench::Sale(target) => runtime.block_on(sale::measure(&target)),
        Bench::Scan(target) => runtime.block_on(scan::measure(&target)),
        Bench::Read(target) => runtime.block_on(read::measure(&target)),
        Bench::Auth(target) => runtime.block_on(auth::measure(&target)),
        Bench::Jobs(target) => runtime.block_on(jobs::measure(&target)),
        Bench::Live(options) => runtime.block_on(live::measure(&options)),
        Bench::Bare(options) => bare::serve(&options),
        Bench::Unguarded(options) => unguarded::serve(&options),
    }
}
