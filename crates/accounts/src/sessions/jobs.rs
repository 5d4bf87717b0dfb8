//! Forgetting sessions that are over: kept a while, since their tokens tell a theft. With them goes what
//! else counts for a while only: links, denied tokens.

use std::time::Duration;

use chrono::TimeDelta;
use platform::jobs::Registry;

use super::queries;
use crate::{links, revocations};

/// How long a session is remembered after its end.
const REMEMBERED: TimeDelta = TimeDelta::days(30);

pub(crate) fn jobs(registry: &mut Registry) {
    registry.every("forget_sessions", Duration::from_secs(3600), async |ctx| {
        let before = ctx.now() - REMEMBERED;
        ctx.db.write(async |tx| queries::forget(tx, before).await).await?;
        let now = ctx.now();
        ctx.db.statement(async |conn| revocations::queries::forget(conn, now).await).await?;
        let before = now - links::forget_after();
        ctx.db.statement(async |conn| links::queries::forget(conn, before).await).await?;
        Ok(())
    });
}
