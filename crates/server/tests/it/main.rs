//! All areas together: who may do what, whose things stay whose, and what holds when many want the
//! same seat, when Redis, PostgreSQL or the mail server goes away and when the server is killed.

mod audit;
mod audit_chain;
mod consents;
mod contention;
mod database;
mod documented;
mod faults;
mod headers;
mod jobs;
mod keys;
mod killed;
mod live;
mod night;
mod notices;
mod operations;
mod permissions;
mod privacy;
mod reach;
mod redis;
mod schema;
mod seed;
mod tenants;
mod threats;
mod tls;
mod webhooks;

use accounts::Accounts;
use actix_web::web;
use testkit::Setup;

/// The whole server but for its web apps; who calls is told by the testkit's tokens.
fn setup() -> Setup {
    Setup::new()
        .routes(server::app::routes)
        .jobs(|registry| *registry = server::wiring::registry())
        .config(|config| {
            // As cheap as Argon2 allows: what it costs is not tested here.
            config.password_memory_kib = 8;
            config.password_iterations = 1;
        })
        .data(|app, config| {
            config.app_data(web::Data::new(server::wiring::holders()));
            config.app_data(web::Data::new(server::wiring::consents()));
            config.app_data(web::Data::new(server::wiring::real_letters()));
            config.app_data(web::Data::new(Accounts::new(app).expect("the settings of a test hold")));
        })
}
