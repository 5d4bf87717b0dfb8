//! Readers of the event page and the seat map, beside a bare handler that sends the same bytes, head and body.

use std::cell::RefCell;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command};
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use contract::endpoints;
use hyper::header::{self, HeaderMap};
use serde_json::{Value, json};
use tokio::task::LocalSet;

use crate::Target;
use crate::connection::Connection;
use crate::figures::{Steps, round};
use crate::stadium::Stadium;

/// What a browser says that it can unpack.
const ACCEPT: (&str, &str) = ("accept-encoding", "br, gzip");
/// Rounds in which the server and the bare handler take turns, so that both see the same machine.
const ROUNDS: u32 = 4;

/// Measures each page and the share of answers "not modified".
pub async fn measure(target: &Target) -> Result<()> {
    let stadium = Stadium::build(target).await?;
    let event = stadium.event_on_sale().await?;
    let pages = [
        ("event_page", endpoints::GET_PUBLIC_EVENT.at(&[&event.slug])),
        ("seat_map", endpoints::GET_PUBLIC_SEAT_MAP.at(&[&event.slug])),
        ("availability", endpoints::GET_AVAILABILITY.at(&[&event.slug])),
    ];
    let mut figures = serde_json::Map::from_iter([("bench".to_owned(), json!("read"))]);
    let mut errors = 0;
    for (name, path) in pages {
        let page = compare(target, name, &path).await?;
        errors += page.errors;
        figures.insert(format!("{name}_per_s"), json!(round(page.per_s)));
        figures.insert(format!("{name}_ratio"), json!(round(page.per_s / page.bare_per_s)));
        figures.insert(format!("{name}_p99_ms"), json!(page.p99_ms));
        figures.insert(format!("{name}_not_modified_per_s"), json!(round(page.not_modified_per_s)));
    }
    figures.insert("errors".to_owned(), json!(errors));
    println!("{}", Value::Object(figures));
    Ok(())
}

/// The figures of one page.
struct Page {
    per_s: f64,
    bare_per_s: f64,
    not_modified_per_s: f64,
    p99_ms: f64,
    errors: usize,
}

async fn compare(target: &Target, name: &'static str, path: &str) -> Result<Page> {
    let answer = Connection::open(target.server).await?.get(path, &[ACCEPT]).await?;
    anyhow::ensure!(answer.status.is_success(), "{name} answered {}", answer.status);
    let told = |name: &str| answer.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    println!("  {name}: {} bytes, encoding {:?}", answer.body.len(), told("content-encoding"));
    let etag = told("etag").with_context(|| format!("{name} has no ETag"))?;
    let file = target.data.join(format!("{name}.bytes"));
    std::fs::write(&file, &answer.body)?;
    let bare = Bare::start(&file, &answer.headers).await?;
    let share = target.duration() / (3 * ROUNDS);
    let (mut served, mut plain, mut unchanged) = (Steps::default(), Steps::default(), Steps::default());
    for _ in 0..ROUNDS {
        load(target, target.server, path, &[ACCEPT], share, &mut served).await?;
        load(target, bare.address, path, &[ACCEPT], share, &mut plain).await?;
        load(target, target.server, path, &[ACCEPT, ("if-none-match", &etag)], share, &mut unchanged).await?;
    }
    let seconds = (share * ROUNDS).as_secs_f64();
    let per_s = |steps: &Steps| steps.successes("read") as f64 / seconds;
    let page = Page {
        per_s: per_s(&served),
        bare_per_s: per_s(&plain),
        not_modified_per_s: per_s(&unchanged),
        p99_ms: served.percentile("read", 0.99),
        errors: served.errors() + plain.errors() + unchanged.errors(),
    };
    println!(
        "  {name}: {:.0} per s (p50 {} ms, p99 {} ms), bare handler {:.0} per s, ratio {:.2}, not modified {:.0} per s",
        page.per_s,
        served.percentile("read", 0.5),
        page.p99_ms,
        page.bare_per_s,
        page.per_s / page.bare_per_s,
        page.not_modified_per_s
    );
    Ok(page)
}

/// Reads a page on all connections for a while.
pub async fn load(
    target: &Target,
    server: SocketAddr,
    path: &str,
    headers: &[(&str, &str)],
    time: Duration,
    steps: &mut Steps,
) -> Result<()> {
    let headers: Rc<Vec<_>> =
        Rc::new(headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect());
    let all = Rc::new(RefCell::new(Steps::default()));
    let mut connections = Vec::new();
    for _ in 0..target.connections {
        connections.push(Connection::open(server).await?);
    }
    let ends = Instant::now() + time;
    let tasks = LocalSet::new();
    let mut readers = Vec::new();
    for mut connection in connections {
        let (headers, all, path) = (headers.clone(), all.clone(), path.to_owned());
        readers.push(tasks.spawn_local(async move {
            let headers: Vec<_> = headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            let mut own = Steps::default();
            while Instant::now() < ends {
                let begun = Instant::now();
                let answer = connection.get(&path, &headers).await?;
                own.of("read").note(begun, answer.status);
            }
            all.borrow_mut().add(own);
            anyhow::Ok(())
        }));
    }
    tasks.await;
    for reader in readers {
        reader.await.context("a reader stopped")??;
    }
    steps.add(all.take());
    Ok(())
}

/// This program once more, as what a server is compared with.
pub struct Bare {
    child: Child,
    /// Where it answers.
    pub address: SocketAddr,
}

impl Bare {
    /// Serves the bytes of a file, below the head of an answer; what each server adds by itself is left out.
    pub async fn start(file: &Path, head: &HeaderMap) -> Result<Self> {
        let own = [header::CONTENT_LENGTH, header::DATE, header::CONNECTION];
        let mut headers = Vec::new();
        for (name, value) in head.iter().filter(|(name, _)| !own.contains(name)) {
            headers.push(format!("--header={name}: {}", value.to_str()?));
        }
        Self::run("bare", |bare| bare.args(headers).arg("--file").arg(file)).await
    }

    /// Runs a part of this program that serves on the port it is told, and waits until it answers.
    pub async fn run(part: &str, tell: impl FnOnce(&mut Command) -> &mut Command) -> Result<Self> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let mut program = Command::new(std::env::current_exe()?);
        program.args([part, "--port", &address.port().to_string()]);
        let child = tell(&mut program).spawn().with_context(|| format!("cannot start {part}"))?;
        let bare = Self { child, address };
        for _ in 0..100 {
            if Connection::open(address).await.is_ok() {
                return Ok(bare);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        anyhow::bail!("{part} does not answer")
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        if self.child.kill().and_then(|()| self.child.wait()).is_err() {
            eprintln!("bench: what listens on {} is still there", self.address);
        }
    }
}
