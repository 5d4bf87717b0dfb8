//! `cargo xtask run`: from a fresh clone to a served Ringside.

use std::os::unix::process::CommandExt;
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::command::command;
use crate::progress::step;
use crate::{provision, server_build, web_apps};

/// Installs, builds and serves. The server takes this program's place in the end, so that
/// Ctrl-C and the signals of a supervisor reach it directly, and it stops what it started.
pub fn run() -> Result<ExitCode> {
    provision::provide(&provision::for_run())?;
    let server = server_build::debug()?;
    web_apps::build()?;
    step("Starting");
    let mut serve = command(&server);
    serve.arg("serve").env("RINGSIDE_DEMO", "true");
    if std::env::var_os("RINGSIDE_LOG_FORMAT").is_none() {
        serve.env("RINGSIDE_LOG_FORMAT", "text");
    }
    let error = serve.exec();
    Err(error).with_context(|| format!("cannot start {}", server.display()))
}
