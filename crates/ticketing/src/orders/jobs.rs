//! Ends orders that were not paid in time: their places were free before that; this tells everybody. And
//! those of a cancelled event: their money must go back.

use std::time::Duration;

use platform::jobs::{Job, JobContext, Registry};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{queries, service};

/// Orders ended in one go.
const BATCH: i64 = 200;

pub(super) fn register(registry: &mut Registry) {
    registry.every("expire_orders", Duration::from_secs(15), expire);
    registry.on(cancel_paid);
}

/// Cancels the paid orders of an event that will not take place. Each is a transaction of its own, so
/// that the job can be killed and run again.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct CancelPaidOrders {
    pub event_id: Uuid,
}

impl Job for CancelPaidOrders {
    const KIND: &'static str = "cancel_paid_orders";
}

async fn cancel_paid(context: JobContext, job: CancelPaidOrders) -> anyhow::Result<()> {
    loop {
        let paid = context.db.read(async |conn| queries::paid(conn, job.event_id, BATCH).await).await?;
        for id in &paid {
            context.db.write(async |tx| service::cancel_paid(tx, *id).await).await?;
        }
        if paid.len() < BATCH as usize {
            return Ok(());
        }
    }
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
