//! The server under test: real routes on a real port, over a database of its own.

use std::net::TcpListener;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

use actix_web::dev::ServerHandle;
use actix_web::{App as ActixApp, HttpServer, web};
use chrono::{DateTime, TimeDelta, Utc};
use diesel_async::RunQueryDsl;
use domain::{OrganisationKind, Role};
use platform::clock::Clock;
use platform::config::Config;
use platform::db::Conn;
use platform::error::ApiResult;
use platform::guard::Authenticate;
use platform::jobs::{self, JobContext, Registry};
use platform::keys::MasterKey;
use platform::live::Rooms;
use platform::state::App;
use reqwest::Method;
use utoipa_actix_web::AppExt as _;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::call::Call;
use crate::caller::{Caller, TestAuthenticate};
use crate::database::TestDatabase;
use crate::redis_server::RedisServer;
use crate::socket::Socket;

type Routes = Arc<dyn Fn(&mut ServiceConfig) + Send + Sync>;
type Data = Arc<dyn Fn(&web::Data<App>, &mut web::ServiceConfig) + Send + Sync>;
type Change = Box<dyn FnOnce(&mut Config)>;
type MakeAuthenticate = Box<dyn FnOnce(&App) -> Arc<dyn Authenticate>>;
type MakeRooms = Box<dyn FnOnce(&App) -> Arc<dyn Rooms>>;

/// What the app under test is made of.
#[derive(Default)]
pub struct Setup {
    routes: Vec<Routes>,
    root: Vec<Data>,
    registry: Registry,
    data: Vec<Data>,
    authenticate: Option<MakeAuthenticate>,
    rooms: Option<MakeRooms>,
    redis: bool,
    change: Vec<Change>,
}

impl Setup {
    /// Nothing but the platform.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an area's routes under `/api/v1`.
    #[must_use]
    pub fn routes(mut self, configure: impl Fn(&mut ServiceConfig) + Send + Sync + 'static) -> Self {
        self.routes.push(Arc::new(configure));
        self
    }

    /// Adds routes outside `/api/v1`.
    #[must_use]
    pub fn root(
        mut self,
        f: impl Fn(&web::Data<App>, &mut web::ServiceConfig) + Send + Sync + 'static,
    ) -> Self {
        self.root.push(Arc::new(f));
        self
    }

    /// Adds an area's jobs, or the wiring between areas.
    #[must_use]
    pub fn jobs(mut self, jobs: impl FnOnce(&mut Registry)) -> Self {
        jobs(&mut self.registry);
        self
    }

    /// Adds what the routes expect in the app's data.
    #[must_use]
    pub fn data(
        mut self,
        f: impl Fn(&web::Data<App>, &mut web::ServiceConfig) + Send + Sync + 'static,
    ) -> Self {
        self.data.push(Arc::new(f));
        self
    }

    /// Tells who calls by `f` instead of by the tokens of [`TestApp::member`].
    #[must_use]
    pub fn authenticate(mut self, f: impl FnOnce(&App) -> Arc<dyn Authenticate> + 'static) -> Self {
        self.authenticate = Some(Box::new(f));
        self
    }

    /// Decides who hears which live topic by `f`.
    #[must_use]
    pub fn rooms(mut self, f: impl FnOnce(&App) -> Arc<dyn Rooms> + 'static) -> Self {
        self.rooms = Some(Box::new(f));
        self
    }

    /// Uses a real Redis.
    #[must_use]
    pub fn redis(mut self) -> Self {
        self.redis = true;
        self
    }

    /// Changes settings.
    #[must_use]
    pub fn config(mut self, change: impl FnOnce(&mut Config) + 'static) -> Self {
        self.change.push(Box::new(change));
        self
    }

    /// Starts it. The clock stands at 2026-11-20 12:00 UTC.
    pub async fn start(self) -> TestApp {
        let database = TestDatabase::new().await;
        let redis = self.redis.then(RedisServer::start);
        let listener = TcpListener::bind("127.0.0.1:0").expect("the loopback has a free port");
        let address = listener.local_addr().expect("a bound listener has an address");
        let clock = Clock::fake(noon());
        let mut config = Config {
            listen: address,
            database_connections: 16,
            redis_url: redis.as_ref().map(|redis| redis.url().into()),
            rate_limits: false,
            workers: 2,
            ..Config::default()
        };
        for change in self.change {
            change(&mut config);
        }
        let keys = MasterKey::new([7; 32]);
        // Two pools: connections live on the runtime that opened them, and the server has its own.
        let served = App::new(config.clone(), &database.url(), clock.clone(), keys.clone())
            .expect("the settings of a test hold");
        let mut own =
            App::new(config, &database.url(), clock.clone(), keys).expect("the settings of a test hold");
        own.bus = served.bus.clone();
        own.cache = served.cache.clone();
        let authenticate = match self.authenticate {
            Some(make) => make(&served),
            None => Arc::new(TestAuthenticate),
        };
        let rooms = self.rooms.map(|make| make(&served));
        let parts = Parts {
            app: web::Data::new(served),
            routes: self.routes,
            root: self.root,
            data: self.data,
            authenticate,
            rooms,
        };
        let server = serve(listener, parts);
        TestApp {
            url: format!("http://{address}"),
            client: reqwest::Client::builder().build().expect("a client without TLS"),
            context: JobContext::new(web::Data::new(own)),
            registry: self.registry,
            clock,
            redis,
            database,
            server: Some(server),
        }
    }
}

fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_176_000, 0).expect("an instant of the year 2026")
}

#[derive(Clone)]
struct Parts {
    app: web::Data<App>,
    routes: Vec<Routes>,
    root: Vec<Data>,
    data: Vec<Data>,
    authenticate: Arc<dyn Authenticate>,
    rooms: Option<Arc<dyn Rooms>>,
}

impl Parts {
    fn configure(&self, config: &mut web::ServiceConfig) {
        config.app_data(self.app.clone()).app_data(Arc::clone(&self.authenticate));
        if let Some(rooms) = &self.rooms {
            config.app_data(Arc::clone(rooms));
        }
        for data in self.data.iter().chain(&self.root) {
            data(&self.app, config);
        }
        config.route(contract::live::LIVE_PATH, web::get().to(platform::live::open));
    }
}

fn serve(listener: TcpListener, parts: Parts) -> (ServerHandle, JoinHandle<()>) {
    let (started, handle) = mpsc::channel();
    let thread = std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let bus = parts.app.bus.clone();
            actix_web::rt::spawn(bus.relay());
            let server = HttpServer::new(move || {
                let (parts, routes) = (parts.clone(), parts.clone());
                ActixApp::new()
                    .configure(move |config| parts.configure(config))
                    .wrap(actix_web::middleware::from_fn(platform::request::observe))
                    .into_utoipa_app()
                    .service(utoipa_actix_web::scope("/api/v1").configure(move |config| {
                        for add in &routes.routes {
                            add(config);
                        }
                    }))
                    .into_app()
            })
            .workers(1)
            .disable_signals()
            .listen(listener)
            .expect("a bound listener can be listened on")
            .run();
            started.send(server.handle()).expect("the test waits for its server");
            server.await.expect("the server runs until it is stopped");
        });
    });
    (handle.recv().expect("the server starts"), thread)
}

/// A running app and everything a test does to it.
pub struct TestApp {
    /// `http://127.0.0.1:<port>`.
    pub url: String,
    /// The clock of server and jobs: `app.clock.advance(…)`.
    pub clock: Clock,
    /// The Redis asked for.
    pub redis: Option<RedisServer>,
    client: reqwest::Client,
    context: JobContext,
    registry: Registry,
    database: TestDatabase,
    server: Option<(ServerHandle, JoinHandle<()>)>,
}

impl TestApp {
    /// The state, over a pool of the test's own.
    #[must_use]
    pub fn state(&self) -> &web::Data<App> {
        &self.context.app
    }

    /// What a job would be given.
    #[must_use]
    pub fn context(&self) -> &JobContext {
        &self.context
    }

    /// The address of the test's database.
    #[must_use]
    pub fn database_url(&self) -> String {
        self.database.url()
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: TimeDelta) {
        self.clock.advance(by);
    }

    /// A call; a path without `/api/` in front is put under `/api/v1`.
    pub fn call(&self, method: Method, path: &str) -> Call {
        Call::new(&self.client, &self.url, method, path)
    }

    /// A call to an endpoint of the contract, its path's variables in order.
    pub fn to<In, Out>(&self, endpoint: contract::Endpoint<In, Out>, values: &[&str]) -> Call {
        let method = Method::from_bytes(endpoint.method.name().to_uppercase().as_bytes())
            .expect("the contract's methods are methods");
        Call::raw(&self.client, &self.url, method, &endpoint.at(values))
    }

    /// A GET of exactly this path.
    pub fn fetch(&self, path: &str) -> Call {
        Call::raw(&self.client, &self.url, Method::GET, path)
    }

    /// A GET.
    pub fn get(&self, path: &str) -> Call {
        self.call(Method::GET, path)
    }

    /// A POST.
    pub fn post(&self, path: &str) -> Call {
        self.call(Method::POST, path)
    }

    /// A PUT.
    pub fn put(&self, path: &str) -> Call {
        self.call(Method::PUT, path)
    }

    /// A PATCH.
    pub fn patch(&self, path: &str) -> Call {
        self.call(Method::PATCH, path)
    }

    /// A DELETE.
    pub fn delete(&self, path: &str) -> Call {
        self.call(Method::DELETE, path)
    }

    /// Opens the WebSocket of live updates.
    pub async fn live(&self) -> Socket {
        Socket::open(&self.url).await
    }

