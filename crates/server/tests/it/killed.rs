//! The real program, killed in the middle of a sale and started again: what was promised to somebody
//! holds, and nothing is half done.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use contract::Page;
use contract::accounts::Session;
use contract::deliveries::DeliverySummary;
use contract::events::Event;
use contract::orders::Order;
use contract::payments::Payment;
use contract::venues::Venue;
use domain::state::OrderState;
use reqwest::{Client, Method, RequestBuilder};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::night;

const SEATS: usize = 200;
const BUYERS: usize = 8;
/// How many sales each run lives to see.
const SALES: [usize; 3] = [5, 17, 31];

/// `ringside serve` on a data folder and a port of its own.
pub struct Server {
    child: Child,
}

impl Server {
    /// Starts it and waits until it says where it is.
    pub fn start(data: &Path, port: u16) -> Self {
        Self::of(command("serve", data, port))
    }

    /// Starts what `command` says and waits until it says where it is.
    pub fn of(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the program starts");
        let stdout = child.stdout.take().expect("it is piped");
        let mut lines = BufReader::new(stdout).lines();
        let greeted = lines.by_ref().map_while(Result::ok).any(|line| line.contains("/docs/"));
        assert!(greeted, "the server ended before it served");
        // Whatever else it says must not stop it.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child }
    }

    /// Starts what `command` says, which greets nobody.
    pub fn silent(mut command: Command) -> Self {
        Self { child: command.spawn().expect("the program starts") }
    }

    /// SIGKILL: it has no say in it.
    pub fn kill(mut self) {
        self.child.kill().expect("our own child can be killed");
        self.child.wait().expect("our own child can be waited for");
    }

    /// SIGTERM, and it must end well.
    pub fn stop(mut self) {
        let pid = self.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &pid]).status().expect("there is a kill command");
        assert!(asked.success());
        let ended = self.child.wait().expect("our own child can be waited for");
        assert!(ended.success(), "the server ended with {ended}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A test that failed leaves nothing running; one that succeeded has waited for it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn command(what: &str, data: &Path, port: u16) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ringside"));
    command
        .arg(what)
        .env_remove("DATABASE_URL")
        .env_remove("REDIS_URL")
        .env("RINGSIDE_DATA_DIR", data)
        .env("RINGSIDE_LISTEN", format!("127.0.0.1:{port}"))
        .env("RINGSIDE_RATE_LIMITS", "false")
        .env("RINGSIDE_LOG", "error")
        .env("RINGSIDE_PASSWORD_MEMORY_KIB", "8")
        .env("RINGSIDE_PASSWORD_ITERATIONS", "1")
        .stdin(Stdio::null());
    command
}

/// Calls that may fail, because nobody is there.
#[derive(Clone)]
pub struct Api {
    client: Client,
    url: String,
    token: String,
}

impl Api {
    /// A server on a port of ours, called by nobody yet.
    pub fn at(port: u16) -> Self {
        let client =
            testkit::client().timeout(Duration::from_secs(30)).build().expect("a client without TLS");
        Self { client, url: format!("http://127.0.0.1:{port}"), token: String::new() }
    }

    fn call(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}/api/v1{path}", self.url)).bearer_auth(&self.token)
    }

    /// None when the server is gone; a refusal is a fault of the test.
    async fn send<T: DeserializeOwned>(&self, request: RequestBuilder) -> Option<T> {
        let answer = request.send().await.ok()?;
        let (status, path) = (answer.status(), answer.url().path().to_owned());
        let text = answer.text().await.ok()?;
        // A database that is being torn down with its server is told apart from a refusal.
        if status.as_u16() >= 500 {
            return None;
        }
        assert!(status.is_success(), "{path}: {status}: {text}");
        Some(serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}: {text}")))
    }

    pub async fn post<T: DeserializeOwned>(&self, path: &str, body: Value) -> Option<T> {
        self.send(self.call(Method::POST, path).json(&body)).await
    }
}

