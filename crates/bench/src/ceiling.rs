//! The most that this PostgreSQL could do: the statements of the server, sent by pgbench to the
//! same cluster, with no HTTP and no program between.

use std::process::Stdio;

use anyhow::{Context, Result, bail};
use tokio::process::Command;
use uuid::Uuid;

use crate::Target;

/// Connections of pgbench: as many as the server has by default.
pub const CLIENTS: usize = 24;

/// What pgbench reached.
pub struct Ceiling {
    /// Transactions a second.
    pub per_s: f64,
}

/// What the scripts speak of.
pub struct Names {
    /// An event with all its seats free.
    pub event: Uuid,
    /// Who sells it.
    pub org: Uuid,
    /// The gate at its venue.
    pub gate: Uuid,
    /// The member who scans.
    pub person: Uuid,
}

/// The sale's statements; half of the orders are held first, as in the load.
pub async fn sale(target: &Target, names: &Names) -> Result<Ceiling> {
    let scripts = [include_str!("../sql/sale_direct.sql"), include_str!("../sql/sale_held.sql")];
    pgbench(target, names, &scripts, CLIENTS, if target.quick { 300 } else { 750 }).await
}

/// The scan's statements, on tickets made for it: `names.event` must have an order.
pub async fn scan(target: &Target, names: &Names) -> Result<Ceiling> {
    pgbench(target, names, &[include_str!("../sql/scan_tickets.sql")], 1, 1).await?;
    let each = if target.quick { 1_000 } else { 3_000 };
    pgbench(target, names, &[include_str!("../sql/scan.sql")], CLIENTS, each).await
}

/// The statements of facts and jobs. Every client tells a fact, and now and then hands on facts as the dispatcher
/// would, or ends the jobs it took last and takes others as a worker would.
pub async fn jobs(target: &Target, each: usize) -> Result<Ceiling> {
    let nobody = Uuid::nil();
    let names = Names { event: nobody, org: Uuid::now_v7(), gate: nobody, person: nobody };
    pgbench(target, &names, &[include_str!("../sql/jobs.sql")], CLIENTS, each).await
}

/// Opens a proven account, as signing up and following the letter's link would: the server that is
/// measured runs no worker, so nobody writes the letter. The values are the bench's own.
pub async fn open_account(target: &Target, address: &str, name: &str, password_hash: &str) -> Result<()> {
    let file = target.data.join("account.sql");
    let insert = "INSERT INTO people (id, email, name, locale, password_hash, verified_at) VALUES";
    let row = format!("(gen_random_uuid(), '{address}', '{name}', 'en', '{password_hash}', now());");
    std::fs::write(&file, format!("{insert} {row}\n"))?;
    let output = Command::new(&target.pgbench)
        .args(["--no-vacuum", "--protocol=simple", "--transactions=1"])
        .arg(format!("--file={}", file.display()))
        .arg(&target.database)
        .stdin(Stdio::null())
        .output()
        .await
        .context("pgbench is not to be found; it comes with the server programs of PostgreSQL")?;
    if !output.status.success() {
        bail!("pgbench failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}

/// Every client does `each` transactions, one script or another by turns of chance.
async fn pgbench(
    target: &Target,
    names: &Names,
    scripts: &[&str],
    clients: usize,
    each: usize,
) -> Result<Ceiling> {
    println!("  pgbench: {clients} clients, {each} transactions each");
    let mut pgbench = Command::new(&target.pgbench);
    pgbench.args(["--no-vacuum", "--protocol=prepared", "--jobs=1", "-D", "n=0", "-D", "mine={}"]);
    pgbench.arg(format!("--client={clients}")).arg(format!("--transactions={each}"));
    let variables =
        [("event", names.event), ("org", names.org), ("gate", names.gate), ("person", names.person)];
    for (name, id) in variables {
        pgbench.arg("-D").arg(format!("{name}={id}"));
    }
    for (number, script) in scripts.iter().enumerate() {
        let file = target.data.join(format!("ceiling-{number}.sql"));
        std::fs::write(&file, script)?;
        pgbench.arg(format!("--file={}", file.display()));
    }
    let output = pgbench
        // As the server's own connections are set.
        .env("PGOPTIONS", "-c plan_cache_mode=force_generic_plan")
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
