//! Names and lengths of files, as the plan of the house wants them.

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::command::{command, output, root};

/// Rooms in which things without a name end up.
const NAMELESS: [&str; 6] = ["util", "utils", "common", "helper", "helpers", "misc"];
/// What is code, by the ends of the files' names.
const CODE: [&str; 6] = ["rs", "ts", "mjs", "js", "css", "sql"];
/// A page a person can hold in their head: about 400 lines.
const LONGEST: usize = 440;

/// No file is called by a name that says nothing, and no source file is too long.
pub fn files() -> Result<()> {
    let mut complaints = Vec::new();
    for file in committed("")? {
        let path = Path::new(&file);
        let kind = path.extension().map(|kind| kind.to_string_lossy().into_owned());
        let is_code = kind.is_some_and(|kind| CODE.contains(&kind.as_str()));
        if is_code && path.iter().any(|part| is_nameless(&part.to_string_lossy())) {
            complaints.push(format!("{file}: the name says nothing"));
        }
        if path.extension().is_some_and(|extension| extension == "rs") && file != SCHEMA {
            complaints.extend(too_long(&file)?);
        }
    }
    verdict(complaints)
}

/// Written by Diesel, not by people.
const SCHEMA: &str = "crates/db-schema/src/lib.rs";

fn is_nameless(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or(part);
    NAMELESS.contains(&stem)
}

fn too_long(file: &str) -> Result<Option<String>> {
    let text = std::fs::read_to_string(root().join(file)).with_context(|| format!("cannot read {file}"))?;
    let lines = text.lines().count();
    Ok((lines > LONGEST).then(|| format!("{file}: {lines} lines, at most {LONGEST}")))
}

/// No npm lock file names a registry: which one is used is the machine's affair.
pub fn lock_files() -> Result<()> {
    let mut complaints = Vec::new();
    for file in committed("*package-lock.json")? {
        if std::fs::read_to_string(root().join(&file))?.contains("\"resolved\": \"http") {
            complaints.push(format!("{file}: names the registry it came from"));
        }
    }
    verdict(complaints)
}

/// The files that git follows and that are still there.
fn committed(pattern: &str) -> Result<Vec<String>> {
    let mut list = command("git");
    list.args(["ls-files", "-z"]);
    if !pattern.is_empty() {
        list.arg(pattern);
    }
    let listed = output(&mut list)?;
    let files = listed.split('\0').filter(|file| !file.is_empty() && root().join(file).exists());
    Ok(files.map(str::to_owned).collect())
}

fn verdict(complaints: Vec<String>) -> Result<()> {
    if !complaints.is_empty() {
        bail!("\n    {}", complaints.join("\n    "));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::is_nameless;

    #[test]
    fn a_name_must_say_something() {
        assert!(is_nameless("utils.rs"));
        assert!(is_nameless("common"));
        assert!(!is_nameless("uncommon.rs"));
    }
}
