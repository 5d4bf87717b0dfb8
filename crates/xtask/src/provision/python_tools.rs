//! Python packages, each in its own virtual environment under `target/tools`: Schemathesis, which sends what the
//! OpenAPI document allows and forbids, and the public library by which receivers verify webhooks.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::Need;
use crate::command::{answer, command, root, run};

/// Where Schemathesis is after installation.
pub fn schemathesis() -> PathBuf {
    SCHEMATHESIS.environment().join("bin/schemathesis")
}

/// The need for Schemathesis.
pub const SCHEMATHESIS: PythonPackage = PythonPackage { name: "schemathesis", version: "4.32.5" };

/// The need for the library of Standard Webhooks.
pub const STANDARD_WEBHOOKS: PythonPackage = PythonPackage { name: "standardwebhooks", version: "1.1.0" };

/// A package with its environment.
pub struct PythonPackage {
    name: &'static str,
    version: &'static str,
}

impl PythonPackage {
    fn environment(&self) -> PathBuf {
        root().join("target/tools").join(self.name)
    }
}

impl Need for PythonPackage {
    fn name(&self) -> String {
        format!("{} {}", self.name, self.version)
    }

    fn met(&self) -> Result<bool> {
        let ask = format!("import importlib.metadata as it; print(it.version('{}'))", self.name);
        let said = answer(command(self.environment().join("bin/python")).args(["-c", &ask]));
        Ok(said.is_some_and(|said| said.trim() == self.version))
    }

    fn meet(&self) -> Result<()> {
        let environment = self.environment();
        run(command("python3").args(["-m", "venv", "--clear"]).arg(&environment))
            .context("type: apt-get install python3-venv")?;
        let package = format!("{}=={}", self.name, self.version);
        run(command(environment.join("bin/pip")).args(["install", "--quiet", &package]))
            .with_context(|| format!("type: pip install {package}"))
    }
}
