//! Messaging over HTTP, against a real PostgreSQL, a mail server that speaks real SMTP, and receivers of webhooks
//! on the loopback.

mod bounces;
mod channels;
mod deliveries;
mod inbound;
mod push;
mod reaching;
mod reader;
mod sending_domain;
mod statistics;
mod suppressions;
mod templates;
mod tracking;
mod unsubscribe;
mod webhooks;
