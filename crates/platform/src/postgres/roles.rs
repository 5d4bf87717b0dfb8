//! Two roles: the owner of the tables, who migrates, and the role that serves, which reads and writes
//! but cannot make, alter or empty a table, and only adds to the audit log.

use anyhow::Context as _;
use tokio_postgres::NoTls;

use super::place::OWNER;

/// The role that serves in the private cluster.
pub const SERVING: &str = "ringside_app";

/// Tables of which rows are only added.
const APPEND_ONLY: &str = "audit_log, audit_seals";

/// The address as which the private cluster's database is served, of the owner's address.
#[must_use]
pub fn serving_url(owner_url: &str) -> String {
    owner_url.replacen(&format!("//{OWNER}@"), &format!("//{SERVING}@"), 1)
}

/// Makes the role that serves in the private cluster, when there is none.
pub async fn ensure_serving_role(owner_url: &str) -> anyhow::Result<()> {
    run(
        owner_url,
        &format!(
            "DO $$ BEGIN
                 IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{SERVING}') THEN
                     CREATE ROLE {SERVING} LOGIN;
                 END IF;
             END $$"
        ),
    )
    .await
}

/// Gives the role behind `serving_url` what serving takes, in the database of `owner_url`, whose
/// tables the owner has made: now, and of tables yet to be made. Harmless when repeated.
pub async fn let_serve(owner_url: &str, serving_url: &str) -> anyhow::Result<()> {
    let serving: tokio_postgres::Config = serving_url.parse().context("the database's address is wrong")?;
    let role = serving.get_user().context("the database's address names no user")?.replace('"', "\"\"");
    run(
        owner_url,
        &format!(
            "GRANT USAGE ON SCHEMA public TO \"{role}\";
             GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO \"{role}\";
             GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO \"{role}\";
             ALTER DEFAULT PRIVILEGES IN SCHEMA public
                 GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO \"{role}\";
             ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO \"{role}\";
             REVOKE UPDATE, DELETE, TRUNCATE ON {APPEND_ONLY} FROM \"{role}\";
             REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON __diesel_schema_migrations FROM \"{role}\""
        ),
    )
    .await
}

async fn run(url: &str, statements: &str) -> anyhow::Result<()> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    let driver = tokio::spawn(connection);
    let done = client.batch_execute(statements).await;
    drop(client);
    driver.await??;
    done.context("the role that serves cannot be given its rights")
}
