//! Looking, night by night, whether the records are still there.

use platform::error::ApiError;
use platform::jobs::{Job, JobContext, Registry};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::service;

/// Asks DNS about one organisation's records.
#[derive(Debug, Serialize, Deserialize)]
struct CheckSendingDomain {
    org_id: Uuid,
}

impl Job for CheckSendingDomain {
    const KIND: &'static str = "check_sending_domain";
    /// The next night looks again anyhow.
    const MAX_ATTEMPTS: i16 = 6;
}

pub(crate) fn jobs(registry: &mut Registry) {
    registry.on(async move |ctx: JobContext, job: CheckSendingDomain| {
        match service::check(&ctx.db, &ctx.app.config, job.org_id).await {
            // Taken away since.
            Err(error) if error.code() == contract::ErrorCode::NotFound => Ok(()),
            checked => checked.map(drop).map_err(ApiError::into),
        }
    });
    registry.at("check_sending_domains", "20 4 * * *", async |ctx: JobContext| {
        for org_id in service::all(&ctx.db).await? {
            ctx.db
                .write(async |tx| {
                    tx.work_for(org_id);
                    tx.enqueue(&CheckSendingDomain { org_id }).await
                })
                .await?;
        }
        Ok(())
    });
}
