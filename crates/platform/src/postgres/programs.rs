//! PostgreSQL's programs on this machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::bail;

/// The oldest PostgreSQL that will do.
const OLDEST: u32 = 15;

/// The folder with `initdb` and `postgres`: of exactly `version` when a cluster exists, else the
/// newest found.
pub(super) fn find(version: Option<u32>) -> anyhow::Result<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> =
        candidates().into_iter().filter_map(|folder| Some((major(&folder)?, folder))).collect();
    found.sort_by_key(|(major, _)| std::cmp::Reverse(*major));
    let fits = |major: u32| version.map_or(major >= OLDEST, |version| major == version);
    if let Some((_, folder)) = found.iter().find(|(major, _)| fits(*major)) {
        return Ok(folder.clone());
    }
    match version {
        Some(version) => bail!(
            "the database was made by PostgreSQL {version}, whose programs are not on this machine; install postgresql-{version}, or set DATABASE_URL"
        ),
        None => bail!(
            "the programs of PostgreSQL {OLDEST} or later are not on this machine; install them (Debian, Ubuntu: apt install postgresql), or set DATABASE_URL"
        ),
    }
}

fn candidates() -> Vec<PathBuf> {
    let mut folders = Vec::new();
    if let Ok(output) = Command::new("pg_config").arg("--bindir").output()
        && output.status.success()
    {
        folders.push(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    }
    for (parent, tail) in
        [("/usr/lib/postgresql", "bin"), ("/opt/homebrew/opt", "bin"), ("/usr/local/opt", "bin")]
    {
        let Ok(entries) = fs::read_dir(parent) else { continue };
        folders.extend(entries.flatten().map(|entry| entry.path().join(tail)));
    }
    folders.extend(["/usr/local/pgsql/bin", "/usr/local/bin", "/usr/bin"].map(PathBuf::from));
    folders
}

/// The major version of the `postgres` in a folder that has `initdb`, too.
fn major(folder: &Path) -> Option<u32> {
    if !folder.join("initdb").exists() || !folder.join("postgres").exists() {
        return None;
    }
    let output = Command::new(folder.join("postgres")).arg("--version").output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    // "postgres (PostgreSQL) 17.6 (Debian 17.6-0+deb13u1)"
    let number = text.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}
