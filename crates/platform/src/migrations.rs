//! The schema, carried inside the program and brought up to date before anything is served.

use anyhow::{Context as _, anyhow};
use diesel_async::{AsyncConnection as _, AsyncMigrationHarness, RunQueryDsl};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};

use crate::db::Conn;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations");

/// Any number, the same in all instances: PostgreSQL lets one of them migrate at a time.
const LOCK: i64 = 0x0052_696E_6773_6964;

/// Runs what has not run yet; gives the names of what ran. Blocks its thread's runtime, which must
/// be multi-threaded.
pub async fn run(url: &str) -> anyhow::Result<Vec<String>> {
    let mut conn = Conn::establish(url).await.context("cannot connect to PostgreSQL")?;
    diesel::sql_query(format!("SELECT pg_advisory_lock({LOCK})")).execute(&mut conn).await?;
    let mut harness = AsyncMigrationHarness::new(conn);
    let ran = harness
        .run_pending_migrations(MIGRATIONS)
        .map_err(|error| anyhow!("a migration failed: {error}"))?
        .iter()
        .map(ToString::to_string)
        .collect();
    // The lock ends with the connection.
    drop(harness);
    Ok(ran)
}

/// Names of the embedded migrations with their text, so that a cache of a migrated database knows
/// when it is out of date.
pub fn fingerprint() -> anyhow::Result<String> {
    use diesel::migration::MigrationSource as _;
    use sha2::{Digest as _, Sha256};
    let mut hash = Sha256::new();
    let all: Vec<Box<dyn diesel::migration::Migration<diesel::pg::Pg>>> =
        MIGRATIONS.migrations().map_err(|error| anyhow!("{error}"))?;
    for migration in all {
        hash.update(migration.name().to_string());
    }
    hash.update(include_str!(concat!(env!("OUT_DIR"), "/migrations.digest")));
    Ok(hex::encode(&hash.finalize()[..8]))
}
