//! The real program, as `ringside serve` and `ringside work`, while what it stands on is taken away: every
//! letter that was due arrives, and only those that were on their way then may arrive twice.

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use contract::orders::Order;
use platform::postgres::{self, Cluster, Options};
use serde_json::json;
use testkit::RedisServer;
use testkit::smtp::{Mood, SmtpSink};
use tokio::task::JoinSet;

use crate::killed::{Api, Server, command, folder, free_port, open_sale};
use crate::night;

/// Jobs at the same time, in the one process that works.
const WORKERS: usize = 4;
/// Guests who order at the same time.
const GUESTS: usize = 4;
/// How long anything may take: a job of a worker that was killed is free again after half a minute.
const PATIENCE: Duration = Duration::from_secs(50);

/// A hall on sale, and what the program stands on.
struct World {
    data: PathBuf,
    port: u16,
    watched: u16,
    cluster: Cluster,
    sink: SmtpSink,
    redis: Option<RedisServer>,
    api: Api,
    event: String,
}

const DATABASE: &str = "ringside";

impl World {
    /// Opens the sale. No letter of that goes out.
    async fn on_sale(redis: bool) -> Self {
        let (data, port, watched) = (folder(), free_port(), free_port());
        let options = Options { data_dir: data.clone(), durable: true, outlives: false };
        let cluster = Cluster::start(&options).expect("PostgreSQL is installed");
        let owner = cluster.url(DATABASE);
        postgres::ensure_database(|name| cluster.url(name), DATABASE).await.expect("PostgreSQL answers");
        postgres::ensure_serving_role(&owner).await.expect("PostgreSQL answers");
        let sink = SmtpSink::start().await.expect("the loopback has a free port");
        let redis = redis.then(RedisServer::start);
        let api = Api::at(port);
        let mut world = Self { data, port, watched, cluster, sink, redis, api, event: String::new() };
        let mut both = world.program("serve");
        both.env_remove("RINGSIDE_SMTP_URL").env("RINGSIDE_ROLES", "serve,work");
        let server = Server::of(both);
        world.event = open_sale(&mut world.api, &world.data).await;
        server.stop();
        world
    }

    fn program(&self, what: &str) -> Command {
        let owner = self.cluster.url(DATABASE);
        let mut program = command(what, &self.data, self.port);
        program
            .env("DATABASE_URL", postgres::serving_url(&owner))
            .env("RINGSIDE_MIGRATION_URL", owner)
            .env("RINGSIDE_SMTP_URL", self.sink.url())
            .env("RINGSIDE_ROLES", "serve")
            .env("RINGSIDE_WORKERS", WORKERS.to_string());
        if let Some(redis) = &self.redis {
            program.env("REDIS_URL", redis.url());
        }
        program
    }

    fn serve(&self) -> Server {
        Server::of(self.program("serve"))
    }

    fn work(&self) -> Server {
        let mut work = self.program("work");
        work.env("RINGSIDE_METRICS_LISTEN", format!("127.0.0.1:{}", self.watched));
        Server::silent(work)
    }

    /// Guests order one standing place each, until `orders` were promised. They are called `name-…`.
    fn guests(&self, name: &'static str, orders: usize) -> Guests {
        let promised = Arc::new(Mutex::new(Vec::new()));
        let (left, number) = (Arc::new(AtomicUsize::new(orders)), Arc::new(AtomicUsize::new(0)));
        let mut guests = JoinSet::new();
        for _ in 0..GUESTS {
            let (api, event) = (self.api.clone(), self.event.clone());
            let (promised, left, number) = (Arc::clone(&promised), Arc::clone(&left), Arc::clone(&number));
            guests.spawn(async move {
                while left.load(SeqCst) > 0 {
                    let name = format!("{name}-{}", number.fetch_add(1, SeqCst));
                    let standing = json!([{"zone": "TN", "quantity": 1}]);
                    let wish = json!({"event_id": event, "standing": standing, "buyer": night::buyer(&name)});
                    // Nobody is there just now, or the database is away: nothing was promised.
                    let Some(_) = api.post::<Order>("/orders", wish).await else {
                        tokio::time::sleep(Duration::from_millis(20)).await; // before the next guest tries
                        continue;
                    };
                    promised.lock().expect("nobody panics with it").push(name);
                    let _ = left.fetch_update(SeqCst, SeqCst, |left| left.checked_sub(1));
                }
            });
        }
        Guests { promised, guests }
    }

