//! Ends orders that were not paid in time. Their places were free before that; this tells everybody.

use std::time::Duration;

use platform::jobs::{JobContext, Registry};

use super::{queries, service};

/// Orders ended in one go.
const BATCH: i64 = 200;

pub(super) fn register(registry: &mut Registry) {
    registry.every("expire_orders", Duration::from_secs(15), expire);
}

async fn expire(context: JobContext) -> anyhow::Result<()> {
    loop {
        let now = context.now();
        let lapsed = context.db.read(async |conn| queries::lapsed(conn, now, BATCH).await).await?;
        for id in &lapsed {
            context.db.write(async |tx| service::expire(tx, *id, now).await).await?;
        }
        if lapsed.len() < BATCH as usize {
            return Ok(());
        }
    }
}