/// What guests were told.
#[derive(Default)]
struct Promises {
    /// Orders somebody was told are paid, with the secret to read them.
    paid: Vec<(Order, String)>,
}

/// What the link of the letter to the owner carries; the letter is written by a job, soon.
fn mailed_token(data: &Path) -> String {
    let until = Instant::now() + Duration::from_secs(30);
    while Instant::now() < until {
        let read = command("letters", data, 0).arg("owner@demo.ringside.example").output();
        let said = String::from_utf8(read.expect("the program runs").stdout).expect("letters are text");
        if let Some((_, rest)) = said.split_once("/account/verify#") {
            return rest.split_whitespace().next().expect("the link ends").to_owned();
        }
    }
    panic!("no letter came")
}

/// Sets up a hall and opens the sale; gives the event's id.
pub async fn open_sale(api: &mut Api, data: &Path) -> String {
    let person = json!({
        "email": "owner@demo.ringside.example", "password": "southpaw-in-the-third-round",
        "name": "Demo Owner",
    });
    let asked = api.client.post(format!("{}/api/v1/people", api.url)).json(&person);
    assert_eq!(asked.send().await.expect("it runs").status(), 202);
    let proof = json!({"token": mailed_token(data), "token_in_body": true});
    let verified = api.client.post(format!("{}/api/v1/people/verify", api.url)).json(&proof);
    let session: Session = api.send(verified).await.expect("signed up");
    api.token = session.access_token;
    let organisation = json!({"name": "Demo Promotions", "slug": "demo", "kind": "promoter"});
    api.post::<Value>("/organisations", organisation).await.expect("founded");
    let hall = json!({"name": "Demo Hall", "address": "1 Demo Road", "time_zone": "Asia/Bangkok"});
    let venue: Venue = api.post("/venues", hall).await.expect("set up");
    let map = api
        .call(Method::POST, &format!("/venues/{}/seat-maps", venue.id))
        .header("content-type", "text/csv")
        .body(night::map(SEATS));
    api.send::<Value>(map).await.expect("imported");
    let mut wish = night::wish(venue.id, "demo-night");
    let doors = platform::Clock::System.now() + TimeDelta::days(1);
    for (when, hours) in [("doors_at", 0), ("starts_at", 1), ("ends_at", 4)] {
        wish[when] = json!(doors + TimeDelta::hours(hours));
    }
    let event: Event = api.post("/events", wish).await.expect("created");
    for step in ["publish", "open-sale"] {
        api.post::<Event>(&format!("/events/{}/{step}", event.id), json!({})).await.expect("on sale");
    }
    event.id.to_string()
}

/// Buys one seat after the other until none is left or nobody answers.
async fn buy(
    api: Api,
    event: String,
    seats: Arc<Mutex<VecDeque<String>>>,
    promises: Arc<Mutex<Promises>>,
    sold: mpsc::UnboundedSender<()>,
) -> Option<()> {
    loop {
        let seat = seats.lock().expect("nobody panics with it").pop_front();
        let Some(seat) = seat else { return Some(()) };
        let wish = json!({"event_id": event, "seats": [seat], "buyer": night::buyer(&seat.to_lowercase())});
        let placed: Order = api.post("/orders", wish).await?;
        let access = placed.access.clone().expect("the answer that placed it gives access");
        let start = api
            .call(Method::POST, &format!("/orders/{}/payments", placed.id))
            .header("Order-Access", &access)
            .json(&json!({"method": "promptpay"}));
        let payment: Payment = api.send(start).await?;
        let confirmation = json!({"amount": payment.amount, "reference": "DEMO-1"});
        let paid: Order = api.post(&format!("/payments/{}/confirm", payment.id), confirmation).await?;
        promises.lock().expect("nobody panics with it").paid.push((paid, access));
        // Nobody listens once the server was killed.
        let _ = sold.send(());
    }
}

