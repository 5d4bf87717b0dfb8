//! Putting the server under test together and starting it.

use std::net::TcpListener;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

use actix_web::dev::ServerHandle;
use actix_web::{App as ActixApp, HttpServer, web};
use chrono::{DateTime, Utc};
use platform::clock::Clock;
use platform::config::Config;
use platform::db::Db;
use platform::guard::Authenticate;
use platform::jobs::{JobContext, Registry};
use platform::keys::MasterKey;
use platform::live::Rooms;
use platform::state::App;
use utoipa_actix_web::AppExt as _;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::TestApp;
use crate::caller::TestAuthenticate;
use crate::database::TestDatabase;
use crate::redis_server::RedisServer;

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
        let serving = database.serving_url();
        let connections = config.database_connections;
        let served = App::new(config, &serving, clock.clone(), keys).expect("the settings of a test hold");
        let own = served.with_own_pool(connections).expect("the settings of a test hold");
        let owner = Db::new(&database.url(), 8, clock.clone()).expect("an address of ours is well formed");
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
        let server = serve(listener, parts.clone());
        TestApp {
            parts,
            url: format!("http://{address}"),
            client: client().build().expect("a client of plain HTTP"),
            context: JobContext::new(web::Data::new(own)),
            owner,
            registry: self.registry,
            clock,
            redis,
            database,
            server: Some(server),
        }
    }
}

/// The beginning of a client of the test's own. It speaks plain HTTP, and asks for cryptography all the same.
pub fn client() -> reqwest::ClientBuilder {
    // An error means that another test of this process came first.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    reqwest::Client::builder()
}

fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_176_000, 0).expect("an instant of the year 2026")
}

/// What a server under test is made of.
#[derive(Clone)]
pub(crate) struct Parts {
    pub(crate) app: web::Data<App>,
    routes: Vec<Routes>,
    root: Vec<Data>,
    data: Vec<Data>,
    authenticate: Arc<dyn Authenticate>,
    rooms: Option<Arc<dyn Rooms>>,
}

impl Parts {
    /// The same with a state of its own.
    pub(crate) fn of(&self, app: web::Data<App>) -> Self {
        Self { app, ..self.clone() }
    }
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

pub(crate) fn serve(listener: TcpListener, parts: Parts) -> (ServerHandle, JoinHandle<()>) {
    let (started, handle) = mpsc::channel();
    let thread = std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let bus = parts.app.bus.clone();
            actix_web::rt::spawn(bus.relay());
            actix_web::rt::spawn(parts.app.db.clone().hear_rights());
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
