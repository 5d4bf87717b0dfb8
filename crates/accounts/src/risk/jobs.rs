//! Forgetting what counts no more.

use std::time::Duration;

use chrono::TimeDelta;
use platform::jobs::Registry;

use super::{queries, service};
use crate::attempts;

/// A wait lasts a quarter of an hour at most, and counts for a day.
const TRIES_COUNT_FOR: TimeDelta = TimeDelta::days(1);

pub(crate) fn jobs(registry: &mut Registry) {
    registry.every("forget_risks", Duration::from_secs(3600), async |context| {
        let now = context.now();
        context.db.statement(async |conn| attempts::forget(conn, now - TRIES_COUNT_FOR).await).await?;
        context.db.statement(async |conn| queries::forget(conn, now - service::KNOWN_FOR).await).await?;
        Ok(())
    });
}
