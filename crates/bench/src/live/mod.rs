//! Live updates: sockets in rooms, beside a socket.io server with the same client in the same run. Ours hears
//! of what is published as one server hears of another, over Redis, whose processor time counts as ours.

mod process;
mod publisher;
mod socket;

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use futures_util::{StreamExt as _, TryStreamExt as _};
use process::Process;
use publisher::Publisher;
use serde_json::{Value, json};
use socket::{Dialect, Socket};
use tokio::sync::Notify;
use tokio::task::LocalSet;
use uuid::Uuid;

use crate::figures::round;

const SOCKETS: usize = 5_000;
const ROOMS: usize = 100;
/// Sockets that are opened at the same time.
const AT_ONCE: usize = 50;
/// Messages published and not yet heard by all, when as many are published as the server can deliver.
const ON_THE_WAY: usize = 1_000;
/// Messages a second when it is asked how long one takes: one in each room.
const STEADY_RATE: f64 = 100.0;
/// How long a server needs to come to rest.
const SETTLES: Duration = Duration::from_secs(2);
/// How long a message may take before the bench gives up.
const PATIENCE: Duration = Duration::from_secs(20);

/// The servers.
#[derive(clap::Args)]
pub struct Options {
    /// Ours: 127.0.0.1:8080
    #[arg(long)]
    server: SocketAddr,
    /// Its process
    #[arg(long)]
    server_pid: u32,
    /// The Redis through which it hears
    #[arg(long)]
    redis: String,
    /// Its process
    #[arg(long)]
    redis_pid: u32,
    /// The socket.io server
    #[arg(long)]
    socketio: SocketAddr,
    /// Its process
    #[arg(long)]
    socketio_pid: u32,
    /// Under a minute, with less certain figures
    #[arg(long)]
    quick: bool,
}

/// What all sockets of the load note.
#[derive(Default)]
pub struct Notes {
    /// Messages heard.
    heard: Cell<usize>,
    /// How long each took, in microseconds.
    micros: RefCell<Vec<u32>>,
    /// A socket has heard something.
    news: Notify,
}

/// What was measured of one server.
struct Figures {
    per_s: f64,
    per_cpu_s: f64,
    steady_per_cpu_s: f64,
    p50_ms: f64,
    p99_ms: f64,
    kb_per_socket: f64,
}

/// Measures both and prints how they compare.
pub async fn measure(options: &Options) -> Result<()> {
    process::allow_files()?;
    let ours = [Process::of(options.server_pid), Process::of(options.redis_pid)];
    let publisher = Publisher::redis(&options.redis)?;
    // Each with its own tasks: the sockets to one are closed when the other is measured.
    let ours = LocalSet::new()
        .run_until(one("ringside", Dialect::Plain, options.server, &ours, publisher, options.quick))
        .await?;
    let theirs = [Process::of(options.socketio_pid)];
    let theirs = LocalSet::new()
        .run_until(async {
            let publisher = Publisher::socketio(options.socketio).await?;
            one("socket.io", Dialect::SocketIo, options.socketio, &theirs, publisher, options.quick).await
        })
        .await?;
    let ratio = ours.per_cpu_s / theirs.per_cpu_s;
    println!("  deliveries per processor second: {ratio:.1} x those of socket.io");
    let figures = json!({
        "bench": "live", "sockets": SOCKETS, "rooms": ROOMS, "cpu_ratio": round(ratio),
        "steady_cpu_ratio": round(ours.steady_per_cpu_s / theirs.steady_per_cpu_s),
        "ringside": ours.json(), "socketio": theirs.json(),
    });
    println!("{figures}");
    Ok(())
}

