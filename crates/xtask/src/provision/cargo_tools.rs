//! Trunk and wasm-bindgen-cli, in the versions that fit the lock file.

use std::path::Path;

use anyhow::{Context, Result};

use super::Need;
use crate::command::{answer, cargo, command, root, run};

/// The version of Trunk: the newest that the toolchain in use compiles.
pub const TRUNK: &str = "0.21.14";

/// A program that `cargo install` provides.
struct CargoTool {
    package: &'static str,
    program: &'static str,
    version: String,
    locked: bool,
    /// Cheaper code generation for a tool whose own speed does not matter.
    quick_build: bool,
}

/// Trunk and wasm-bindgen-cli. A lock file that cannot be read shows when they are looked for.
pub fn all() -> Vec<Box<dyn Need>> {
    vec![
        Box::new(CargoTool {
            package: "trunk",
            program: "trunk",
            version: TRUNK.to_owned(),
            locked: true,
            quick_build: true,
        }),
        Box::new(WasmBindgen),
    ]
}

/// wasm-bindgen-cli must be exactly the version of the library in Cargo.lock.
struct WasmBindgen;

impl WasmBindgen {
    fn tool() -> Result<CargoTool> {
        Ok(CargoTool {
            package: "wasm-bindgen-cli",
            program: "wasm-bindgen",
            version: locked_version(&root().join("Cargo.lock"), "wasm-bindgen")?,
            locked: false,
            quick_build: false,
        })
    }
}

impl Need for WasmBindgen {
    fn name(&self) -> String {
        Self::tool().map_or_else(|_| "wasm-bindgen-cli".to_owned(), |tool| tool.name())
    }
    fn met(&self) -> Result<bool> {
        Self::tool()?.met()
    }
    fn meet(&self) -> Result<()> {
        Self::tool()?.meet()
    }
}

impl Need for CargoTool {
    fn name(&self) -> String {
        format!("{} {} (a few minutes, once)", self.package, self.version)
    }

    fn met(&self) -> Result<bool> {
        let said = answer(command(self.program).arg("--version"));
        let version = said.as_deref().and_then(|said| said.split_whitespace().nth(1));
        Ok(version == Some(self.version.as_str()))
    }

    fn meet(&self) -> Result<()> {
        let mut install = cargo();
        install.args(["install", self.package, "--version", &self.version, "--force"]);
        if self.locked {
            install.arg("--locked");
        }
        if self.quick_build {
            install
                .env("CARGO_PROFILE_RELEASE_LTO", "off")
                .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
                .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
        }
        run(&mut install)
            .with_context(|| format!("type: cargo install {} --version {}", self.package, self.version))
    }
}

/// The version of `package` in a Cargo.lock.
fn locked_version(lock: &Path, package: &str) -> Result<String> {
    let text = std::fs::read_to_string(lock).with_context(|| format!("cannot read {}", lock.display()))?;
    version_in(&text, package).with_context(|| format!("{package} is not in {}", lock.display()))
}

fn version_in(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines.next()?;
    let version = lines.next()?.strip_prefix("version = \"")?;
    Some(version.trim_end_matches('"').to_owned())
}

#[cfg(test)]
mod tests {
    use super::version_in;

    #[test]
    fn finds_the_version_of_exactly_this_package() {
        let lock = "[[package]]\nname = \"wasm-bindgen-shared\"\nversion = \"0.1.0\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(version_in(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(version_in(lock, "absent"), None);
    }
}
