//! Everything a person types: `cargo xtask run | test | check | bench`.
//!
//! Kept small on purpose, since it is compiled before anything can be said on a fresh machine.

mod bench;
mod check;
mod command;
mod local_server;
mod progress;
mod provision;
mod run;
mod server_build;
mod test;
mod web_apps;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Build, run, test and measure Ringside")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Install what is missing, build, fill demo data once and serve on 127.0.0.1:8080
    Run,
    /// Install what is missing and run every test there is
    Test(test::Options),
    /// Look for mistakes without running anything: format, lints, arrows, OpenAPI drift, names
    Check,
    /// Measure the real thing: sale, scan, read, auth or jobs
    Bench(bench::Options),
    /// Install what running and testing need, and nothing else
    Provision,
}

fn main() -> ExitCode {
    match perform(Cli::parse().task) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\nxtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn perform(task: Task) -> Result<ExitCode> {
    match task {
        Task::Run => run::run(),
        Task::Test(options) => test::test(&options),
        Task::Check => check::check(),
        Task::Bench(options) => bench::bench(&options),
        Task::Provision => {
            provision::provide(&provision::for_tests())?;
            Ok(ExitCode::SUCCESS)
        }
    }
}
