//! The wasm32 target of the toolchain in use: by rustup where it can, else the standard
//! library is compiled from the source package that Debian has of exactly this rustc.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::{Need, debian, rust_src};
use crate::command::{answer, command, output, root, run};
use crate::progress::step;

/// The target of the web apps.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// What Debian's compiler is called in rustup, when it has to step in.
const DEBIAN_TOOLCHAIN: &str = "ringside-debian";

/// The need for the target's standard library.
pub struct WasmTarget;

impl Need for WasmTarget {
    fn name(&self) -> String {
        format!("the {TARGET} standard library")
    }

    fn met(&self) -> Result<bool> {
        Ok(has_rlib(&target_folder(&sysroot()?), "libstd-"))
    }

    fn meet(&self) -> Result<()> {
        if answer(command("rustup").args(["target", "add", TARGET])).is_some() {
            return Ok(());
        }
        step("rustup cannot add the target; building it from Debian's source package");
        let version = rustc_version(Path::new("rustc"))?;
        let sources = rust_src::fetch(&version).with_context(|| {
            format!("{TARGET} is missing; where rustup works, type: rustup target add {TARGET}")
        })?;
        match sources {
            rust_src::Sources::Exact(library) => build_into(&rustc_of(&sysroot()?), &sysroot()?, &library),
            rust_src::Sources::None => use_debian_pair(),
        }
    }
}

fn sysroot() -> Result<PathBuf> {
    Ok(PathBuf::from(output(command("rustc").args(["--print", "sysroot"]))?.trim()))
}

fn rustc_of(sysroot: &Path) -> PathBuf {
    sysroot.join("bin/rustc")
}

fn target_folder(sysroot: &Path) -> PathBuf {
    sysroot.join("lib/rustlib").join(TARGET).join("lib")
}

fn has_rlib(folder: &Path, prefix: &str) -> bool {
    let Ok(files) = std::fs::read_dir(folder) else {
        return false;
    };
    files.flatten().any(|file| {
        let name = file.file_name().to_string_lossy().into_owned();
        name.starts_with(prefix) && name.ends_with(".rlib")
    })
}

/// "1.95.0" of "rustc 1.95.0 (59807616e 2026-04-14)".
fn rustc_version(rustc: &Path) -> Result<String> {
    let said = output(command(rustc).arg("--version"))?;
    let version = said.split_whitespace().nth(1).context("rustc does not say its version")?;
    Ok(version.to_owned())
}

/// Compiles the standard library in `library` with `rustc` for wasm32 and puts it where that
/// compiler looks.
fn build_into(rustc: &Path, sysroot: &Path, library: &Path) -> Result<()> {
    link(library, &sysroot.join("lib/rustlib/src/rust/library"))?;
    let empty = empty_crate()?;
    step("Compiling the standard library for wasm32 (half a minute)");
    // Bitcode is embedded since the web apps are linked with link-time optimisation.
    run(command("cargo")
        .args(["build", "--release", "-Zbuild-std=std,panic_abort", "--target", TARGET])
        .current_dir(&empty)
        .env("RUSTC", rustc)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", "-Cembed-bitcode=yes")
        .env("CARGO_TARGET_DIR", empty.join("target")))?;
    let built = empty.join("target").join(TARGET).join("release/deps");
    copy_rlibs(&built, &target_folder(sysroot))
}

/// Makes `place` a link to `library`, unless real sources are there.
fn link(library: &Path, place: &Path) -> Result<()> {
    if place.is_symlink() {
        std::fs::remove_file(place)?;
    }
    if place.exists() {
        return Ok(());
    }
    if let Some(folder) = place.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::os::unix::fs::symlink(library, place).with_context(|| format!("cannot link {}", place.display()))
}

fn empty_crate() -> Result<PathBuf> {
    let folder = root().join("target/wasm-std");
    std::fs::create_dir_all(folder.join("src"))?;
    let manifest = "[package]\nname = \"wasm-std\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n";
    std::fs::write(folder.join("Cargo.toml"), manifest)?;
    std::fs::write(folder.join("src/lib.rs"), "")?;
    Ok(folder)
}

fn copy_rlibs(built: &Path, place: &Path) -> Result<()> {
    std::fs::create_dir_all(place)?;
    for file in std::fs::read_dir(built)? {
        let file = file?.path();
        let Some(name) = file.file_name() else {
            continue;
        };
        let ours = name.to_string_lossy().starts_with("libwasm_std-");
        if !ours && file.extension().is_some_and(|extension| extension == "rlib") {
            std::fs::copy(&file, place.join(name))?;
        }
    }
    Ok(())
}

/// The last resort: Debian's own newer compiler, for which sources always exist. It becomes
/// the toolchain of this folder, since code of two compilers cannot be mixed.
fn use_debian_pair() -> Result<()> {
    step("No source package of this rustc; taking Debian's rustc-web with rust-web-src");
    debian::install(&["rustc-web", "rust-web-src", "rust-web-llvm"])?;
    let rustc = Path::new("/usr/bin/rustc");
    let version = rustc_version(rustc)?;
    let library = rust_src::unpacked("/usr/src", &version)?;
    build_into(rustc, Path::new("/usr"), &library)?;
    run(command("rustup").args(["toolchain", "link", DEBIAN_TOOLCHAIN, "/usr"]))
        .context("type: rustup toolchain link ringside-debian /usr")?;
    run(command("rustup").args(["override", "set", DEBIAN_TOOLCHAIN]))?;
    bail!("this folder now uses Debian's rustc {version}, which has {TARGET}; start the same command again")
}
