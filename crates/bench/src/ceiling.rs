//! The most that this PostgreSQL could do: the statements of the server, sent by pgbench to the
//! same cluster, with no HTTP and no program between.

use std::process::Stdio;

use anyhow::{Context, Result, bail};
use tokio::process::Command;
use uuid::Uuid;

use crate::Target;

/// Connections of pgbench: as many as the server has by default.
const CLIENTS: usize = 24;

/// What pgbench reached.
pub struct Ceiling {
    /// Transactions a second.
    pub per_s: f64,
}

/// The sale's statements: claim and order, begin to pay, accept the callback and issue tickets.
pub async fn sale(target: &Target, event: &Uuid) -> Result<Ceiling> {
    measure(target, include_str!("../sql/sale.sql"), &[("event", event.to_string())]).await
}

/// The scan's statements, on tickets of `event` that were not read yet.
pub async fn scan(target: &Target, event: &Uuid, gate: &Uuid) -> Result<Ceiling> {
    let variables = [("event", event.to_string()), ("gate", gate.to_string())];
    measure(target, include_str!("../sql/scan.sql"), &variables).await
}

async fn measure(target: &Target, script: &str, variables: &[(&str, String)]) -> Result<Ceiling> {
    let file = target.data.join("ceiling.sql");
    std::fs::write(&file, script)?;
    let seconds = target.duration().as_secs();
    println!("  measuring the ceiling with pgbench for {seconds} s");
    let mut pgbench = Command::new(&target.pgbench);
    pgbench
        .args(["--no-vacuum", "--protocol=prepared", "--jobs=1", "--failures-detailed"])
        .arg(format!("--client={CLIENTS}"))
        .arg(format!("--time={seconds}"))
        .arg(format!("--file={}", file.display()));
    for (name, value) in variables {
        pgbench.arg("-D").arg(format!("{name}={value}"));
    }
    let output = pgbench
        .arg(&target.database)
        .stdin(Stdio::null())
        .output()
        .await
        .context("pgbench is not to be found; it comes with the server programs of PostgreSQL")?;
    let said = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        bail!("pgbench failed: {said}{}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(Ceiling { per_s: transactions(&said).with_context(|| format!("pgbench printed no figure: {said}"))? })
}

/// "tps = 1234.567890 (without initial connection time)"
fn transactions(said: &str) -> Option<f64> {
    said.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::transactions;

    #[test]
    fn the_figure_is_read_from_the_report() {
        let said = "latency average = 8.1 ms\ntps = 1234.500000 (without initial connection time)\n";
        assert_eq!(transactions(said), Some(1234.5));
        assert_eq!(transactions("nothing"), None);
    }
}
