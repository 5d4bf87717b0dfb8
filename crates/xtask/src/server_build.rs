//! Builds the server. `run`, `check` and `test` choose the same packages, so that the
//! libraries are compiled with the same features and therefore once.

use std::path::PathBuf;

use anyhow::Result;

use crate::command::{cargo, root, run};
use crate::progress::step;

/// The server as `run` and `test` use it; returns the program.
pub fn debug() -> Result<PathBuf> {
    step("Building the server (minutes the first time)");
    run(cargo().args(["build", "--locked", "--bin", "ringside"]))?;
    Ok(root().join("target/debug/ringside"))
}

/// The server as it is measured and shipped, and the load that measures it.
pub fn release() -> Result<(PathBuf, PathBuf)> {
    step("Building the optimised server (many minutes the first time)");
    run(cargo().args(["build", "--locked", "--release", "-p", "server", "-p", "bench"]))?;
    let folder = root().join("target/release");
    Ok((folder.join("ringside"), folder.join("bench")))
}
