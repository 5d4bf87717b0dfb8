//! The succession of keys.

use std::time::Duration;

use platform::jobs::Registry;

use super::{Key, due, over, queries};

pub(crate) fn jobs(registry: &mut Registry) {
    registry.every("follow_signing_keys", Duration::from_secs(3600), async |ctx| {
        let now = ctx.now();
        let keys: Vec<_> =
            ctx.db.read(queries::all).await?.iter().map(|key| (key.id, key.created_at)).collect();
        let next = match due(&keys, now) {
            Some(last) => Some((last, Key::generate(&ctx.app.keys)?)),
            None => None,
        };
        ctx.db
            .write(async |tx| {
                if let Some((last, sealed)) = &next {
                    queries::insert(tx, Some(*last), sealed, now).await?;
                }
                queries::delete(tx, &over(&keys, now)).await
            })
            .await?;
        Ok(())
    });
}
