//! `cargo xtask test`: every test there is, one summary, and a last line for machines.

mod api;
mod browser;
mod rust;
mod summary;
mod web;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::local_server::LocalServer;
use crate::provision;
use crate::server_build;
use summary::{Summary, Tally};

/// With which the journeys sign as the payment provider does.
const CALLBACK_SECRET: &str = "only-for-the-journeys";

/// Which parts to test.
#[derive(Args)]
pub struct Options {
    /// Only these parts; all of them when none is named
    parts: Vec<Part>,
}

/// A part of the tests.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Unit tests, documentation tests and HTTP-level tests against PostgreSQL and Redis
    Rust,
    /// The web apps build, and the shop's first visit is small enough
    Web,
    /// Journeys in Chromium
    Browser,
    /// What the OpenAPI document allows and forbids, sent to the server
    Api,
}

impl Options {
    fn wants(&self, part: Part) -> bool {
        self.parts.is_empty() || self.parts.contains(&part)
    }
}

/// Runs the parts in turn. A part that fails does not keep the others from running.
pub fn test(options: &Options) -> Result<ExitCode> {
    provision::provide(&provision::for_tests())?;
    let mut summary = Summary::default();
    if options.wants(Part::Rust) {
        summary.part("rust", rust::test);
        summary.part("rust documentation", rust::test_documentation);
    }
    if options.wants(Part::Web) || options.wants(Part::Browser) {
        summary.part("web apps", web::test);
    }
    if options.wants(Part::Browser) {
        summary.part("browser journeys", || {
            let settings = browser::settings()?;
            with_server("e2e-data", &settings, |server| browser::test(server, &settings))
        });
    }
    if options.wants(Part::Api) {
        summary.part("API by its document", || with_server("api-data", &api::settings()?, api::test));
    }
    Ok(summary.print())
}

/// A server with demo data and an empty past, for one part only; `more` are settings of that part.
fn with_server(
    name: &str,
    more: &[(&str, String)],
    test: impl FnOnce(&LocalServer) -> Result<Tally>,
) -> Result<Tally> {
    let program = server_build::debug()?;
    let mut settings = vec![
        ("RINGSIDE_DEMO", "true"),
        ("RINGSIDE_RATE_LIMITS", "false"),
        ("RINGSIDE_PAYMENT_CALLBACK_SECRET", CALLBACK_SECRET),
    ];
    settings.extend(more.iter().map(|(name, value)| (*name, value.as_str())));
    let server = LocalServer::start(&program, name, &settings)?;
    test(&server)
}