    /// How many letters came to each guest.
    fn letters(&self) -> HashMap<String, usize> {
        let mut letters = HashMap::new();
        for mail in self.sink.received() {
            let name = mail.to[0].split('@').next().unwrap_or_default().to_owned();
            *letters.entry(name).or_default() += 1;
        }
        letters
    }

    /// Waits until so many guests have a letter.
    async fn until_mailed(&self, guests: usize) {
        until(&format!("{guests} guests have a letter"), async || self.letters().len() >= guests).await;
    }

    /// Counts by a query that gives one `bigint`.
    async fn count(&self, query: &str) -> i64 {
        let url = self.cluster.url(DATABASE);
        let (client, connection) =
            tokio_postgres::connect(&url, tokio_postgres::NoTls).await.expect("PostgreSQL answers");
        let driver = tokio::spawn(connection);
        let count = client.query_one(query, &[]).await.expect("the query is right").get(0);
        drop(client);
        driver.await.expect("it does not panic").expect("the connection ends well");
        count
    }

    /// Everybody who was promised a place gets a letter, at most `twice` letters come a second time, and
    /// what must always hold does.
    async fn assert_all_arrive(&self, guests: Guests, twice: usize) {
        let promised = guests.end().await;
        let missing = || {
            let letters = self.letters();
            promised.iter().filter(|name| !letters.contains_key(*name)).count()
        };
        until("everybody has a letter", async || missing() == 0).await;
        let open = "SELECT count(*) FROM jobs WHERE kind IN ('write_letter', 'send_delivery')";
        until("no letter is open", async || self.count(open).await == 0).await;
        let more: usize = self.letters().values().map(|letters| letters - 1).sum();
        assert!(more <= twice, "{more} letters came twice, at most {twice} were on their way");
    }

    /// Ends it all: each process ends well, and the database is whole.
    async fn close(self, server: Server, worker: Server) {
        let answer = testkit::client().build().expect("a client without TLS");
        let answer = answer.get(format!("http://127.0.0.1:{}/metrics", self.watched)).send().await;
        let told = answer.expect("a process that only works is watched").text().await.expect("it is text");
        assert!(!told.contains("ringside_jobs_done_total 0\n"), "{told}");
        assert!(told.contains("ringside_jobs{state=\"dead\"} 0\n"), "{told}");
        worker.stop();
        server.stop();
        let verified = self.program("verify").output().expect("the program starts");
        assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
        let data = self.data.clone();
        drop(self);
        std::fs::remove_dir_all(data).expect("what a test made it can remove");
    }
}

/// Guests at their screens.
struct Guests {
    promised: Arc<Mutex<Vec<String>>>,
    guests: JoinSet<()>,
}

impl Guests {
    /// Who was promised a place in the end.
    async fn end(mut self) -> Vec<String> {
        while let Some(ended) = self.guests.join_next().await {
            ended.expect("no guest is refused");
        }
        self.promised.lock().expect("nobody panics with it").clone()
    }
}

/// Waits until it is so.
async fn until(what: &str, so: impl AsyncFn() -> bool) {
    let patience = Instant::now() + PATIENCE;
    while !so().await {
        assert!(Instant::now() < patience, "waited in vain until {what}");
        tokio::time::sleep(Duration::from_millis(10)).await; // between two looks at other processes
    }
}

/// Numbers by chance that a seed repeats (SplitMix64).
struct Chance(u64);

