//! Builds the web apps with Trunk into `dist/`, compressed ahead, and only when something
//! they are made of changed.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::command::{cargo, command, path_with, root, run};
use crate::progress::step;
use crate::provision::WEB_TOOLS;

/// A web app and the address it is served at.
struct App {
    name: &'static str,
    address: &'static str,
}

const APPS: [App; 3] = [
    App { name: "shop", address: "/" },
    App { name: "console", address: "/console/" },
    App { name: "account", address: "/account/" },
];

/// Everything the apps are made of; what only another app is made of is left out.
const SOURCES: [&str; 7] =
    ["Cargo.toml", "Cargo.lock", "Trunk.toml", ".cargo", "crates/domain", "crates/contract", "frontend"];

/// Where the artifacts of wasm builds are: apart, so that native builds never wait for them.
pub fn target_folder() -> PathBuf {
    root().join("target/web")
}

/// Builds the apps that changed.
pub fn build() -> Result<()> {
    let changed: Vec<_> = APPS.iter().map(|app| Ok((app, app.fingerprint()?))).collect::<Result<Vec<_>>>()?;
    let changed: Vec<_> = changed.into_iter().filter(|(app, print)| !app.is_built_from(print)).collect();
    if changed.is_empty() {
        step("Web apps are up to date");
        return Ok(());
    }
    step("Fetching the libraries of the web apps");
    run(cargo().args(["fetch", "--locked", "--target", "wasm32-unknown-unknown"]))?;
    for (app, print) in changed {
        step(&format!("Building the web app `{}` (minutes the first time)", app.name));
        app.build()?;
        step(&format!("Compressing dist/{}", app.name));
        run(command("node").arg("frontend/precompress.mjs").arg(app.dist()))?;
        std::fs::write(app.stamp(), print)?;
    }
    Ok(())
}

impl App {
    fn dist(&self) -> PathBuf {
        root().join("dist").join(self.name)
    }

    fn stamp(&self) -> PathBuf {
        target_folder().join(format!("{}.fingerprint", self.name))
    }

    fn is_built_from(&self, print: &str) -> bool {
        let stamp = std::fs::read_to_string(self.stamp()).ok();
        stamp.as_deref() == Some(print) && self.dist().join("index.html").exists()
    }

    fn build(&self) -> Result<()> {
        let tools = root().join(WEB_TOOLS).join("node_modules/.bin");
        run(command("trunk")
            .args(["build", "--config", "Trunk.toml", "--public-url", self.address])
            .arg("--dist")
            .arg(format!("dist/{}", self.name))
            .arg(format!("frontend/{}/index.html", self.name))
            .env("PATH", path_with(&tools)?)
            .env("CARGO_TARGET_DIR", target_folder())
            .env("TRUNK_SKIP_VERSION_CHECK", "true")
            // Trunk takes only "true" and "false" here, not the "1" that people set.
            .env_remove("NO_COLOR"))
    }

    fn fingerprint(&self) -> Result<String> {
        let mut files = Vec::new();
        for source in SOURCES {
            self.collect(&root().join(source), &mut files)?;
        }
        files.sort();
        let mut hash = Sha256::new();
        for file in files {
            hash.update(file.to_string_lossy().as_bytes());
            hash.update(std::fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?);
        }
        Ok(hex::encode(hash.finalize()))
    }

    /// Adds `place` and, when it is a folder, what is below it.
    fn collect(&self, place: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
        if place.is_file() {
            files.push(place.to_path_buf());
        } else if !self.is_foreign(place) {
            let entries =
                std::fs::read_dir(place).with_context(|| format!("cannot read {}", place.display()))?;
            for entry in entries {
                self.collect(&entry?.path(), files)?;
            }
        }
        Ok(())
    }

    fn is_foreign(&self, folder: &Path) -> bool {
        let of_another = APPS.iter().filter(|app| app.name != self.name);
        folder.ends_with("node_modules")
            || of_another.map(|app| root().join("frontend").join(app.name)).any(|other| folder == other)
    }
}
