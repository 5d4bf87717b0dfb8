//! Ticketing over HTTP against a real PostgreSQL.

mod events;
mod shop;
mod stage;
