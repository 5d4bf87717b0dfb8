//! Carrying deliveries out of the house.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use contract::channels::Channel;
use contract::deliveries::DeliveryState;
use platform::db::Tx;
use platform::error::ApiResult;
use platform::jobs::{Job, JobContext, Registry, without_job};
use serde::{Deserialize, Serialize};
use tokio::sync::OnceCell;
use uuid::Uuid;

use super::queries::{self, Outcome, Outgoing};
use super::ready::{Ready, Route, look};
use crate::bounces;
use crate::channels::queries as routes;
use crate::channels::{Accepted, Channels, Parcel, Refusal, Refused, pace, vapid};

/// Sends one delivery.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SendDelivery {
    pub delivery_id: Uuid,
    /// Whether an instant of the provider's is taken for it.
    #[serde(default)]
    pub reserved: bool,
}

impl Job for SendDelivery {
    const KIND: &'static str = "send_delivery";
    /// With the queue's growing pauses this is about ten hours.
    const MAX_ATTEMPTS: i16 = 20;
}

/// The ways out are made when the first job runs and kept: their connections are reused.
pub(crate) fn jobs(registry: &mut Registry) {
    let channels = Arc::new(OnceCell::new());
    registry.on::<SendDelivery>(move |context: JobContext, job: SendDelivery| {
        let channels = Arc::clone(&channels);
        async move {
            let channels = channels.get_or_try_init(async || set_up(&context).await).await?;
            Box::pin(carry(&context, channels, job)).await
        }
    });
    registry.every("resume_deliveries", LOOKS_EVERY, resume);
}

/// How long after its time a delivery without a job is lost.
const LOST_AFTER: TimeDelta = TimeDelta::minutes(15);
const LOOKS_EVERY: Duration = Duration::from_secs(600);

/// Has deliveries carried whose job is gone or dead.
async fn resume(context: JobContext) -> anyhow::Result<()> {
    let before = context.now() - LOST_AFTER;
    context
        .db
        .write(async |tx| {
            let overdue = queries::overdue(tx, before).await?;
            for delivery_id in without_job::<SendDelivery>(tx, "delivery_id", &overdue).await? {
                tx.enqueue(&SendDelivery { delivery_id, reserved: false }).await?;
            }
            Ok(())
        })
        .await?;
    Ok(())
}

async fn set_up(context: &JobContext) -> anyhow::Result<Channels> {
    let key = vapid::pair(&context.db, &context.app.keys).await?;
    Channels::new(&context.app.config, context.db.clock(), key)
}

/// Carries a delivery that still waits. It may have been sent before by a worker that was lost before it
/// could note so: then it goes twice, under the same id.
async fn carry(context: &JobContext, channels: &Channels, job: SendDelivery) -> anyhow::Result<()> {
    let id = job.delivery_id;
    let Some(message) = context.db.read(async |conn| queries::waiting(conn, id).await).await? else {
        return Ok(());
    };
    let Some(channel) = channels.of(message.channel) else {
        return end(context, id, DeliveryState::Kept, message.attempts, None).await;
    };
    let attempts = message.attempts + 1;
    match look(context, message, job.reserved).await? {
        Ready::End(state, why) => end(context, id, state, attempts - 1, Some(why)).await,
        Ready::Wait { until, reserved } => {
            let again = SendDelivery { delivery_id: id, reserved };
            context.db.write(async |tx| put_off(tx, &again, until, None).await).await?;
            Ok(())
        }
        Ready::Go(parcel, route) => match channel.send(&parcel).await {
            Ok(accepted) => sent(context, &parcel, &route, &accepted).await,
            Err(refused) => {
                let refused = refused.without_secrets(&parcel);
                was_refused(context, &parcel.message, &route, refused).await
            }
        },
    }
}

/// Has it carried later. A job that runs twice, since its worker was lost, asks for it once.
async fn put_off(
    tx: &mut Tx<'_>,
    again: &SendDelivery,
    until: DateTime<Utc>,
    why: Option<&str>,
) -> ApiResult<()> {
    if queries::put_off(tx, again.delivery_id, until, why).await? {
        tx.enqueue_at(again, until).await?;
    }
    Ok(())
}

