//! npm packages of a folder that has a package.json and a lock file.

use anyhow::{Context, Result};

use super::Need;
use crate::command::{command, root, run};

/// The folder whose npm packages the web apps are built with (wasm-opt).
pub const WEB_TOOLS: &str = "frontend";

/// The folder of the socket.io server that live updates are measured beside.
pub const SOCKETIO: &str = "crates/bench/socketio";

/// `npm ci`, again only when the lock file changed.
pub struct NodePackages {
    /// Folder below the workspace's.
    pub folder: &'static str,
}

impl Need for NodePackages {
    fn name(&self) -> String {
        format!("npm packages of {}/", self.folder)
    }

    fn met(&self) -> Result<bool> {
        let folder = root().join(self.folder);
        if !folder.join("package.json").exists() {
            return Ok(true);
        }
        let wanted = lock_of(&folder)?;
        let stamp = folder.join(STAMP);
        Ok(stamp.exists() && std::fs::read_to_string(stamp)? == wanted)
    }

    fn meet(&self) -> Result<()> {
        let folder = root().join(self.folder);
        run(command("npm").args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]).current_dir(&folder))
            .with_context(|| format!("type: cd {} && npm ci", self.folder))?;
        std::fs::write(folder.join(STAMP), lock_of(&folder)?)?;
        Ok(())
    }
}

/// A copy of the lock file that the installed packages came from.
const STAMP: &str = "node_modules/.installed-lock.json";

fn lock_of(folder: &std::path::Path) -> Result<String> {
    let lock = folder.join("package-lock.json");
    std::fs::read_to_string(&lock).with_context(|| format!("cannot read {}", lock.display()))
}
