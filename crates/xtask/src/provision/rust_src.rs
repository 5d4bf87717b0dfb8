//! Finds and unpacks the sources of the standard library of one rustc version, from Debian's
//! package `rust-src`. Newer suites of the distribution are asked with package lists of our
//! own, so that the machine's configuration stays as it is; the mirror's address comes from it.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::debian;
use crate::command::{answer, command, output, root, run};
use crate::progress::step;

/// What was found.
pub enum Sources {
    /// The `library` folder of exactly the version asked for.
    Exact(PathBuf),
    /// No suite has that version.
    None,
}

/// Debian's releases in order; a newer suite is likelier to have a newer compiler.
const RELEASES: [&str; 5] = ["bullseye", "bookworm", "trixie", "forky", "duke"];

/// Downloads and unpacks the `library` folder of rustc `version`. Needs apt, not root.
pub fn fetch(version: &str) -> Result<Sources> {
    if !debian::is_here() {
        bail!("there is no apt on this system to get the sources of rustc {version} from");
    }
    let work = root().join("target/rust-src");
    if let Ok(library) = unpacked(work.join("unpacked"), version) {
        return Ok(Sources::Exact(library));
    }
    let mirror = mirror()?;
    for suite in suites()? {
        step(&format!("Looking for rust-src {version} in {suite}"));
        let lists = Lists::new(&work, &mirror, &suite)?;
        if let Some(package) = lists.find(version)? {
            let archive = lists.download(&package)?;
            unpack(&archive, &work.join("unpacked"))?;
            return unpacked(work.join("unpacked"), version).map(Sources::Exact);
        }
    }
    Ok(Sources::None)
}

/// The `library` folder in an unpacked package, below `folder`.
pub fn unpacked(folder: impl AsRef<Path>, version: &str) -> Result<PathBuf> {
    let folder = folder.as_ref();
    let places = [
        folder.join(format!("rustc-{version}/library")),
        folder.join(format!("usr/src/rustc-{version}/library")),
    ];
    let found = places.into_iter().find(|place| place.join("std/Cargo.toml").exists());
    found.with_context(|| format!("no sources of rustc {version} in {}", folder.display()))
}

/// The address of the distribution's mirror, as the machine's own apt uses it.
fn mirror() -> Result<String> {
    let release = codename()?;
    let targets =
        output(command("apt-get").args(["indextargets", "--format", "$(REPO_URI) $(CODENAME) $(ORIGIN)"]))?;
    let line = targets
        .lines()
        .map(|line| line.split(' ').collect::<Vec<_>>())
        .find(|words| matches!(words.as_slice(), [_, name, "Debian"] if *name == release));
    let words =
        line.context("apt's configuration names no mirror of this Debian release; type: apt-get update")?;
    Ok(words[0].to_owned())
}

fn codename() -> Result<String> {
    let release = std::fs::read_to_string("/etc/os-release").context("cannot read /etc/os-release")?;
    let name = release.lines().find_map(|line| line.strip_prefix("VERSION_CODENAME="));
    Ok(name.context("/etc/os-release names no release")?.trim_matches('"').to_owned())
}

/// Backports of this and every later release, then testing and unstable.
fn suites() -> Result<Vec<String>> {
    let release = codename()?;
    let known = RELEASES.iter().position(|name| *name == release);
    let newer = RELEASES.iter().skip(known.unwrap_or(0));
    let mut suites: Vec<String> = newer.clone().map(|name| format!("{name}-backports")).collect();
    suites.extend(["testing".to_owned(), "unstable".to_owned()]);
    Ok(suites)
}

/// Package lists of one suite, in a folder of our own.
struct Lists {
    folder: PathBuf,
}

impl Lists {
    fn new(work: &Path, mirror: &str, suite: &str) -> Result<Self> {
        let folder = work.join(suite);
        for name in ["lists/partial", "cache/archives/partial", "download"] {
            std::fs::create_dir_all(folder.join(name))?;
        }
        let keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
        let line = format!("deb [signed-by={keyring}] {mirror} {suite} main\n");
        std::fs::write(folder.join("sources.list"), line)?;
        let lists = Self { folder };
        // A suite that the mirror does not have is simply a suite without the package.
        if answer(lists.apt("apt-get").args(["update", "-q"])).is_none() {
            step(&format!("  the mirror does not offer {suite}"));
        }
        Ok(lists)
    }

    fn apt(&self, program: &str) -> Command {
        let mut apt = command(program);
        let folder = self.folder.display();
        apt.arg("-o").arg(format!("Dir::Etc::SourceList={folder}/sources.list"));
        apt.args(["-o", "Dir::Etc::SourceParts=-", "-o", "Dir::Etc::Preferences=-"]);
        apt.args(["-o", "APT::Sandbox::User=root", "-o", "Acquire::Languages=none"]);
        apt.arg("-o").arg(format!("Dir::State::Lists={folder}/lists"));
        apt.arg("-o").arg(format!("Dir::Cache={folder}/cache"));
        apt
    }

    /// The package's version, such as "1.95.0+dfsg1-2", when it is of rustc `version`.
    fn find(&self, version: &str) -> Result<Option<String>> {
        let table = output(self.apt("apt-cache").args(["madison", "rust-src"]))?;
        let mut versions = table.lines().filter_map(|line| line.split('|').nth(1)).map(str::trim);
        let wanted = [format!("{version}+"), format!("{version}-")];
        Ok(versions.find(|found| wanted.iter().any(|start| found.starts_with(start))).map(str::to_owned))
    }

    fn download(&self, package: &str) -> Result<PathBuf> {
        step(&format!("Downloading rust-src {package}"));
        let folder = self.folder.join("download");
        run(self
            .apt("apt-get")
            .args(["download", "-q"])
            .arg(format!("rust-src={package}"))
            .current_dir(&folder))?;
        let mut files = std::fs::read_dir(&folder)?.flatten().map(|file| file.path());
        files
            .find(|file| file.extension().is_some_and(|extension| extension == "deb"))
            .context("apt-get download left no package")
    }
}

/// Unpacks only the standard library of the package.
fn unpack(archive: &Path, folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let script = "dpkg-deb --fsys-tarfile \"$1\" | tar -x -C \"$2\" --wildcards './usr/src/rustc-*/library'";
    run(command("bash").args(["-o", "pipefail", "-c", script, "unpack"]).arg(archive).arg(folder))
        .context("cannot unpack the package rust-src")
}
