//! Reports that come before we have noted that the message left: the provider is sometimes faster than we are.

use chrono::TimeDelta;
use contract::channels::Channel;
use platform::jobs::{Job, JobContext, Registry};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::service::{self, Became};

/// How much later it is looked at once more.
pub(super) const LATER: TimeDelta = TimeDelta::seconds(30);

/// Looks once more for the message of a report. It may not be one of ours: whoever has the account may send by it, too.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct NoteReport {
    pub org_id: Uuid,
    pub channel: Channel,
    pub became: Became,
}

impl Job for NoteReport {
    const KIND: &'static str = "note_provider_report";
}

pub(crate) fn jobs(registry: &mut Registry) {
    registry.on::<NoteReport>(|context: JobContext, job: NoteReport| async move {
        let place = (job.org_id, job.channel);
        context.db.write(async |tx| service::note(tx, place, &job.became).await).await?;
        Ok(())
    });
}