impl Chance {
    /// By `RINGSIDE_FAULT_SEED`, else a new one each time; printed, so that a run can be repeated.
    fn new() -> Self {
        let seed = std::env::var("RINGSIDE_FAULT_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = seed.unwrap_or_else(rand::random);
        println!("RINGSIDE_FAULT_SEED={seed}");
        Self(seed)
    }

    fn below(&mut self, end: u64) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % end) as usize
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_letter_arrives_though_processes_are_killed() {
    let mut chance = Chance::new();
    let world = World::on_sale(false).await;
    let (mut server, mut worker) = (world.serve(), world.work());
    let (mut guests, mut killed) = (Vec::new(), 0);
    for name in ["first", "second", "third", "fourth"] {
        // More than are waited for: what a killed worker had is free again only later.
        guests.push(world.guests(name, 12));
        world.until_mailed(world.letters().len() + 1 + chance.below(8)).await;
        if chance.below(3) == 0 {
            server.kill();
            server = world.serve();
        } else {
            worker.kill();
            worker = world.work();
            killed += 1;
        }
    }
    // The control: without a worker nothing arrives, so it is the next one that sends the letters.
    worker.kill();
    killed += 1;
    guests.push(world.guests("late", 3));
    let facts = "SELECT count(*) FROM outbox WHERE dispatched_at IS NULL";
    until("facts wait for a worker", async || world.count(facts).await >= 3).await;
    assert!(!world.letters().keys().any(|name| name.starts_with("late")), "somebody works");
    worker = world.work();
    for guests in guests {
        world.assert_all_arrive(guests, killed * WORKERS).await;
    }
    world.close(server, worker).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_letter_arrives_though_postgresql_is_restarted() {
    let world = World::on_sale(false).await;
    let (server, worker) = (world.serve(), world.work());
    let guests = world.guests("guest", 40);
    // Fast: sessions are ended. Immediate: as if it had crashed.
    let ways = ["-INT", "-QUIT"];
    for (number, way) in ways.iter().enumerate() {
        world.until_mailed(number * 10 + 5).await;
        let before = world.cluster.pid().expect("it runs");
        let told = Command::new("kill").args([*way, &before.to_string()]).status();
        assert!(told.expect("there is a kill command").success());
        until("another PostgreSQL runs", async || world.cluster.pid().is_ok_and(|pid| pid != before)).await;
    }
    world.assert_all_arrive(guests, ways.len() * WORKERS).await;
    world.close(server, worker).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_letter_arrives_though_redis_is_restarted() {
    let mut world = World::on_sale(true).await;
    let (server, worker) = (world.serve(), world.work());
    let guests = world.guests("guest", 40);
    for number in 0..2 {
        world.until_mailed(number * 15 + 3).await;
        world.redis.as_mut().expect("it was asked for").stop();
        // Letters go on without it.
        world.until_mailed(number * 15 + 10).await;
        world.redis.as_mut().expect("it was asked for").resume();
    }
    world.assert_all_arrive(guests, 0).await;
    world.close(server, worker).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_letter_arrives_though_the_mail_server_was_away() {
    let mut world = World::on_sale(false).await;
    world.sink.set_mood(Mood::Busy);
    let (server, worker) = (world.serve(), world.work());
    let guests = world.guests("guest", 20);
    let failed = |reason: &str| {
        format!("SELECT count(*) FROM jobs WHERE kind = 'send_delivery' AND last_error LIKE '%{reason}%'")
    };
    until("letters are put off", async || world.count(&failed("451")).await >= 5).await;
    world.sink.stop().await;
    until("nobody answers", async || world.count(&failed("refused")).await >= 5).await;
    assert!(world.sink.received().is_empty(), "a mail server that is away takes nothing");
    world.sink.resume().await.expect("the port is still ours");
    world.sink.set_mood(Mood::Takes);
    world.assert_all_arrive(guests, 0).await;
    world.close(server, worker).await;
}
