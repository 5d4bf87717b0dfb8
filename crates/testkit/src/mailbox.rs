//! A real mailbox for one test: Dovecot, read by IMAP, over a Maildir that the test puts messages into.

use std::fmt::Write as _;
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, getgid, getuid, kill_process};
use tempfile::TempDir;

use crate::redis_server::end_with_test;

/// The user `nobody`: no mail is read as root.
const NOBODY: u32 = 65_534;

/// A mailbox on a free port of the loopback; ends with the test.
pub struct Mailbox {
    port: u16,
    folder: TempDir,
    child: Child,
}

/// A message that lies in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lying {
    /// What it says.
    pub text: String,
    /// Whether it is flagged.
    pub flagged: bool,
}

impl Mailbox {
    /// Starts one.
    ///
    /// # Panics
    /// When `dovecot` is missing or does not start.
    #[must_use]
    pub fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .expect("the loopback has a free port")
            .port();
        let folder = tempfile::tempdir().expect("there is room for a mailbox");
        prepare(folder.path(), port).expect("a new folder can be written to");
        let program =
            ["/usr/sbin/dovecot", "/usr/bin/dovecot"].into_iter().find(|path| Path::new(path).exists());
        let mut command = Command::new(program.unwrap_or("dovecot"));
        command.arg("-F").arg("-c").arg(folder.path().join("dovecot.conf"));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        end_with_test(&mut command);
        let child = command.spawn().expect("dovecot is installed");
        let until = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < until, "Dovecot does not start");
            std::thread::sleep(Duration::from_millis(5));
        }
        Self { port, folder, child }
    }

    /// Its address, for `RINGSIDE_BOUNCE_MAILBOX`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("imap://bounces:secret@127.0.0.1:{}/INBOX", self.port)
    }

    fn part(&self, name: &str) -> PathBuf {
        self.folder.path().join("mail").join(name)
    }

    /// A message arrives.
    ///
    /// # Panics
    /// When the disk is full.
    pub fn deliver(&self, text: &str) {
        let name = format!("{}.demo", uuid::Uuid::now_v7());
        let written = self.part("tmp").join(&name);
        fs::write(&written, text).expect("there is room for a message");
        fs::rename(written, self.part("new").join(name)).expect("both are in one mailbox");
    }

    /// What lies in it, oldest first.
    ///
    /// # Panics
    /// When it cannot be read.
    #[must_use]
    pub fn messages(&self) -> Vec<Lying> {
        let files = ["new", "cur"].into_iter().flat_map(|part| {
            fs::read_dir(self.part(part))
                .expect("a mailbox has these parts")
                .map(|file| file.expect("a file").path())
        });
        let mut files: Vec<PathBuf> = files.collect();
        files.sort_by_key(|file| file.file_name().map(ToOwned::to_owned));
        let lying = |file: &PathBuf| Lying {
            text: fs::read_to_string(file).expect("a message can be read"),
            flagged: file.to_string_lossy().rsplit_once(",").is_some_and(|(_, flags)| flags.contains('F')),
        };
        files.iter().map(lying).collect()
    }
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        if let Some(pid) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            // It is our own child and was not waited for, so the number is still its own.
            let _ = kill_process(pid, Signal::TERM);
        }
        let _ = self.child.wait();
    }
}

fn prepare(folder: &Path, port: u16) -> std::io::Result<()> {
    let root = getuid().is_root();
    let (user, group) = if root { (NOBODY, NOBODY) } else { (getuid().as_raw(), getgid().as_raw()) };
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))?;
    let mail = folder.join("mail");
    for part in ["", "new", "cur", "tmp"] {
        fs::create_dir_all(mail.join(part))?;
        if root {
            chown(mail.join(part), Some(user), Some(group))?;
        }
    }
    let mut settings = format!(
        "base_dir = {place}/run\nstate_dir = {place}/run\nlog_path = {place}/log\nprotocols = imap\nlisten = 127.0.0.1\n\
         ssl = no\ndisable_plaintext_auth = no\nmail_location = maildir:{place}/mail\nfirst_valid_uid = 1\n\
         passdb {{\n  driver = static\n  args = password=secret\n}}\n\
         userdb {{\n  driver = static\n  args = uid={user} gid={group} home={place}/mail\n}}\n\
         service imap-login {{\n  chroot =\n  inet_listener imap {{\n    port = {port}\n  }}\n  inet_listener imaps {{\n    port = 0\n  }}\n}}\n\
         service anvil {{\n  chroot =\n}}\nservice stats {{\n  chroot =\n}}\n",
        place = folder.display(),
    );
    if !root {
        let name = |what: &str| -> std::io::Result<String> {
            let said = Command::new("id").arg(what).output()?.stdout;
            Ok(String::from_utf8_lossy(&said).trim().to_owned())
        };
        let (user, group) = (name("-un")?, name("-gn")?);
        let own = format!(
            "default_internal_user = {user}\ndefault_internal_group = {group}\ndefault_login_user = {user}\n"
        );
        settings.write_str(&own).map_err(std::io::Error::other)?;
    }
    fs::write(folder.join("dovecot.conf"), settings)
}