/// Every order somebody was told is paid, is paid, with the same tickets.
async fn assert_kept(api: &Api, promises: &Mutex<Promises>) {
    let paid = promises.lock().expect("nobody panics with it").paid.clone();
    for (told, access) in paid {
        let read = api.call(Method::GET, &format!("/orders/{}", told.id)).header("Order-Access", access);
        let found: Order = api.send(read).await.expect("the server is up");
        assert_eq!(found.state, OrderState::Paid);
        let ids = |order: &Order| order.tickets.iter().map(|ticket| ticket.id).collect::<Vec<_>>();
        assert_eq!(ids(&found), ids(&told));
        assert!(found.tickets.len() == 1 && found.tickets[0].code.is_some());
    }
}

/// Sells until `sales` orders are paid or nothing is left.
async fn sell(
    api: &Api,
    event: &str,
    seats: &Arc<Mutex<VecDeque<String>>>,
    promises: &Arc<Mutex<Promises>>,
    sales: usize,
    then: impl FnOnce(),
) -> Vec<Option<()>> {
    let (sold, mut heard) = mpsc::unbounded_channel();
    let buyers: Vec<_> = (0..BUYERS)
        .map(|_| {
            tokio::spawn(buy(api.clone(), event.to_owned(), seats.clone(), promises.clone(), sold.clone()))
        })
        .collect();
    drop(sold);
    for _ in 0..sales {
        if heard.recv().await.is_none() {
            break;
        }
    }
    then();
    let mut ends = Vec::new();
    for buyer in buyers {
        ends.push(buyer.await.expect("no buyer is refused"));
    }
    ends
}

/// Waits until the tickets of every paid order are mailed: jobs survive as well.
async fn assert_mailed(api: &Api, orders: usize) {
    let patience = Instant::now() + Duration::from_secs(60);
    loop {
        let mut mailed = 0;
        let mut after = String::new();
        loop {
            let list = api.call(Method::GET, &format!("/deliveries?limit=200{after}"));
            let page: Page<DeliverySummary> = api.send(list).await.expect("the server is up");
            mailed += page.items.iter().filter(|mail| mail.template == "order_paid").count();
            let Some(next) = page.next else { break };
            after = format!("&after={next}");
        }
        if mailed >= orders {
            return;
        }
        assert!(Instant::now() < patience, "{mailed} of {orders} orders were mailed");
        tokio::time::sleep(Duration::from_millis(100)).await; // between two looks at another process
    }
}

pub fn folder() -> PathBuf {
    let folder =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("killed-{}", uuid::Uuid::now_v7().simple()));
    std::fs::create_dir_all(&folder).expect("the target folder can be written");
    folder
}

pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("the loopback has a free port");
    listener.local_addr().expect("a bound listener has an address").port()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_killed_in_a_sale_keeps_every_promise() {
    let (data, port) = (folder(), free_port());
    let mut api = Api::at(port);
    let seats: Arc<Mutex<VecDeque<String>>> = Arc::new(Mutex::new(night::labels(SEATS).into()));
    let promises = Arc::new(Mutex::new(Promises::default()));
    let mut event = String::new();

    for sales in SALES {
        let server = Server::start(&data, port);
        if event.is_empty() {
            event = open_sale(&mut api, &data).await;
        }
        assert_kept(&api, &promises).await;
        let before = promises.lock().expect("nobody panics with it").paid.len();
        let ends = sell(&api, &event, &seats, &promises, sales, || server.kill()).await;
        assert!(ends.contains(&None), "the server was killed after the sale, not in it");
        assert!(promises.lock().expect("nobody panics with it").paid.len() >= before + sales);
    }

    let server = Server::start(&data, port);
    assert_kept(&api, &promises).await;
    let ends = sell(&api, &event, &seats, &promises, SEATS, || {}).await;
    assert!(ends.iter().all(Option::is_some), "a server that is not killed sells to the end");
    assert_kept(&api, &promises).await;
    let paid = promises.lock().expect("nobody panics with it").paid.len();
    assert_mailed(&api, paid).await;
    server.stop();

    let verified = command("verify", &data, port).output().expect("the program starts");
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
    std::fs::remove_dir_all(&data).expect("what a test made it can remove");
}
