//! Messaging over HTTP, against a real PostgreSQL, a mail server that speaks real SMTP, and receivers of webhooks
//! on the loopback.

mod channels;
mod deliveries;
mod inbound;
mod push;
mod reaching;
mod sending_domain;
mod templates;
mod webhooks;
