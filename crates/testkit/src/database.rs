//! A database for one test, cloned from the migrated template and dropped with it.

use crate::cluster::{Shared, shared};

/// A database of its own.
pub struct TestDatabase {
    name: String,
    shared: &'static Shared,
}

impl TestDatabase {
    /// Clones the template.
    pub async fn new() -> Self {
        let shared =
            tokio::task::spawn_blocking(shared).await.expect("starting PostgreSQL does not panic twice");
        let name = format!("test_{}", uuid::Uuid::now_v7().simple());
        let create =
            format!("CREATE DATABASE \"{name}\" TEMPLATE \"{}\" STRATEGY FILE_COPY", shared.template);
        run(shared, &create).await.expect("the template can be cloned");
        Self { name, shared }
    }

    /// Its address, as the owner of its tables.
    #[must_use]
    pub fn url(&self) -> String {
        self.shared.url(&self.name)
    }

    /// Its address, as the role that serves.
    #[must_use]
    pub fn serving_url(&self) -> String {
        self.shared.serving_url(&self.name)
    }

    /// Drops it; whoever is connected is thrown out.
    pub(crate) async fn remove(&self) -> anyhow::Result<()> {
        run(self.shared, &format!("DROP DATABASE IF EXISTS \"{}\" WITH (FORCE)", self.name)).await
    }
}

async fn run(shared: &Shared, statement: &str) -> anyhow::Result<()> {
    let (client, connection) =
        tokio_postgres::connect(&shared.url("postgres"), tokio_postgres::NoTls).await?;
    let driver = tokio::spawn(connection);
    client.batch_execute(statement).await?;
    drop(client);
    driver.await??;
    Ok(())
}
