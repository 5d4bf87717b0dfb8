//! Starting other programs, with errors that name the command line.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::Sender;
use std::thread::JoinHandle;

use anyhow::{Context, Result, bail};

/// The folder of the workspace.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// A command in the workspace folder. What `cargo run` told this program about itself is
/// taken out, since build scripts that look at it would be run again for nothing.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    for (name, _) in std::env::vars_os() {
        if told_by_cargo(&name.to_string_lossy()) {
            command.env_remove(name);
        }
    }
    command
}

fn told_by_cargo(name: &str) -> bool {
    name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") || name == "CARGO_PRIMARY_PACKAGE"
}

/// `cargo` of the toolchain in use.
pub fn cargo() -> Command {
    command("cargo")
}

/// Runs to the end with its output shown; an exit code other than zero is an error.
pub fn run(command: &mut Command) -> Result<()> {
    let line = line(command);
    let status = command.status().with_context(|| format!("cannot start `{line}`"))?;
    if !status.success() {
        bail!("`{line}` failed ({status})");
    }
    Ok(())
}

/// Runs to the end and returns what it printed; on failure the error carries its standard error.
pub fn output(command: &mut Command) -> Result<String> {
    let line = line(command);
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot start `{line}`"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("`{line}` failed ({}): {}", output.status, said.trim());
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{line}` did not print text"))
}

/// Runs to the end with its output shown, and hands every line of it to `heard` as well.
/// Returns whether it succeeded.
pub fn watch(command: &mut Command, mut heard: impl FnMut(&str)) -> Result<bool> {
    let line = line(command);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{line}`"))?;
    let (sender, lines) = std::sync::mpsc::channel();
    let readers = [
        child.stdout.take().map(|pipe| read_lines(pipe, sender.clone())),
        child.stderr.take().map(|pipe| read_lines(pipe, sender)),
    ];
    for line in lines {
        println!("{line}");
        heard(&line);
    }
    for reader in readers.into_iter().flatten() {
        // A reader only ends by the pipe's end; it has no failure of its own to report.
        let _ = reader.join();
    }
    Ok(child.wait()?.success())
}

fn read_lines(pipe: impl Read + Send + 'static, sender: Sender<String>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        for line in BufReader::new(pipe).split(b'\n').map_while(Result::ok) {
            if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                return;
            }
        }
    })
}

/// What a program prints, or nothing when it is missing or does not answer: for looking
/// whether a tool is there.
pub fn answer(command: &mut Command) -> Option<String> {
    output(command).ok()
}

/// Where a program is on PATH.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// PATH with `folder` in front of it.
pub fn path_with(folder: &Path) -> Result<std::ffi::OsString> {
    let old = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(folder.to_path_buf()).chain(std::env::split_paths(&old));
    std::env::join_paths(folders).context("PATH cannot be extended")
}

fn line(command: &Command) -> String {
    let program = command.get_program().to_string_lossy();
    let arguments: Vec<_> = command.get_args().map(OsStr::to_string_lossy).collect();
    format!("{program} {}", arguments.join(" ")).trim_end().to_owned()
}
