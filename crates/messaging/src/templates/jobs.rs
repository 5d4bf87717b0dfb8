//! Looks after comparisons.

use std::time::Duration;

use platform::jobs::{JobContext, Registry};

use super::{experiments, queries};

/// How often it is looked whether a comparison can be decided.
const EVERY: Duration = Duration::from_secs(600);

pub(crate) fn jobs(registry: &mut Registry) {
    registry.every("decide_experiments", EVERY, decide);
}

async fn decide(context: JobContext) -> anyhow::Result<()> {
    let running = context.db.read(async |conn| queries::running_everywhere(conn).await).await?;
    for id in running {
        context.db.write(async |tx| experiments::decide(tx, id).await).await?;
    }
    Ok(())
}
