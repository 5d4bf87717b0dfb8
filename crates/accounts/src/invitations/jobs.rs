//! Forgetting invitations that are over: they hold somebody's address.

use std::time::Duration;

use chrono::TimeDelta;
use platform::jobs::Registry;

use super::queries;

/// How long an invitation is remembered after its end.
const REMEMBERED: TimeDelta = TimeDelta::days(30);

pub(crate) fn jobs(registry: &mut Registry) {
    registry.every("forget_invitations", Duration::from_secs(3600), async |ctx| {
        let before = ctx.now() - REMEMBERED;
        ctx.db.write(async |tx| queries::forget(tx, before).await).await?;
        Ok(())
    });
}
