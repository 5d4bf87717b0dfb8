//! Sending webhooks, and trying again. The pauses between attempts are days long and belong to the delivery, not
//! to the queue: each attempt is a job of its own, and one that went wrong is no job that failed.

use std::sync::Arc;

use platform::jobs::{Job, JobContext, Registry};
use platform::outside::Outside;
use serde::{Deserialize, Serialize};
use tokio::sync::OnceCell;
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

/// The client is made when the first job runs and kept: its connections are reused.
pub(crate) fn jobs(registry: &mut Registry) {
    let client = Arc::new(OnceCell::new());
    registry.on::<SendWebhook>(move |context: JobContext, job: SendWebhook| {
        let client = Arc::clone(&client);
        async move {
            let outside = client.get_or_try_init(async || sending::client(&context.app.config)).await?;
            Box::pin(send(&context, outside, job)).await
        }
    });
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
