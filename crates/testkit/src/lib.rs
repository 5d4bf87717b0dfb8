//! What tests stand on: a real PostgreSQL with a database for each test, the real HTTP server on a
//! real port, a clock that tests turn, a real Redis and a real mailbox when asked for. No mocks.
//!
//! ```ignore
//! let app = Setup::new().routes(ticketing::configure).jobs(ticketing::jobs).start().await;
//! let org = app.org("Demo Promotions").await;
//! let owner = app.member(org, Role::Owner).await;
//! let venue: Venue = app.post("/venues").by(&owner).json(&body).created().await;
//! app.post("/venues").json(&body).problem(ErrorCode::NotSignedIn).await;
//! ```
//!
//! When the test ends, due jobs that were not run and jobs that died fail it.

mod app;
mod call;
mod caller;
mod cluster;
mod database;
mod dns;
mod mailbox;
mod receiver;
mod redis_server;
mod setup;
pub mod smtp;
mod socket;
mod twin;

pub use app::TestApp;
pub use call::{Answer, Call};
pub use caller::Caller;
pub use database::TestDatabase;
pub use dns::DnsServer;
pub use mailbox::{Lying, Mailbox};
pub use receiver::{Received, Receiver, Reply};
pub use redis_server::RedisServer;
pub use setup::{Setup, client};
pub use socket::Socket;
pub use twin::Twin;
