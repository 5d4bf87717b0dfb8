//! The platform over HTTP, against a real PostgreSQL and a real Redis.

mod cluster;
mod desk;
mod guard;
mod http;
mod idempotency;
mod jobs;
mod keys;
mod limits;
mod live;
mod origins;
mod transactions;
mod twins;
