//! Sending webhooks, and trying again. The pauses between attempts are days long and belong to the delivery, not
//! to the queue: each attempt is a job of its own, and one that went wrong is no job that failed.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use platform::config::Config;
use platform::jobs::{Job, JobContext, Registry, without_job};
use platform::outside::Outside;
use serde::{Deserialize, Serialize};
use tokio::sync::{OnceCell, Semaphore};
use uuid::Uuid;

use super::{queries, sending, service};

/// Makes one attempt. It belongs to a plan of the delivery: when that has changed meanwhile it does nothing.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SendWebhook {
    pub delivery_id: Uuid,
    pub turn: i32,
}

impl Job for SendWebhook {
    const KIND: &'static str = "send_webhook";
}

/// What attempts share: the client, whose connections are reused, and how many may be on their way at once.
struct Senders {
    client: Outside,
    room: Semaphore,
}

impl Senders {
    /// Half of what a process works on at once: receivers that do not answer leave the rest to letters and payments.
    fn new(config: &Config) -> anyhow::Result<Self> {
        Ok(Self { client: sending::client(config)?, room: Semaphore::new((config.workers / 2).max(1)) })
    }
}

/// How long an attempt waits for room, and how much later it is made when there is none.
const WAITS: Duration = Duration::from_millis(100);
const LATER: TimeDelta = TimeDelta::seconds(1);

/// What is shared is made when the first job runs and kept.
pub(crate) fn jobs(registry: &mut Registry) {
    let senders = Arc::new(OnceCell::new());
    registry.on::<SendWebhook>(move |context: JobContext, job: SendWebhook| {
        let senders = Arc::clone(&senders);
        async move {
            let senders = senders.get_or_try_init(async || Senders::new(&context.app.config)).await?;
            let Ok(room) = tokio::time::timeout(WAITS, senders.room.acquire()).await else {
                let at = context.now() + LATER;
                return Ok(context.db.write(async |tx| tx.enqueue_at(&job, at).await).await?);
            };
            let _room = room?;
            Box::pin(send(&context, &senders.client, job)).await
        }
    });
    registry.every("resume_webhooks", LOOKS_EVERY, resume);
}

/// How long after its time a delivery without a job is lost.
const LOST_AFTER: TimeDelta = TimeDelta::minutes(15);
const LOOKS_EVERY: Duration = Duration::from_secs(600);

/// Has deliveries sent whose job is gone or dead.
async fn resume(context: JobContext) -> anyhow::Result<()> {
    let before = context.now() - LOST_AFTER;
    context
        .db
        .write(async |tx| {
            let overdue = queries::overdue(tx, before).await?;
            let ids: Vec<Uuid> = overdue.iter().map(|(id, _)| *id).collect();
            let lost = without_job::<SendWebhook>(tx, "delivery_id", &ids).await?;
            for (delivery_id, turn) in overdue.into_iter().filter(|(id, _)| lost.contains(id)) {
                tx.enqueue(&SendWebhook { delivery_id, turn }).await?;
            }
            Ok(())
        })
        .await?;
    Ok(())
}

/// A worker that is lost between the answer and its note sends it once more, under the same `webhook-id`.
async fn send(context: &JobContext, outside: &Outside, job: SendWebhook) -> anyhow::Result<()> {
    let (id, turn, now) = (job.delivery_id, job.turn, context.now());
    let Some(due) = context.db.read(async |conn| queries::due(conn, id, turn).await).await? else {
        return Ok(());
    };
    if due.disabled {
        context.db.write(async |tx| queries::drop_delivery(tx, id, turn).await).await?;
        return Ok(());
    }
    let secrets = context.db.read(async |conn| queries::secrets(conn, due.endpoint_id, now).await).await?;
    let secrets = service::opened(&context.app.keys, &secrets)?;
    let attempt = sending::send(outside, &due, &secrets, now).await?;
    context.db.write(async |tx| service::note(tx, &due, &attempt).await).await?;
    Ok(())
}
