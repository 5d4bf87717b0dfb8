//! The web apps build, and what a first visit to the shop loads is small.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::summary::Tally;
use crate::command::root;
use crate::web_apps;

/// What a first visit may load of wasm, script and style, compressed by brotli: 350 KB.
const LARGEST: u64 = 350 * 1024;

/// Builds the apps and weighs the shop.
pub fn test() -> Result<Tally> {
    web_apps::build()?;
    let shop = root().join("dist/shop");
    let mut sum = 0;
    for file in first_visit(&shop)? {
        let compressed = PathBuf::from(format!("{}.br", file.display()));
        let size = compressed.metadata().with_context(|| format!("no {}", compressed.display()))?.len();
        println!("  {size:>8} bytes  {}", file.strip_prefix(&shop).unwrap_or(&file).display());
        sum += size;
    }
    println!("  {sum:>8} bytes of wasm, script and style on the first visit of the shop; at most {LARGEST}");
    if sum == 0 || sum > LARGEST {
        bail!("the shop's first visit loads {sum} bytes, at most {LARGEST}");
    }
    Ok(Tally::PASSED.and(Tally::PASSED))
}

/// The wasm, script and style files that the page names, and scripts that those bring along.
fn first_visit(dist: &Path) -> Result<Vec<PathBuf>> {
    let page = std::fs::read_to_string(dist.join("index.html")).context("the shop has no page")?;
    let mut files = Vec::new();
    below(dist, &mut files)?;
    files.retain(|file| {
        let loaded =
            file.extension().is_some_and(|kind| ["wasm", "js", "css"].iter().any(|known| kind == *known));
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned());
        let named = name.is_some_and(|name| page.contains(&name));
        loaded && (named || file.starts_with(dist.join("snippets")))
    });
    files.sort();
    Ok(files)
}

fn below(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let place = entry?.path();
        if place.is_dir() {
            below(&place, files)?;
        } else {
            files.push(place);
        }
    }
    Ok(())
}
