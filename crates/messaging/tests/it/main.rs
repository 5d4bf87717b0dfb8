//! Messaging over HTTP, against a real PostgreSQL and a mail server that speaks real SMTP.

mod deliveries;
mod templates;