/// It leaves by nothing: without a provider it is kept, and so on.
async fn end(
    context: &JobContext,
    id: Uuid,
    state: DeliveryState,
    attempts: i32,
    why: Option<&str>,
) -> anyhow::Result<()> {
    let outcome = Outcome { state, attempts, error: why, sent_at: None, provider_id: None };
    context
        .db
        .write(async |tx| {
            queries::note(tx, id, &outcome).await?;
            queries::blank(tx, id).await
        })
        .await?;
    Ok(())
}

async fn sent(
    context: &JobContext,
    Parcel { message, extras, .. }: &Parcel,
    route: &Route,
    accepted: &Accepted,
) -> anyhow::Result<()> {
    let outcome = Outcome {
        state: DeliveryState::Sent,
        attempts: message.attempts + 1,
        error: None,
        sent_at: Some(context.now()),
        provider_id: accepted.provider_id.as_deref(),
    };
    context
        .db
        .write(async |tx| {
            queries::note(tx, message.id, &outcome).await?;
            if extras.counted {
                queries::note_counted(tx, message.id).await?;
            }
            queries::blank(tx, message.id).await?;
            note_route(tx, message, route, None, false).await
        })
        .await?;
    Ok(())
}

async fn was_refused(
    context: &JobContext,
    message: &Outgoing,
    route: &Route,
    Refused { reason, what }: Refused,
) -> anyhow::Result<()> {
    let (id, now) = (message.id, context.now());
    if let Refusal::Busy(after) = what
        && now - message.created_at < NEWS_FOR
    {
        // The next turn comes when the pause is over, with those of all others.
        let pause =
            after.and_then(|after| TimeDelta::from_std(after).ok()).unwrap_or(UNSAID).min(pace::LONGEST);
        let again = SendDelivery { delivery_id: id, reserved: false };
        context
            .db
            .write(async |tx| {
                pace::pause(tx, &route.pace, pause, now).await?;
                put_off(tx, &again, now + pause, Some(&reason)).await
            })
            .await?;
        return Ok(());
    }
    let attempts = message.attempts + 1;
    let over = attempts >= i32::from(SendDelivery::MAX_ATTEMPTS);
    let state = match what {
        Refusal::Never | Refusal::Gone | Refusal::Busy(_) => DeliveryState::Failed,
        _ if over => DeliveryState::Failed,
        _ => DeliveryState::Queued,
    };
    let outcome = Outcome { state, attempts, error: Some(&reason), sent_at: None, provider_id: None };
    context
        .db
        .write(async |tx| {
            queries::note(tx, id, &outcome).await?;
            queries::blank(tx, id).await?;
            if what == Refusal::Gone
                && let Some(method) = message.contact_method_id
            {
                routes::gone(tx, method, route.sealed.as_deref(), now).await?;
            }
            if what == Refusal::Later {
                // It says nothing of the account or the room.
                return Ok(());
            }
            if what == Refusal::Gone && message.channel == Channel::Email {
                bounces::came_back_at_once(tx, message, &reason).await?;
            }
            let fault = matches!(what, Refusal::Account | Refusal::Gone).then_some(reason.as_str());
            note_route(tx, message, route, fault, what == Refusal::Gone).await
        })
        .await?;
    // What is given up waits on the Deliveries page for a person; the rest for the queue.
    if state == DeliveryState::Failed { Ok(()) } else { Err(anyhow::anyhow!("it was not taken: {reason}")) }
}

/// What a provider has had no room for so long is no news any more.
const NEWS_FOR: TimeDelta = TimeDelta::hours(24);
/// How long a provider is left alone that does not say how long.
const UNSAID: TimeDelta = TimeDelta::seconds(30);

/// Shows where accounts and rooms are set up what the other side says of them.
async fn note_route(
    tx: &mut Tx<'_>,
    message: &Outgoing,
    route: &Route,
    fault: Option<&str>,
    closed: bool,
) -> ApiResult<()> {
    if let Some(room) = message.destination_id {
        return routes::note_destination(tx, (room, route.sealed.as_deref()), fault, closed).await;
    }
    match route.account {
        // That one person's address is gone says nothing of the account.
        Some(account) if !closed => routes::note_account(tx, account, fault).await,
        _ => Ok(()),
    }
}
