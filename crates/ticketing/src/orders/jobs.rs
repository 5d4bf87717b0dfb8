//! Ends orders that were not paid in time: their places were free before that; this tells everybody.
//! And seals the telephone numbers of old.

use std::time::Duration;

use platform::jobs::{JobContext, Registry};

use super::{queries, service};

/// Orders ended in one go.
const BATCH: i64 = 200;

pub(super) fn register(registry: &mut Registry) {
    registry.every("expire_orders", Duration::from_secs(15), expire);
    registry.every("seal_phones", Duration::from_secs(3600), seal_phones);
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

/// Seals the numbers that were written before numbers were sealed.
async fn seal_phones(context: JobContext) -> anyhow::Result<()> {
    let keys = &context.app.keys;
    loop {
        let open = context.db.read(async |conn| queries::open_phones(conn, BATCH).await).await?;
        for row in &open {
            let sealed = keys.seal(queries::PHONE, row.phone.as_bytes());
            context.db.statement(async |conn| queries::seal_phone(conn, row.id, &sealed).await).await?;
        }
        if open.len() < BATCH as usize {
            return Ok(());
        }
    }
}
