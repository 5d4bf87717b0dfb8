//! Forgetting questions that are over.

use std::time::Duration;

use chrono::TimeDelta;
use platform::jobs::Registry;

use super::queries;

/// How long a question is kept: its tries count towards the hour's.
const KEPT: TimeDelta = TimeDelta::hours(24);

pub(in crate::factors) fn jobs(registry: &mut Registry) {
    registry.every("forget_challenges", Duration::from_secs(3600), async |context| {
        let before = context.now() - KEPT;
        context.db.write(async |tx| queries::forget(tx, before).await).await?;
        Ok(())
    });
}
