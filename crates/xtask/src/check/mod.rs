//! `cargo xtask check`: looks for mistakes and changes nothing in the sources.

mod arrows;
mod lints;
mod names;
mod openapi;

use std::process::ExitCode;

use anyhow::Result;

use crate::progress::step;
use crate::provision;

/// A check, and what to do when it fails.
struct Check {
    name: &'static str,
    look: fn() -> Result<()>,
    mend: &'static str,
}

/// Cheap ones first, so that a mistake of spelling shows before minutes of compiling.
const CHECKS: [Check; 7] = [
    Check { name: "format", look: lints::format, mend: "type: cargo fmt --all" },
    Check {
        name: "names and lengths of files",
        look: names::files,
        mend: "name the file after its noun, or split it by verb (DESIGN, section 2)",
    },
    Check {
        name: "npm lock files",
        look: names::lock_files,
        mend: "write them with omit-lockfile-registry-resolved=true (it is in the folder's .npmrc)",
    },
    Check {
        name: "arrows between crates",
        look: arrows::point_down,
        mend: "crates meet through ids, facts and server/src/wiring.rs (DESIGN, section 1)",
    },
    Check {
        name: "lints of the server's crates",
        look: lints::native,
        mend: "type: cargo clippy --all-targets",
    },
    Check {
        name: "lints of the web apps",
        look: lints::web,
        mend: "type: cargo clippy --target wasm32-unknown-unknown -p shop -p console -p account -p ui",
    },
    Check {
        name: "OpenAPI document",
        look: openapi::is_current,
        mend: "type: cargo run --bin ringside -- openapi > openapi/ringside.json, and look at the difference",
    },
];

/// Makes every check, says how each went, and fails when one did.
pub fn check() -> Result<ExitCode> {
    provision::provide(&provision::for_check())?;
    let mut failed = 0;
    for check in &CHECKS {
        step(&format!("Checking {}", check.name));
        if let Err(error) = (check.look)() {
            failed += 1;
            println!("\n  FAILED {}: {error:#}\n  {}\n", check.name, check.mend);
        }
    }
    step(&format!("{} checks passed, {failed} failed", CHECKS.len() - failed));
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
