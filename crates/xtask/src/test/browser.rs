//! Playwright's journeys in the Chromium of the machine.

use std::net::UdpSocket;

use anyhow::{Context, Result};

use super::rust::before;
use super::summary::Tally;
use crate::command::{command, find, root, watch};
use crate::local_server::LocalServer;

/// What the server of the journeys is told beside the usual: to ask the DNS server that a journey starts, and
/// that identity providers and receivers of webhooks may lie on this machine.
pub fn settings() -> Result<Vec<(&'static str, String)>> {
    let dns = UdpSocket::bind("127.0.0.1:0").context("no free port on this machine")?.local_addr()?;
    Ok(vec![
        ("RINGSIDE_DNS_RESOLVER", dns.to_string()),
        ("RINGSIDE_ALLOW_PRIVATE_PROVIDERS", "true".to_owned()),
        ("RINGSIDE_WEBHOOK_NETWORKS", "127.0.0.0/8".to_owned()),
    ])
}

/// Runs `e2e/` against `server`, which was told `settings`. The journeys read `RINGSIDE_URL` and `RINGSIDE_CHROMIUM`, and letters
/// about accounts by `RINGSIDE_PROGRAM`.
pub fn test(server: &LocalServer, settings: &[(&'static str, String)]) -> Result<Tally> {
    let chromium = find("chromium").context("chromium is not on PATH")?;
    let mut tally = Tally::default();
    let succeeded = watch(
        command("npx")
            .args(["--no-install", "playwright", "test"])
            .current_dir(root().join("e2e"))
            .env("CI", "1")
            .env("RINGSIDE_URL", server.url())
            .env("RINGSIDE_DATA_DIR", &server.data)
            .env("RINGSIDE_PROGRAM", &server.program)
            .env("RINGSIDE_PAYMENT_CALLBACK_SECRET", super::CALLBACK_SECRET)
            .env("RINGSIDE_CHROMIUM", chromium)
            .envs(settings.iter().map(|(name, value)| (name, value))),
        |line| tally = tally.and(counts(line)),
    )?;
    Ok(tally.of_program(succeeded))
}

/// Lines of the end such as "  12 passed (30.1s)", "  1 failed" and "  2 did not run".
fn counts(line: &str) -> Tally {
    let line = line.trim();
    let number_first = line.split(' ').next().is_some_and(|word| word.parse::<usize>().is_ok());
    if !number_first {
        return Tally::default();
    }
    let start = |word| before(line, word).filter(|_| line.split(' ').nth(1) == Some(word)).unwrap_or(0);
    let not_run = if line.ends_with("did not run") { start("did") } else { 0 };
    Tally {
        passed: start("passed"),
        failed: start("failed") + start("flaky") + start("interrupted") + not_run,
    }
}

#[cfg(test)]
mod tests {
    use super::{Tally, counts};

    #[test]
    fn counts_are_read_from_the_end_of_the_report() {
        assert_eq!(counts("  12 passed (30.1s)"), Tally { passed: 12, failed: 0 });
        assert_eq!(counts("  1 failed"), Tally { passed: 0, failed: 1 });
        assert_eq!(counts("  2 did not run"), Tally { passed: 0, failed: 2 });
        assert_eq!(counts("  1 flaky"), Tally { passed: 0, failed: 1 });
        assert_eq!(counts("Running 12 tests using 1 worker"), Tally::default());
        assert_eq!(counts("  3 tests have failed"), Tally::default());
    }
}
