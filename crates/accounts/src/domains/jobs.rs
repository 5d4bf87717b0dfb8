//! Looking, day by day, whether the records of proven domains are still there.

use std::time::Duration;

use chrono::TimeDelta;
use platform::jobs::{JobContext, Registry};
use platform::names;

use super::{queries, service};

/// How long what was seen is believed.
const BELIEVED: TimeDelta = TimeDelta::days(1);

pub(crate) fn jobs(registry: &mut Registry) {
    registry.every("check_domains", Duration::from_secs(3600), check);
}

/// Where DNS does not answer nothing is known: the domain is looked at again an hour later.
async fn check(ctx: JobContext) -> anyhow::Result<()> {
    let before = ctx.now() - BELIEVED;
    let due = ctx.db.read(async |conn| queries::due(conn, before).await).await?;
    for domain in due {
        let (org, id) = (domain.org_id, domain.id);
        let Ok(texts) = names::texts_at(ctx.app.config.dns_resolver, &domain.record_name()).await else {
            continue;
        };
        let judged =
            ctx.db.write(async |tx| service::judge(tx, &ctx.app, (org, id), (&texts, None)).await).await;
        // Given up in this very moment, or another's by now: the next look tells.
        if let Err(error) = judged {
            tracing::warn!(%error, %id, "a domain could not be judged");
        }
    }
    Ok(())
}
