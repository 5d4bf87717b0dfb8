//! Schemathesis, which sends what the OpenAPI document allows and forbids; in its own
//! virtual environment under `target/tools`.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::Need;
use crate::command::{answer, command, root, run};

const VERSION: &str = "4.32.5";

/// Where the program is after installation.
pub fn schemathesis() -> PathBuf {
    environment().join("bin/schemathesis")
}

fn environment() -> PathBuf {
    root().join("target/tools/schemathesis")
}

/// The need for Schemathesis.
pub struct Schemathesis;

impl Need for Schemathesis {
    fn name(&self) -> String {
        format!("schemathesis {VERSION}")
    }

    fn met(&self) -> Result<bool> {
        let said = answer(command(schemathesis()).arg("--version"));
        Ok(said.is_some_and(|said| said.trim().ends_with(VERSION)))
    }

    fn meet(&self) -> Result<()> {
        let environment = environment();
        run(command("python3").args(["-m", "venv", "--clear"]).arg(&environment))
            .context("type: apt-get install python3-venv")?;
        run(command(environment.join("bin/pip"))
            .args(["install", "--quiet"])
            .arg(format!("schemathesis=={VERSION}")))
        .with_context(|| format!("type: pip install schemathesis=={VERSION}"))
    }
}
