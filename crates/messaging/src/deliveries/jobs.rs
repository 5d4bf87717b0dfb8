//! Carrying deliveries out of the house.

use std::sync::Arc;

use contract::deliveries::DeliveryState;
use platform::jobs::{Job, JobContext, Registry};
use serde::{Deserialize, Serialize};
use tokio::sync::OnceCell;
use uuid::Uuid;

use super::queries::{self, Outcome, Outgoing};
use crate::sending_domain::{self, Sender};
use crate::smtp::{self, Mailer, Refused};

/// Sends one delivery.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SendDelivery {
    pub delivery_id: Uuid,
}

impl Job for SendDelivery {
    const KIND: &'static str = "send_delivery";
    /// With the queue's growing pauses this is about ten hours.
    const MAX_ATTEMPTS: i16 = 20;
}

/// The mailer is made when the first job runs and kept: its connections are reused.
pub(crate) fn jobs(registry: &mut Registry) {
    let mailer = Arc::new(OnceCell::new());
    registry.on::<SendDelivery>(move |context: JobContext, job: SendDelivery| {
        let mailer = Arc::clone(&mailer);
        async move {
            let mailer = mailer.get_or_try_init(async || Mailer::new(&context.app.config)).await?;
            send(&context, mailer, job.delivery_id).await
        }
    });
}

/// Sends a delivery that still waits. It may have been sent before by a worker that was lost before it
/// could note so: then the mail goes twice, under the same message id.
async fn send(context: &JobContext, mailer: &Mailer, id: Uuid) -> anyhow::Result<()> {
    let Some(mail) = context.db.read(async |conn| queries::waiting(conn, id).await).await? else {
        return Ok(());
    };
    let attempts = mail.attempts + 1;
    let sender = sending_domain::sender(&context.db, &context.app.keys, mail.org_id).await;
    // A mail from the configured address is better than none.
    let sender = sender.unwrap_or_else(|error| {
        tracing::error!(error = format!("{error:#}"), %id, "a mail cannot come from the organisation's own address");
        None
    });
    match hand_over(mailer, mail, sender).await {
        Handed::Kept => {
            note(context, id, Outcome { state: DeliveryState::Kept, attempts: 0, error: None, sent_at: None })
                .await
        }
        Handed::Sent => {
            let sent_at = Some(context.now());
            note(context, id, Outcome { state: DeliveryState::Sent, attempts, error: None, sent_at }).await
        }
        Handed::Refused(Refused { reason, for_good }) => {
            let give_up = for_good || attempts >= i32::from(SendDelivery::MAX_ATTEMPTS);
            let state = if give_up { DeliveryState::Failed } else { DeliveryState::Queued };
            note(context, id, Outcome { state, attempts, error: Some(&reason), sent_at: None }).await?;
            // What is given up waits on the Deliveries page for a person; the rest for the queue.
            if give_up { Ok(()) } else { Err(anyhow::anyhow!("the mail server did not take it: {reason}")) }
        }
    }
}

enum Handed {
    Kept,
    Sent,
    Refused(Refused),
}

async fn hand_over(mailer: &Mailer, mail: Outgoing, sender: Option<Sender>) -> Handed {
    match mailer {
        Mailer::Keep => Handed::Kept,
        Mailer::Smtp(transport, from) => match smtp::send(transport, from, mail, sender).await {
            Ok(()) => Handed::Sent,
            Err(refused) => Handed::Refused(refused),
        },
    }
}

async fn note(context: &JobContext, id: Uuid, outcome: Outcome<'_>) -> anyhow::Result<()> {
    let outcome = &outcome;
    context
        .db
        .write(async |tx| {
            queries::note(tx, id, outcome).await?;
            queries::blank(tx, id).await
        })
        .await?;
    Ok(())
}
