//! Forgetting codes that are over.

use std::time::Duration;

use chrono::TimeDelta;
use platform::jobs::Registry;

use super::queries;

/// How long it is remembered that codes were sent and guessed.
const REMEMBERED: TimeDelta = TimeDelta::hours(24);

pub(crate) fn jobs(registry: &mut Registry) {
    registry.every("forget_contact_codes", Duration::from_secs(3600), async |context| {
        let now = context.now();
        context.db.write(async |tx| queries::forget(tx, now, now - REMEMBERED).await).await?;
        Ok(())
    });
}
