//! The ring in the data folder: `master.key`, one key a line, newest first.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use rustix::fs::{FlockOperation, flock};

use super::Key;

pub(super) struct RingFile(PathBuf);

impl RingFile {
    pub fn in_folder(data_dir: &Path) -> Self {
        Self(data_dir.join("master.key"))
    }

    /// The keys, newest first; at least one.
    pub fn read(&self) -> anyhow::Result<Vec<Key>> {
        let path = self.0.display();
        let text = fs::read_to_string(&self.0).with_context(|| format!("cannot read {path}"))?;
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let keys: anyhow::Result<Vec<Key>> = lines.map(Key::parse).collect();
        let keys = keys.with_context(|| format!("{path} is damaged"))?;
        ensure!(!keys.is_empty(), "{path} is empty");
        Ok(keys)
    }

    /// The keys; a first one is made when there is no file.
    pub fn read_or_make(&self) -> anyhow::Result<Vec<Key>> {
        if !self.0.exists() {
            let _alone = self.lock()?;
            if !self.0.exists() {
                self.replace(&hex::encode(rand::random::<[u8; 32]>()))?;
            }
        }
        self.read()
    }

    /// Puts a key in front.
    pub fn add(&self, bytes: [u8; 32]) -> anyhow::Result<()> {
        let _alone = self.lock()?;
        self.read()?;
        let older = fs::read_to_string(&self.0)?;
        self.replace(&format!("{}\n{}", hex::encode(bytes), older.trim()))
    }

    /// One writer at a time, between processes.
    fn lock(&self) -> anyhow::Result<File> {
        let path = self.0.with_extension("lock");
        let file = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path)?;
        flock(&file, FlockOperation::LockExclusive)?;
        Ok(file)
    }

    /// A reader finds the old file or the new one, whatever is killed when.
    fn replace(&self, text: &str) -> anyhow::Result<()> {
        let new = self.0.with_extension("new");
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
        file.write_all(text.as_bytes())?;
        file.write_all(b"\n")?;
        file.sync_all()?;
        fs::rename(&new, &self.0).with_context(|| format!("cannot write {}", self.0.display()))?;
        if let Some(folder) = self.0.parent() {
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    }
}