async fn one(
    name: &str,
    dialect: Dialect,
    server: SocketAddr,
    processes: &[Process],
    mut publisher: Publisher,
    quick: bool,
) -> Result<Figures> {
    let rooms: Vec<String> = (0..ROOMS).map(|_| format!("event:{}", Uuid::now_v7())).collect();
    let notes = Rc::<Notes>::default();
    tokio::time::sleep(SETTLES).await;
    let before = processes[0].memory()?;
    let begun = Instant::now();
    let sockets: Vec<Socket> = futures_util::stream::iter(0..SOCKETS)
        .map(|number| Socket::open(dialect, server, &rooms[number % ROOMS]))
        .buffer_unordered(AT_ONCE)
        .try_collect()
        .await
        .context("not all sockets could be opened")?;
    let opened = begun.elapsed();
    tokio::time::sleep(SETTLES).await;
    let bytes = processes[0].memory()?.saturating_sub(before);
    let began = Instant::now();
    for socket in sockets {
        tokio::task::spawn_local(socket.listen(began, Rc::clone(&notes)));
    }
    let mut run = Run { rooms, notes, publisher: &mut publisher, began };
    // The first messages are not counted: buffers grow, and code is compiled where that happens late.
    run.flood(Duration::from_secs(2)).await?;
    let time = Duration::from_secs(if quick { 6 } else { 20 });
    let (cpu, begun) = (cpu(processes)?, Instant::now());
    let delivered = run.flood(time).await?;
    let (seconds, busy) = (begun.elapsed().as_secs_f64(), self::cpu(processes)? - cpu);
    // The rush is over, and what it left behind.
    tokio::time::sleep(SETTLES).await;
    let cpu = self::cpu(processes)?;
    let steadily = run.steady(time).await?;
    let steady_busy = self::cpu(processes)? - cpu;
    let mut figures = Figures {
        per_s: delivered as f64 / seconds,
        per_cpu_s: delivered as f64 / busy,
        steady_per_cpu_s: steadily as f64 / steady_busy,
        p50_ms: 0.0,
        p99_ms: 0.0,
        kb_per_socket: bytes as f64 / SOCKETS as f64 / 1024.0,
    };
    let mut micros = run.notes.micros.take();
    micros.sort_unstable();
    let at = |share: f64| f64::from(micros[((micros.len() - 1) as f64 * share) as usize]) / 1000.0;
    (figures.p50_ms, figures.p99_ms) = (at(0.5), at(0.99));
    figures.print(name, opened);
    Ok(figures)
}

/// Processor seconds of all.
fn cpu(processes: &[Process]) -> Result<f64> {
    processes.iter().map(Process::cpu).sum()
}

/// Publishes to sockets that listen.
struct Run<'a> {
    rooms: Vec<String>,
    notes: Rc<Notes>,
    publisher: &'a mut Publisher,
    began: Instant,
}

impl Run<'_> {
    const EACH: usize = SOCKETS / ROOMS;

    /// As many messages as are delivered; how many were.
    async fn flood(&mut self, time: Duration) -> Result<usize> {
        let (begun, before) = (Instant::now(), self.notes.heard.get());
        let mut published = 0;
        while begun.elapsed() < time {
            self.publish(published).await?;
            published += 1;
            self.heard(before + published.saturating_sub(ON_THE_WAY) * Self::EACH).await?;
        }
        self.heard(before + published * Self::EACH).await?;
        Ok(published * Self::EACH)
    }

    /// Few messages, evenly spread, of which each is timed; how many were delivered.
    async fn steady(&mut self, time: Duration) -> Result<usize> {
        self.notes.micros.take();
        let before = self.notes.heard.get();
        let mut tick = tokio::time::interval(Duration::from_secs_f64(1.0 / STEADY_RATE));
        let messages = (time.as_secs_f64() * STEADY_RATE) as usize;
        for message in 0..messages {
            tick.tick().await;
            self.publish(message).await?;
        }
        self.heard(before + messages * Self::EACH).await?;
        Ok(messages * Self::EACH)
    }

    async fn publish(&mut self, message: usize) -> Result<()> {
        let room = &self.rooms[message % ROOMS];
        let micros = u64::try_from(self.began.elapsed().as_micros())?;
        let fact = json!({"fact": "availability_changed", "event_id": &room[6..], "micros": micros});
        self.publisher.publish(room, &fact).await
    }

    /// Waits until so many messages have been heard.
    async fn heard(&self, count: usize) -> Result<()> {
        let all = async {
            while self.notes.heard.get() < count {
                self.notes.news.notified().await;
            }
        };
        let heard = || format!("{} of {count} messages were heard", self.notes.heard.get());
        tokio::time::timeout(PATIENCE, all).await.with_context(heard)
    }
}

impl Figures {
    fn print(&self, name: &str, opened: Duration) {
        println!(
            "  {name:<10} {:>8.0} delivered per s, {:>8.0} per processor second ({:.0} steadily); p50 {:.2} ms, \
             p99 {:.2} ms; {:.1} KB a socket; all open after {:.1} s",
            self.per_s,
            self.per_cpu_s,
            self.steady_per_cpu_s,
            self.p50_ms,
            self.p99_ms,
            self.kb_per_socket,
            opened.as_secs_f64()
        );
    }

    fn json(&self) -> Value {
        json!({
            "per_s": self.per_s.round(), "per_cpu_s": self.per_cpu_s.round(),
            "steady_per_cpu_s": self.steady_per_cpu_s.round(), "p50_ms": round(self.p50_ms),
            "p99_ms": round(self.p99_ms), "kb_per_socket": round(self.kb_per_socket),
        })
    }
}
