//! Sealing what was written, and walking along the chain.

use std::time::Duration;

use platform::jobs::Registry;

use super::chain::{self, Marks};
use super::queries;

pub(crate) fn jobs(registry: &mut Registry) {
    registry.every("seal_audit", Duration::from_secs(5), async |ctx| {
        chain::seal(&ctx.db, &Marks::of(&ctx.app.keys)).await?;
        Ok(())
    });
    registry.every("check_audit", Duration::from_secs(3_600), async |ctx| {
        let now = ctx.now();
        let keys = &ctx.app.keys;
        let walk = ctx.db.read(async |conn| chain::verify(conn, keys).await).await?;
        if let Some(fault) = walk.fault {
            let (kind, position, id) = (fault.kind.name(), fault.position, fault.id);
            tracing::error!(kind, position, %id, "the audit log was touched");
        }
        ctx.db.write(async |tx| queries::keep_walk(tx, &walk, now).await).await?;
        Ok(())
    });
}
