//! A running app and what a test does to it.

use std::thread::JoinHandle;

use actix_web::dev::ServerHandle;
use actix_web::web;
use chrono::{DateTime, TimeDelta, Utc};
use diesel_async::RunQueryDsl;
use domain::{OrganisationKind, Role};
use platform::clock::Clock;
use platform::db::{Conn, Db};
use platform::error::ApiResult;
use platform::jobs::{self, JobContext, Registry};
use platform::state::App;
use reqwest::Method;
use uuid::Uuid;

use crate::call::Call;
use crate::caller::Caller;
use crate::database::TestDatabase;
use crate::redis_server::RedisServer;
use crate::setup::Parts;
use crate::socket::Socket;
use crate::twin::Twin;

/// A running app and everything a test does to it.
pub struct TestApp {
    /// `http://127.0.0.1:<port>`.
    pub url: String,
    /// The clock of server and jobs: `app.clock.advance(…)`.
    pub clock: Clock,
    /// The Redis asked for.
    pub redis: Option<RedisServer>,
    pub(crate) client: reqwest::Client,
    pub(crate) context: JobContext,
    /// As the owner of the tables: server and jobs may not do everything a test may.
    pub(crate) owner: Db,
    pub(crate) registry: Registry,
    pub(crate) database: TestDatabase,
    pub(crate) server: Option<(ServerHandle, JoinHandle<()>)>,
    pub(crate) parts: Parts,
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

    /// The address of the test's database, as the owner of its tables.
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

    /// A POST to exactly this path.
    pub fn submit(&self, path: &str) -> Call {
        Call::raw(&self.client, &self.url, Method::POST, path)
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

    /// Starts a second server on the same database and the same Redis, as behind a load balancer.
    pub fn twin(&self) -> Twin {
        Twin::start(&self.parts, &self.database.serving_url(), self.clock.clone())
    }

    /// Looks into the database, or changes it, as the owner of its tables.
    pub async fn sql<T>(&self, f: impl AsyncFnOnce(&mut Conn) -> ApiResult<T>) -> T {
        let seen = self.owner.read(f).await;
        // The server hears of it by NOTIFY a moment later; a test does not wait for that.
        self.state().db.rights_changed();
        seen.unwrap_or_else(|error| panic!("{error}"))
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
            "INSERT INTO people (id, email, name, password_hash, verified_at)
             VALUES ('{id}', '{email}', 'Demo Person', 'none', now())"
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
