//! rustfmt and clippy.

use anyhow::Result;

use crate::command::{cargo, run};
use crate::web_apps;

/// Everything is formatted as rustfmt would.
pub fn format() -> Result<()> {
    run(cargo().args(["fmt", "--all", "--check"]))
}

/// No warning in the crates of the server and its tests.
pub fn native() -> Result<()> {
    run(cargo().args(["clippy", "--locked", "--all-targets", "--", "-D", "warnings"]))
}

/// No warning in what the browser runs; that it compiles for wasm32 at all is seen here too.
pub fn web() -> Result<()> {
    let packages = ["domain", "contract", "ui", "shop", "console", "account"];
    let packages = packages.iter().flat_map(|package| ["-p", package]);
    run(cargo()
        .args(["clippy", "--locked", "--target", "wasm32-unknown-unknown"])
        .args(packages)
        .args(["--", "-D", "warnings"])
        .env("CARGO_TARGET_DIR", web_apps::target_folder()))
}
