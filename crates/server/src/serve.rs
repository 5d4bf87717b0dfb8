//! The running server: one thread for each core that serves, one that works.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use accounts::Accounts;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, HttpServer, web};
use anyhow::{Context as _, bail};
use platform::config::{Config, Part};
use platform::jobs::{self, JobContext};
use platform::limits::Limits;
use platform::state::App;
use platform::uses::UseCounter;
use tokio::sync::watch;

use crate::app::{self, Shared};
use crate::database::{self, Database};
use crate::{health, seed, tls, wiring};

/// How long a client may take to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// Who takes nothing of what is sent for so long is gone, be it without a word or on purpose.
#[cfg(target_os = "linux")]
const UNREAD_MILLIS: u32 = 60_000;

/// How long requests may take to end when the server stops.
const GRACE_SECONDS: u64 = 5;

/// Serves, works or both until it is told to stop (Ctrl-C, SIGTERM).
pub fn run(config: Config) -> anyhow::Result<()> {
    ticketing::payments::check(&config)?;
    allow_sockets();
    // First of all, so that a port in use is told at once.
    let certificate = tls::Certificate::configured(&config)?;
    let listener = if config.has(Part::Serve) { Some(Doors::open(&config, certificate)?) } else { None };
    let watched = config.metrics_listen.map(bind).transpose()?;
    let database = if listener.is_some() { Database::start(&config)? } else { Database::open(&config)? };
    let ran = database.migrate()?;
    if !ran.is_empty() {
        tracing::info!(migrations = ?ran, "the database was brought up to date");
    }
    let shared = Shared::new(database::state(&config, &database.url)?)?;
    if config.demo {
        fill_demo(&shared)?;
    }
    let (stop, stopping) = watch::channel(false);
    let worker = if config.has(Part::Work) { Some(work(&shared, stopping)?) } else { None };
    let served =
        actix_web::rt::System::new().block_on(until_stopped(shared, listener, watched, worker.is_some()));
    // Nobody listens when nothing works here.
    let _ = stop.send(true);
    if let Some(worker) = worker
        && worker.join().is_err()
    {
        bail!("the worker broke down");
    }
    drop(database);
    served
}

/// Each socket is a file, and usually a process may have 1,024 of them until it asks for all it is granted.
fn allow_sockets() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    if let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }) {
        tracing::warn!(%error, "the limit on open files stays as it is");
    }
}

/// Where requests come in.
struct Doors {
    main: TcpListener,
    certificate: Option<Arc<tls::Certificate>>,
    /// Leads to the public address.
    redirect: Option<TcpListener>,
}

impl Doors {
    fn open(config: &Config, certificate: Option<Arc<tls::Certificate>>) -> anyhow::Result<Self> {
        let redirect = config.redirect_listen.map(bind).transpose()?;
        Ok(Self { main: bind(config.listen)?, certificate, redirect })
    }
}

/// A server that was killed a moment ago may still hold the port: it gets a second to let go.
fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    let until = Instant::now() + Duration::from_secs(1);
    let listener = loop {
        match TcpListener::bind(address) {
            Err(error) if error.kind() == ErrorKind::AddrInUse && Instant::now() < until => {
                std::thread::sleep(Duration::from_millis(20));
            }
            bound => break bound.map_err(|error| cannot_listen(address, &error))?,
        }
    };
    listener.set_nonblocking(true)?;
    // Accepted connections inherit it.
    #[cfg(target_os = "linux")]
    rustix::net::sockopt::set_tcp_user_timeout(&listener, UNREAD_MILLIS)?;
    Ok(listener)
}

fn cannot_listen(address: SocketAddr, error: &std::io::Error) -> anyhow::Error {
    match error.kind() {
        ErrorKind::AddrInUse => anyhow::anyhow!(
            "port {} on {} is in use by another program; stop it, or set RINGSIDE_LISTEN to another address",
            address.port(),
            address.ip()
        ),
        ErrorKind::PermissionDenied => {
            anyhow::anyhow!("port {} may not be used by this user", address.port())
        }
        _ => anyhow::anyhow!("cannot listen on {address}: {error}"),
    }
}

fn fill_demo(shared: &Shared) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let app = shared.app.with_own_pool(2)?;
        seed::fill(&app, &shared.accounts.passwords).await.context("the demo data cannot be filled")
    })?;
    Ok(())
}

/// The worker's thread: jobs stay on it, so nothing slow they do holds up an answer.
fn work(shared: &Shared, stopping: watch::Receiver<bool>) -> anyhow::Result<JoinHandle<()>> {
    let app = shared.app.with_own_pool(shared.app.config.workers + 2)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let thread = std::thread::Builder::new().name("worker".into()).spawn(move || {
        let context = JobContext::new(web::Data::new(app));
        let work = jobs::work(context, Arc::new(wiring::registry()), stopping);
        tokio::task::LocalSet::new().block_on(&runtime, work);
    })?;
    Ok(thread)
}

