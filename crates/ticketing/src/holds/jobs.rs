//! Tidies away holds that have run out. Their places were free before that; this tells everybody.

use std::time::Duration;

use platform::jobs::{JobContext, Registry};

use super::{queries, service};

/// Holds ended in one go.
const BATCH: i64 = 200;

pub(super) fn register(registry: &mut Registry) {
    registry.every("expire_holds", Duration::from_secs(15), expire);
}

async fn expire(context: JobContext) -> anyhow::Result<()> {
    loop {
        let now = context.now();
        let lapsed = context.db.read(async |conn| queries::lapsed(conn, now, BATCH).await).await?;
        for id in &lapsed {
            context
                .db
                .write(async |tx| match queries::lock(tx, *id).await? {
                    Some(hold) if hold.expires_at <= now => service::end(tx, *id, &hold).await,
                    _ => Ok(()),
                })
                .await?;
        }
        if lapsed.len() < BATCH as usize {
            return Ok(());
        }
    }
}
