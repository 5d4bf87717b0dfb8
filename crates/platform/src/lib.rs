//! What every area stands on and none of them owns: configuration, the database and the door to it,
//! errors as HTTP, jobs, facts, live messages, cache, limits and the clock.

mod actor;
pub mod audit;
pub mod bus;
pub mod cache;
pub mod clock;
pub mod config;
pub mod db;
pub mod error;
pub mod guard;
pub mod http;
mod idempotency;
pub mod jobs;
pub mod keys;
pub mod limits;
pub mod live;
pub mod logs;
pub mod metrics;
pub mod migrations;
pub mod names;
pub mod network;
pub mod origins;
pub mod outbox;
pub mod outside;
pub mod places;
pub mod postgres;
pub mod privacy;
pub mod redis;
pub mod request;
pub mod state;
pub mod threats;
pub mod uses;

pub use clock::Clock;
pub use db::{Conn, Db, Tx};
pub use error::{ApiError, ApiResult};
pub use guard::{Access, Actor, Authenticate, Credentials, Guard, Member, Person, Public, SignedIn};
pub use http::{Body, Created, Paged, Path, Query, Raw};
pub use jobs::{Job, JobContext, Registry, Told};
pub use keys::MasterKey;
pub use state::App;