async fn until_stopped(
    shared: Shared,
    doors: Option<Doors>,
    watched: Option<TcpListener>,
    works: bool,
) -> anyhow::Result<()> {
    actix_web::rt::spawn(shared.app.bus.clone().relay());
    if let Some(listener) = watched {
        actix_web::rt::spawn(health::serve(listener, &shared.app)?);
    }
    let Some(doors) = doors else {
        tracing::info!("working");
        return stop_signal().await;
    };
    if !works {
        let telling = shared.app.with_own_pool(1)?;
        actix_web::rt::spawn(async move { jobs::announce(telling.db.clone()).await });
    }
    actix_web::rt::spawn(tidy(Arc::clone(&shared.app.limits)));
    actix_web::rt::spawn(give_back());
    actix_web::rt::spawn(shared.app.db.clone().hear_rights());
    let counting = Arc::new(shared.app.with_own_pool(1)?);
    actix_web::rt::spawn(write_key_uses(Arc::clone(&counting)));
    actix_web::rt::spawn(watch_threats(shared.app.with_own_pool(1)?));
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let each = (shared.app.config.database_connections / threads).max(2);
    greet(&shared.app);
    let redirect = doors.redirect.map(|listener| lead_to(&shared.app.config, listener)).transpose()?;
    let redirect = redirect.map(|server| {
        let handle = server.handle();
        actix_web::rt::spawn(server);
        handle
    });
    let server = HttpServer::new(move || match shared.app.with_own_pool(each) {
        Ok(app) => app::build(web::Data::new(app), &shared),
        // The same settings made a pool before.
        Err(error) => panic!("a pool cannot be built: {error:#}"),
    })
    .workers(threads)
    .client_request_timeout(HEAD_TIMEOUT)
    .shutdown_timeout(GRACE_SECONDS);
    let server = match doors.certificate {
        None => server.listen(doors.main)?,
        Some(certificate) => {
            let config = certificate.server_config()?;
            actix_web::rt::spawn(certificate.keep_fresh());
            server.listen_rustls_0_23(doors.main, config)?
        }
    };
    server.run().await?;
    if let Some(redirect) = redirect {
        redirect.stop(false).await;
    }
    accounts::write_key_uses(&counting).await?;
    Ok(())
}

/// A server that sends everybody to the public address.
fn lead_to(config: &Config, listener: TcpListener) -> anyhow::Result<actix_web::dev::Server> {
    let origin = config.public_origin();
    let server = HttpServer::new(move || {
        let origin = origin.clone();
        actix_web::App::new().default_service(web::to(move |request: HttpRequest| {
            let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
            let to = format!("{origin}/{}", path.trim_start_matches('/'));
            async move { HttpResponse::PermanentRedirect().insert_header((header::LOCATION, to)).finish() }
        }))
    });
    Ok(server.workers(1).disable_signals().client_request_timeout(HEAD_TIMEOUT).listen(listener)?.run())
}

async fn stop_signal() -> anyhow::Result<()> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        pressed = tokio::signal::ctrl_c() => pressed?,
        _ = terminate.recv() => {}
    }
    Ok(())
}

async fn tidy(limits: Arc<Limits>) {
    let mut every = tokio::time::interval(Limits::TIDY_EVERY);
    loop {
        every.tick().await;
        limits.tidy();
    }
}

/// Each process writes what it has counted itself.
async fn write_key_uses(app: Arc<App>) {
    let mut every = tokio::time::interval(UseCounter::WRITE_EVERY);
    loop {
        every.tick().await;
        if let Err(error) = accounts::write_key_uses(&app).await {
            tracing::warn!(%error, "the use of API keys is written later");
        }
    }
}

/// Starting takes memory (password hashing, migrations, the API's document) that the allocator gives back to the
/// system only when a large piece is freed some time later: so one is.
async fn give_back() {
    tokio::time::sleep(Duration::from_secs(3)).await;
    drop(std::hint::black_box(vec![1_u8; 16 << 20]));
}

/// Learns every ten seconds which networks are slowed down: also by other processes, and before a restart.
async fn watch_threats(app: App) {
    let mut every = tokio::time::interval(Duration::from_secs(10));
    loop {
        every.tick().await;
        if let Err(error) = app.threats.refresh(&app.db).await {
            tracing::warn!(%error, "threats cannot be read");
        }
    }
}

/// What a person who started it wants to know.
fn greet(app: &App) {
    let url = app.config.public_url();
    println!("\n  Ringside    {url}/");
    println!("  Console     {url}/console/");
    println!("  Scanner     {url}/console/scan");
    println!("  API         {url}/docs/");
    if app.config.demo {
        println!("\n  Demo sign-ins, all with the password {}", seed::PASSWORD);
        for (who, address) in seed::SIGN_INS {
            println!("    {address:<36} {who}");
        }
    }
    println!();
}

/// The parts of the state that are made once.
impl Shared {
    /// Over the state of the process.
    pub fn new(app: App) -> anyhow::Result<Self> {
        let accounts = Accounts::new(&app)?;
        Ok(Self {
            accounts: web::Data::new(accounts.clone()),
            authenticate: Arc::new(accounts),
            rooms: Arc::new(crate::rooms::Topics),
            openapi: crate::openapi::text()?.into(),
            app: Arc::new(app),
        })
    }
}
