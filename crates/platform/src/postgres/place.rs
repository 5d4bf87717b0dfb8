//! Where the cluster lies and as whom it runs.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};
use sha2::{Digest as _, Sha256};

/// Folders and owner of a cluster.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The cluster's files.
    pub data: PathBuf,
    /// The folder of its socket.
    pub socket: PathBuf,
    owner: Option<Owner>,
}

/// The unprivileged user a root's cluster runs as.
#[derive(Debug, Clone, Copy)]
struct Owner {
    uid: u32,
    gid: u32,
}

/// The user that owns the cluster and its tables.
pub(super) const OWNER: &str = "ringside";

/// A socket's path may have 107 bytes; its name takes 14.
const LONGEST: usize = 90;

impl Place {
    /// Keeps to the choice made before; chooses otherwise.
    pub fn choose(data_dir: &Path) -> anyhow::Result<Self> {
        let data_dir = fs::canonicalize(data_dir)?;
        let owner = if rustix::process::geteuid().is_root() { Some(Owner::find()?) } else { None };
        let note = data_dir.join("postgres.path");
        let home = match fs::read_to_string(&note) {
            Ok(path) => PathBuf::from(path.trim()),
            Err(_) => {
                let home = home(&data_dir, owner)?;
                fs::write(&note, home.as_os_str().as_encoded_bytes())?;
                home
            }
        };
        fs::create_dir_all(&home).with_context(|| format!("cannot create {}", home.display()))?;
        let mut socket = home.join("run");
        if socket.as_os_str().len() > LONGEST {
            socket = PathBuf::from(format!("/tmp/ringside-{}", digest(&data_dir)));
        }
        Ok(Self { data: home.join("postgres"), socket, owner })
    }

    /// Whether the cluster has been made.
    pub fn exists(&self) -> bool {
        self.data.join("PG_VERSION").exists()
    }

    /// The major version that made it.
    pub fn version(&self) -> anyhow::Result<Option<u32>> {
        if !self.exists() {
            return Ok(None);
        }
        let text = fs::read_to_string(self.data.join("PG_VERSION"))?;
        Ok(Some(text.trim().parse().context("PG_VERSION is damaged")?))
    }

    /// The address of one of its databases: the socket's folder stands, encoded, for the host.
    pub fn url(&self, database: &str) -> String {
        let mut host = String::new();
        for byte in self.socket.as_os_str().as_encoded_bytes() {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => host.push(char::from(*byte)),
                other => host.push_str(&format!("%{other:02X}")),
            }
        }
        format!("postgresql://{OWNER}@{host}/{database}")
    }

    /// Makes a folder only the cluster's owner may enter.
    pub fn own_folder(&self, folder: &Path) -> anyhow::Result<()> {
        fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
        if let Some(owner) = self.owner {
            chown(folder, Some(owner.uid), Some(owner.gid))?;
        }
        fs::set_permissions(folder, Permissions::from_mode(0o700))?;
        Ok(())
    }

    /// Lets the command run as the cluster's owner.
    pub fn become_owner(&self, command: &mut Command) {
        if let Some(owner) = self.owner {
            command.uid(owner.uid).gid(owner.gid);
        }
    }
}

/// The folder that holds the cluster and its socket.
fn home(data_dir: &Path, owner: Option<Owner>) -> anyhow::Result<PathBuf> {
    let Some(owner) = owner else { return Ok(data_dir.to_owned()) };
    if data_dir.ancestors().all(|folder| owner.may_pass(folder)) {
        return Ok(data_dir.to_owned());
    }
    let elsewhere = PathBuf::from("/var/lib/ringside").join(digest(data_dir));
    tracing::info!(
        folder = %elsewhere.display(),
        "the user that runs PostgreSQL cannot reach the data folder: its cluster lies elsewhere"
    );
    Ok(elsewhere)
}

fn digest(path: &Path) -> String {
    hex::encode(&Sha256::digest(path.as_os_str().as_encoded_bytes())[..6])
}

impl Owner {
    fn find() -> anyhow::Result<Self> {
        let users = fs::read_to_string("/etc/passwd").context("cannot read /etc/passwd")?;
        for wanted in ["postgres", "nobody"] {
            for line in users.lines() {
                let fields: Vec<&str> = line.split(':').collect();
                if let [name, _, uid, gid, ..] = fields[..]
                    && name == wanted
                {
                    return Ok(Self { uid: uid.parse()?, gid: gid.parse()? });
                }
            }
        }
        bail!("PostgreSQL does not run as root, and there is neither a user postgres nor nobody")
    }

    fn may_pass(self, folder: &Path) -> bool {
        let Ok(about) = fs::metadata(folder) else { return false };
        let (mode, uid, gid) = (about.mode(), about.uid(), about.gid());
        mode & 0o001 != 0 || (uid == self.uid && mode & 0o100 != 0) || (gid == self.gid && mode & 0o010 != 0)
    }
}
