//! Ticketing over HTTP against a real PostgreSQL.

mod events;
mod holds;
mod orders;
mod payments;
mod sale;
mod scans;
mod shop;
mod stage;
mod tickets;
mod venues;
