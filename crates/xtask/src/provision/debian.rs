//! apt, where this program may use it: as root on Debian and its children.

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::command::{answer, command, find, run};

/// Asked before a package starts its service; 101 means "do not".
const START_POLICY: &str = "/usr/sbin/policy-rc.d";
/// Read before Debian's PostgreSQL makes a cluster of its own.
const CLUSTER_POLICY: &str = "/etc/postgresql-common/createcluster.conf";

/// Whether apt is the way to install things here.
pub fn is_here() -> bool {
    find("apt-get").is_some()
}

/// Installs packages without what they merely recommend, starting no service and making no
/// database cluster. Without the right to do so the error is the line to type.
pub fn install(packages: &[&str]) -> Result<()> {
    let line = format!("apt-get install -y --no-install-recommends {}", packages.join(" "));
    if !is_root() {
        bail!(
            "this program may not install system packages here; type:\n\n    sudo apt-get update && sudo {line}\n"
        );
    }
    let _quiet = QuietServices::begin()?;
    if apt(packages).is_ok() {
        return Ok(());
    }
    // Most often the package lists are missing or old.
    run(command("apt-get").args(["update", "-q"])).context("apt-get update")?;
    apt(packages).with_context(|| format!("type: {line}"))
}

fn apt(packages: &[&str]) -> Result<()> {
    run(command("apt-get")
        .args(["install", "-y", "-q", "--no-install-recommends"])
        .args(packages)
        .env("DEBIAN_FRONTEND", "noninteractive"))
}

/// Whether this program runs as root.
pub fn is_root() -> bool {
    answer(command("id").arg("-u")).is_some_and(|id| id.trim() == "0")
}

/// While it lives, packages start no service and make no cluster. Policies that the machine
/// already has are left alone.
struct QuietServices {
    ours: Vec<&'static Path>,
}

impl QuietServices {
    fn begin() -> Result<Self> {
        let mut quiet = Self { ours: Vec::new() };
        quiet.write(Path::new(START_POLICY), "#!/bin/sh\nexit 101\n")?;
        quiet.write(Path::new(CLUSTER_POLICY), "create_main_cluster = false\n")?;
        run(command("chmod").args(["+x", START_POLICY]))?;
        Ok(quiet)
    }

    fn write(&mut self, file: &'static Path, text: &str) -> Result<()> {
        if file.exists() {
            return Ok(());
        }
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))?;
        self.ours.push(file);
        Ok(())
    }
}

impl Drop for QuietServices {
    fn drop(&mut self) {
        for file in &self.ours {
            if let Err(error) = std::fs::remove_file(file) {
                eprintln!("xtask: {} stays behind: {error}", file.display());
            }
        }
    }
}
