//! One private PostgreSQL for all test processes of this checkout. The first process starts it; a
//! watchdog stops it when no test process has been alive for a while.

use std::fs::{self, File};
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use anyhow::Context as _;
use platform::postgres::{self, Cluster, Options};

/// What tests need of the cluster.
pub(crate) struct Shared {
    /// `postgresql://…/` without the database.
    base: String,
    /// The migrated database that tests are cloned from.
    pub template: String,
    /// Held, shared, as long as this process lives.
    _lease: File,
}

impl Shared {
    /// As the owner of the tables.
    pub fn url(&self, database: &str) -> String {
        format!("{}{database}", self.base)
    }

    /// As the role that serves.
    pub fn serving_url(&self, database: &str) -> String {
        postgres::serving_url(&self.url(database))
    }
}

/// The cluster, started on first use. Blocks.
pub(crate) fn shared() -> &'static Shared {
    static SHARED: OnceLock<Shared> = OnceLock::new();
    SHARED.get_or_init(|| match std::thread::spawn(start).join() {
        Ok(Ok(shared)) => shared,
        Ok(Err(error)) => panic!("tests need PostgreSQL: {error:#}"),
        Err(_) => panic!("tests need PostgreSQL, whose start broke down"),
    })
}

fn folder() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target")), PathBuf::from);
    target.join("testkit")
}

fn start() -> anyhow::Result<Shared> {
    let folder = folder();
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let open = |name: &str| File::options().create(true).truncate(false).write(true).open(folder.join(name));
    let lease = open("lease")?;
    let door = open("door")?;
    // Whoever is at the door starts or stops the cluster; a lease keeps it running.
    door.lock()?;
    lease.lock_shared()?;
    fs::write(folder.join("stamp"), uuid::Uuid::now_v7().to_string())?;
    let options = Options { data_dir: folder.clone(), durable: false, outlives: true };
    let cluster = Cluster::start(&options)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    if !cluster.was_running() {
        watch(&folder, &cluster)?;
    }
    let template = runtime.block_on(template(&cluster))?;
    let base = cluster.url("");
    // It holds the folder's lock, which whoever comes through the door next needs.
    drop(cluster);
    door.unlock()?;
    Ok(Shared { base, template, _lease: lease })
}

/// Counted up when what the template is given besides its migrations changes.
const ROLES: u32 = 1;

/// Makes the template when these migrations have none; old templates and databases of tests that
/// were killed go.
async fn template(cluster: &Cluster) -> anyhow::Result<String> {
    let name = format!("template_r{ROLES}_{}", platform::migrations::fingerprint()?);
    let (client, connection) =
        tokio_postgres::connect(&cluster.url("postgres"), tokio_postgres::NoTls).await?;
    let driver = tokio::spawn(connection);
    if !cluster.was_running() {
        let old = client
            .query(
                "SELECT datname FROM pg_database WHERE datname LIKE 'test\\_%' OR (datname LIKE 'template\\_%' AND datname <> $1)",
                &[&name],
            )
            .await?;
        for row in old {
            let database: String = row.get(0);
            client.batch_execute(&format!("DROP DATABASE \"{database}\"")).await?;
        }
    }
    let known = client.query_opt("SELECT 1 FROM pg_database WHERE datname = $1", &[&name]).await?;
    if known.is_none() {
        let fresh = format!("fresh_{}", std::process::id());
        client.batch_execute(&format!("DROP DATABASE IF EXISTS \"{fresh}\"")).await?;
        client.batch_execute(&format!("CREATE DATABASE \"{fresh}\"")).await?;
        let owner_url = cluster.url(&fresh);
        platform::migrations::run(&owner_url).await?;
        postgres::ensure_serving_role(&owner_url).await?;
        postgres::let_serve(&owner_url, &postgres::serving_url(&owner_url)).await?;
        client.batch_execute(&format!("ALTER DATABASE \"{fresh}\" RENAME TO \"{name}\"")).await?;
    }
    drop(client);
    driver.await??;
    Ok(name)
}

/// Waits until nobody holds a lease, waits a little more, and stops PostgreSQL if nobody came.
const WATCH: &str = r#"
while kill -0 "$5" 2>/dev/null; do
  flock -x "$1" true
  seen=$(cat "$3")
  sleep 20
  flock -x "$2" sh -c '
    flock -xn "$1" true && [ "$(cat "$2")" = "$3" ] || exit 1
    kill -INT "$5"
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
      [ -e "$4/postmaster.pid" ] || break
      sleep 0.5
    done
  ' watch "$1" "$3" "$seen" "$4" "$5" && exit
done
"#;

fn watch(folder: &std::path::Path, cluster: &Cluster) -> anyhow::Result<()> {
    let watchdog = Command::new("sh")
        .args(["-c", WATCH, "watch"])
        .arg(folder.join("lease"))
        .arg(folder.join("door"))
        .arg(folder.join("stamp"))
        .arg(cluster.folder())
        .arg(cluster.pid()?.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .current_dir("/")
        .process_group(0)
        .spawn()
        .context("cannot start the watchdog")?;
    // It ends by itself, after this process.
    drop(watchdog);
    Ok(())
}