    /// Looks into the database, or changes it.
    pub async fn sql<T>(&self, f: impl AsyncFnOnce(&mut Conn) -> ApiResult<T>) -> T {
        self.context.db.read(f).await.unwrap_or_else(|error| panic!("{error}"))
    }

    /// Runs statements.
    pub async fn execute(&self, statements: &str) {
        use diesel_async::SimpleAsyncConnection as _;
        self.sql(async |conn| Ok(conn.batch_execute(statements).await?)).await;
    }

    /// Counts by a query that gives one `bigint` named `count`.
    pub async fn count(&self, query: &str) -> i64 {
        #[derive(diesel::QueryableByName)]
        struct Count {
            #[diesel(sql_type = diesel::sql_types::BigInt)]
            count: i64,
        }
        self.sql(async |conn| Ok(diesel::sql_query(query).get_result::<Count>(conn).await?.count)).await
    }

    /// Founds a promoter.
    pub async fn org(&self, name: &str) -> Uuid {
        self.org_of(name, OrganisationKind::Promoter).await
    }

    /// Founds an organisation of some kind.
    pub async fn org_of(&self, name: &str, kind: OrganisationKind) -> Uuid {
        let id = domain::ids::new_id();
        let slug = format!("org-{}", id.simple());
        let kind = serde_json::to_value(kind).expect("a kind is JSON");
        let kind = kind.as_str().expect("a kind is text");
        self.execute(&format!(
            "INSERT INTO organisations (id, name, slug, kind) VALUES ('{id}', '{name}', '{slug}', '{kind}')"
        ))
        .await;
        id
    }

    /// Somebody with an account and no organisation.
    pub async fn person(&self) -> Caller {
        let (id, email) = self.account().await;
        Caller::new(id, email, None)
    }

    /// Somebody who belongs to the organisation.
    pub async fn member(&self, org: Uuid, role: Role) -> Caller {
        let (id, email) = self.account().await;
        self.execute(&format!(
            "INSERT INTO members (org_id, user_id, role) VALUES ('{org}', '{id}', '{}')",
            role.name()
        ))
        .await;
        Caller::new(id, email, Some((org, role)))
    }

    async fn account(&self) -> (Uuid, String) {
        let id = domain::ids::new_id();
        let email = format!("{}@test.ringside.example", id.simple());
        self.execute(&format!(
            "INSERT INTO people (id, email, name, password_hash) VALUES ('{id}', '{email}', 'Demo Person', 'none')"
        ))
        .await;
        (id, email)
    }

    /// Hands on all facts and runs all due jobs; a job that fails fails the test.
    pub async fn run_jobs(&self) -> usize {
        let drained = self.run_jobs_and_see().await;
        assert!(drained.failed.is_empty(), "jobs failed: {:?}", drained.failed);
        drained.done
    }

    /// Hands on all facts and runs all due jobs; tells which failed.
    pub async fn run_jobs_and_see(&self) -> jobs::Drained {
        jobs::drain(&self.context, &self.registry).await.unwrap_or_else(|error| panic!("{error:#}"))
    }

    /// Runs a reconciler now.
    pub async fn run_timer(&self, name: &str) {
        self.registry.run_timer(&self.context, name).await.unwrap_or_else(|error| panic!("{error:#}"));
    }

    /// Says that work left over at the end is as it should be.
    pub async fn forget_jobs(&self) {
        self.execute("DELETE FROM jobs; UPDATE outbox SET dispatched_at = now()").await;
    }

    /// Due or dead jobs, and facts not handed on.
    async fn leftovers(url: &str, now: DateTime<Utc>) -> anyhow::Result<Vec<String>> {
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
        let driver = tokio::spawn(connection);
        let micros = now.timestamp_micros();
        let rows = client
            .query(
                "SELECT kind || ' (' || state || ')' FROM jobs
                 WHERE state <> 'ready' OR run_at <= to_timestamp($1::bigint / 1000000.0)
                 UNION ALL SELECT 'fact ' || (fact ->> 'fact') FROM outbox WHERE dispatched_at IS NULL",
                &[&micros],
            )
            .await?;
        drop(client);
        driver.await??;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        let Some((server, thread)) = self.server.take() else { return };
        let now = self.clock.now();
        let database = &self.database;
        // A drop cannot wait for a future on its own thread.
        let leftovers = std::thread::scope(|scope| {
            scope
                .spawn(|| {
                    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
                    runtime.block_on(async {
                        server.stop(false).await;
                        let leftovers = Self::leftovers(&database.url(), now).await;
                        database.remove().await?;
                        leftovers
                    })
                })
                .join()
        });
        let served = thread.join();
        if std::thread::panicking() {
            return;
        }
        assert!(served.is_ok(), "the server under test panicked");
        let leftovers =
            leftovers.expect("looking for leftovers does not panic").expect("the database can be asked");
        assert!(leftovers.is_empty(), "work is left over at the end of the test: {leftovers:?}");
    }
}
