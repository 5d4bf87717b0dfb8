//! How one area reacts to another. This is the only place.

use std::sync::Arc;

use accounts::PostLetter;
use domain::{Fact, Locale};
use futures_util::FutureExt as _;
use messaging::templates::RealLetters;
use platform::db::Tx;
use platform::error::ApiResult;
use platform::jobs::{Job, JobContext, Registry, Told};
use platform::privacy::{ConsentLog, Holders};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{letters, notices};

/// All jobs, timers and reactions.
#[must_use]
pub fn registry() -> Registry {
    let mut registry = Registry::default();
    accounts::jobs(&mut registry);
    ticketing::jobs(&mut registry);
    messaging::jobs(&mut registry);

    // A placed order is confirmed by mail, a paid one brings the tickets.
    registry.when("order_placed", |told, tx| ask_for_letter(told, tx).boxed_local());
    registry.when("order_paid", |told, tx| ask_for_letter(told, tx).boxed_local());
    registry.on(write_letter);

    // Other systems of an organisation are told what happens, and people when one of them is told no more.
    for fact in messaging::webhooks::FACTS {
        registry.when(fact, |told, tx| messaging::webhooks::announce(told, tx).boxed_local());
    }
    registry.when("webhook_disabled", |told, tx| ask_for_notice(told, tx).boxed_local());
    registry.on(write_notice);

    // People find what concerns them in the notification centre, and hear of it by the ways they want.
    for fact in notices::FACTS.into_iter().chain(["announcement_made"]) {
        registry.when(fact, |told, tx| notices::ask(told, tx).boxed_local());
    }
    notices::jobs(&mut registry);

    // What accounts have to say to people.
    registry.on(post_letter);

    // What people may ask of their data, of all areas.
    accounts::privacy::jobs(&mut registry, &holders(), &print());

    registry.live(topics);
    registry
}

/// What holds data of people, in the order in which it forgets: the account last.
#[must_use]
pub fn holders() -> Holders {
    Arc::new([
        Arc::new(ticketing::privacy::Orders),
        Arc::new(messaging::privacy::Letters),
        Arc::new(messaging::privacy::Notifications),
        Arc::new(messaging::privacy::MailWishes),
        Arc::new(messaging::privacy::Notices),
        Arc::new(platform::privacy::Answers),
        Arc::new(accounts::privacy::People),
    ])
}

/// Where areas keep what people agree to.
#[must_use]
pub fn consents() -> ConsentLog {
    Arc::new(accounts::privacy::Consents)
}

/// What previews of letters are filled with.
#[must_use]
pub fn real_letters() -> RealLetters {
    Arc::new(letters::LatestOrders)
}

fn print() -> accounts::privacy::Print {
    Arc::new(|parts, locale| Ok(documents::render_report(parts, locale == Locale::Th)?))
}

/// Writes the letter that an order's fact asks for.
#[derive(Debug, Serialize, Deserialize)]
struct WriteLetter {
    order_id: Uuid,
    /// The tickets, or how to pay.
    paid: bool,
}

impl Job for WriteLetter {
    const KIND: &'static str = "write_letter";
}

async fn ask_for_letter(told: &Told, tx: &mut Tx<'_>) -> ApiResult<()> {
    match told.fact {
        Fact::OrderPlaced { order_id, .. } => tx.enqueue(&WriteLetter { order_id, paid: false }).await,
        Fact::OrderPaid { order_id, .. } => tx.enqueue(&WriteLetter { order_id, paid: true }).await,
        _ => Ok(()),
    }
}

async fn write_letter(context: JobContext, job: WriteLetter) -> anyhow::Result<()> {
    let mail = if job.paid {
        letters::order_paid(&context.app, job.order_id).await?
    } else {
        letters::order_placed(&context.app, job.order_id).await?
    };
    if let Some(mail) = mail {
        // The same cause writes no second mail, so the job can run twice.
        context.db.write(async |tx| messaging::deliveries::queue(tx, &mail).await.map(|_| ())).await?;
    }
    Ok(())
}

/// Writes to those who look after an organisation's webhooks that an endpoint was switched off.
#[derive(Debug, Serialize, Deserialize)]
struct WriteNotice {
    org_id: Uuid,
    endpoint_id: Uuid,
}

impl Job for WriteNotice {
    const KIND: &'static str = "write_webhook_notice";
}

async fn ask_for_notice(told: &Told, tx: &mut Tx<'_>) -> ApiResult<()> {
    match told.fact {
        Fact::WebhookDisabled { endpoint_id } => {
            tx.enqueue(&WriteNotice { org_id: told.org_id, endpoint_id }).await
        }
        _ => Ok(()),
    }
}

async fn write_notice(context: JobContext, job: WriteNotice) -> anyhow::Result<()> {
    let mails = letters::webhook_disabled(&context.app, job.org_id, job.endpoint_id).await?;
    context
        .db
        .write(async |tx| {
            for mail in &mails {
                // The same occasion writes nobody a second mail, so the job can run twice.
                messaging::deliveries::queue(tx, mail).await?;
            }
            Ok(())
        })
        .await?;
    Ok(())
}

async fn post_letter(context: JobContext, job: PostLetter) -> anyhow::Result<()> {
    let mail = letters::account(&job, &context.app)?;
    context.db.write(async |tx| messaging::deliveries::queue(tx, &mail).await.map(|_| ())).await?;
    Ok(())
}

/// Which live topics a fact is told under. The public hears that seats changed, not whose.
fn topics(told: &Told) -> Vec<(String, Fact)> {
    let fact = told.fact.clone();
    let public = |event_id| (format!("event:{event_id}"), Fact::AvailabilityChanged { event_id });
    match told.fact {
        Fact::EventChanged { event_id } | Fact::AvailabilityChanged { event_id } => {
            vec![(format!("event:{event_id}"), fact)]
        }
        Fact::OrderPlaced { order_id, event_id }
        | Fact::OrderPaid { order_id, event_id }
        | Fact::OrderExpired { order_id, event_id }
        | Fact::OrderCancelled { order_id, event_id } => vec![
            public(event_id),
            (format!("order:{order_id}"), fact.clone()),
            (format!("sales:{event_id}"), fact),
        ],
        Fact::PaymentToRefund { order_id, .. } => vec![(format!("order:{order_id}"), fact)],
        // Read on pages; no room hears of it.
        Fact::ThreatFound { .. } | Fact::WebhookDisabled { .. } | Fact::InboundReceived { .. } => Vec::new(),
        Fact::NoticesChanged { user_id } => vec![(format!("notices:{user_id}"), fact)],
        Fact::AnnouncementMade { .. } | Fact::AnnouncementMoved { .. } => {
            vec![(format!("announcements:{}", told.org_id), fact)]
        }
        Fact::TicketAdmitted { event_id, .. } => vec![(format!("sales:{event_id}"), fact)],
        Fact::TicketRevoked { event_id, .. } => vec![public(event_id), (format!("sales:{event_id}"), fact)],
    }
}
