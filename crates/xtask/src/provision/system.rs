//! Programs that the system's package manager provides.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::{Need, debian};
use crate::command::{answer, command, find};

/// A program, how it is recognised, and what it is called elsewhere.
struct Program {
    name: &'static str,
    debian: &'static str,
    elsewhere: &'static str,
    present: fn() -> bool,
}

/// A set of programs, installed together.
pub struct Programs(Vec<Program>);

impl Programs {
    /// A database server.
    pub fn to_bench() -> Self {
        Self(vec![Program {
            name: "PostgreSQL 15 or later (server programs)",
            debian: "postgresql",
            elsewhere: "PostgreSQL 15 or later, with `initdb` and `postgres` on PATH",
            present: || postgres().is_some_and(|(major, _)| major >= 15),
        }])
    }

    /// On top of it Node.js, for the tools of the web apps.
    pub fn to_run() -> Self {
        let mut programs = Self::to_bench();
        programs.0.extend([
            Program {
                name: "Node.js",
                debian: "nodejs",
                elsewhere: "Node.js 18 or later",
                present: || find("node").is_some(),
            },
            Program { name: "npm", debian: "npm", elsewhere: "npm", present: || find("npm").is_some() },
        ]);
        programs
    }

    /// On top of it Redis.
    pub fn to_bench_live() -> Self {
        let mut programs = Self::to_run();
        programs.0.push(Program {
            name: "Redis",
            debian: "redis-server",
            elsewhere: "Redis 7 or later, with `redis-server` on PATH",
            present: || find("redis-server").is_some(),
        });
        programs
    }

    /// On top of it a browser, and independent readers of PDF and QR.
    pub fn to_test() -> Self {
        let mut programs = Self::to_bench_live();
        programs.0.extend([
            Program {
                name: "Chromium",
                debian: "chromium",
                elsewhere: "Chromium, with `chromium` on PATH",
                present: || find("chromium").is_some(),
            },
            Program {
                name: "Dovecot, a mailbox that is read by IMAP",
                debian: "dovecot-imapd",
                elsewhere: "Dovecot 2.3, with `dovecot` on PATH or in /usr/sbin",
                present: || find("dovecot").is_some() || Path::new("/usr/sbin/dovecot").exists(),
            },
            Program {
                name: "zbarimg, which reads QR codes",
                debian: "zbar-tools",
                elsewhere: "ZBar, with `zbarimg` on PATH",
                present: || find("zbarimg").is_some(),
            },
            Program {
                name: "pdftoppm, which draws PDF pages",
                debian: "poppler-utils",
                elsewhere: "Poppler, with `pdftoppm` on PATH",
                present: || find("pdftoppm").is_some(),
            },
            Program {
                name: "Python's venv",
                debian: "python3-venv",
                elsewhere: "Python 3.10 or later with `venv`",
                present: || answer(command("python3").args(["-c", "import ensurepip, venv"])).is_some(),
            },
        ]);
        programs
    }

    fn missing(&self) -> Vec<&Program> {
        self.0.iter().filter(|program| !(program.present)()).collect()
    }
}

impl Need for Programs {
    fn name(&self) -> String {
        let names: Vec<_> = self.missing().iter().map(|program| program.name).collect();
        names.join(", ")
    }

    fn met(&self) -> Result<bool> {
        Ok(self.missing().is_empty())
    }

    fn meet(&self) -> Result<()> {
        let missing = self.missing();
        if debian::is_here() {
            let packages: Vec<_> = missing.iter().map(|program| program.debian).collect();
            return debian::install(&packages);
        }
        let wanted: Vec<_> = missing.iter().map(|program| format!("    {}", program.elsewhere)).collect();
        bail!(
            "this program cannot install packages on this system; install these and try again:\n\n{}\n",
            wanted.join("\n")
        )
    }
}

/// The folder of the newest PostgreSQL server programs on the machine, and their major version;
/// looked for where the server of Ringside looks: PATH, what `pg_config` says, Debian's folders.
pub fn postgres() -> Option<(u32, PathBuf)> {
    let mut folders = Vec::new();
    if let Some(folder) = answer(command("pg_config").arg("--bindir")) {
        folders.push(PathBuf::from(folder.trim()));
    }
    if let Ok(versions) = std::fs::read_dir("/usr/lib/postgresql") {
        folders.extend(versions.flatten().map(|version| version.path().join("bin")));
    }
    folders.extend(
        find("postgres").and_then(|program| Some(program.canonicalize().ok()?.parent()?.to_path_buf())),
    );
    folders.into_iter().filter_map(|folder| Some((major_in(&folder)?, folder))).max()
}

fn major_in(folder: &Path) -> Option<u32> {
    if !folder.join("initdb").exists() {
        return None;
    }
    // "postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)"
    let said = answer(command(folder.join("postgres")).arg("--version"))?;
    let version = said.split_whitespace().nth(2)?;
    version.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
}
