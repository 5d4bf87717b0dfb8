//! Forgetting tokens that are over. A refresh token is remembered until it would have ended, since it tells
//! a theft when it comes back.

use std::time::Duration;

use chrono::TimeDelta;
use platform::jobs::Registry;

use super::queries;

/// How long after its end.
const REMEMBERED: TimeDelta = TimeDelta::days(1);

pub(crate) fn jobs(registry: &mut Registry) {
    registry.every("forget_oauth_tokens", Duration::from_secs(3600), async |ctx| {
        let before = ctx.now() - REMEMBERED;
        ctx.db.write(async |tx| queries::forget(tx, before).await).await?;
        Ok(())
    });
}
