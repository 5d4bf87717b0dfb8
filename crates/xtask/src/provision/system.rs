//! Programs that the system's package manager provides.

use std::path::PathBuf;

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
    /// A database server, and Node.js for the tools of the web apps.
    pub fn to_run() -> Self {
        Self(vec![
            Program {
                name: "PostgreSQL 15 or later (server programs)",
                debian: "postgresql",
                elsewhere: "PostgreSQL 15 or later, with `initdb` and `postgres` on PATH",
                present: || postgres_major().is_some_and(|major| major >= 15),
            },
            Program {
                name: "Node.js",
                debian: "nodejs",
                elsewhere: "Node.js 18 or later",
                present: || find("node").is_some(),
            },
            Program { name: "npm", debian: "npm", elsewhere: "npm", present: || find("npm").is_some() },
        ])
    }

    /// On top of it Redis, a browser, and independent readers of PDF and QR.
    pub fn to_test() -> Self {
        let mut programs = Self::to_run();
        programs.0.extend([
            Program {
                name: "Redis",
                debian: "redis-server",
                elsewhere: "Redis 7 or later, with `redis-server` on PATH",
                present: || find("redis-server").is_some(),
            },
            Program {
                name: "Chromium",
                debian: "chromium",
                elsewhere: "Chromium, with `chromium` on PATH",
                present: || find("chromium").is_some(),
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

/// The newest major version of the PostgreSQL server on the machine, looked for where the
/// server of Ringside looks: PATH, what `pg_config` says, and Debian's folders.
fn postgres_major() -> Option<u32> {
    let mut places: Vec<PathBuf> = find("postgres").into_iter().collect();
    if let Some(folder) = answer(command("pg_config").arg("--bindir")) {
        places.push(PathBuf::from(folder.trim()).join("postgres"));
    }
    if let Ok(versions) = std::fs::read_dir("/usr/lib/postgresql") {
        places.extend(versions.flatten().map(|version| version.path().join("bin/postgres")));
    }
    places.iter().filter(|program| program.with_file_name("initdb").exists()).filter_map(major_of).max()
}

fn major_of(program: &PathBuf) -> Option<u32> {
    // "postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)"
    let said = answer(command(program).arg("--version"))?;
    let version = said.split_whitespace().nth(2)?;
    version.split('.').next()?.trim_end_matches(char::is_alphabetic).parse().ok()
}
