//! Whom a fact concerns, and what they are told of it in the notification centre.

use accounts::Addressee;
use anyhow::Context as _;
use contract::notices::NoticeContent;
use domain::{Fact, Permission};
use messaging::announcements;
use messaging::notices::{Notice, Reader, tell, tell_rooms};
use platform::db::Tx;
use platform::error::ApiResult;
use platform::jobs::{Job, JobContext, Registry, Told};
use serde::{Deserialize, Serialize};
use ticketing::orders::service::details;
use uuid::Uuid;

/// The facts that people are told of.
pub const FACTS: [&str; 5] =
    ["order_paid", "order_cancelled", "payment_to_refund", "webhook_disabled", "threat_found"];

/// People told in one transaction of an announcement: between two of them others have their turn.
const AT_ONCE: i64 = 50;

/// Tells people of a fact.
#[derive(Debug, Serialize, Deserialize)]
struct TellPeople {
    org_id: Uuid,
    fact: Fact,
}

impl Job for TellPeople {
    const KIND: &'static str = "tell_people";
}

/// Tells some of those who work for an organisation what it announced, then the next.
#[derive(Debug, Serialize, Deserialize)]
struct TellStaff {
    org_id: Uuid,
    announcement_id: Uuid,
    /// The last who was told.
    after: Option<Uuid>,
}

impl Job for TellStaff {
    const KIND: &'static str = "tell_staff";
}

pub(crate) fn jobs(registry: &mut Registry) {
    registry.on(tell_people);
    registry.on(tell_staff);
}

/// Asks for the people of a fact to be told.
pub(crate) async fn ask(told: &Told, tx: &mut Tx<'_>) -> ApiResult<()> {
    match told.fact {
        Fact::AnnouncementMade { announcement_id } => {
            tx.enqueue(&TellStaff { org_id: told.org_id, announcement_id, after: None }).await
        }
        _ => tx.enqueue(&TellPeople { org_id: told.org_id, fact: told.fact.clone() }).await,
    }
}

async fn tell_people(context: JobContext, job: TellPeople) -> anyhow::Result<()> {
    match job.fact {
        Fact::OrderPaid { order_id, .. } => tell_buyer(&context, order_id, true).await,
        Fact::OrderCancelled { order_id, .. } => tell_buyer(&context, order_id, false).await,
        Fact::PaymentToRefund { payment_id, order_id } => {
            let reference = details(&context.app, order_id).await?.order.reference;
            let content = NoticeContent::PaymentToRefund { reference };
            let told = ToStaff {
                content,
                link: format!("/console/orders/{order_id}"),
                who: Permission::PaymentsConfirm,
                cause: format!("payment_to_refund:{payment_id}"),
            };
            told.tell(&context, job.org_id).await
        }
        Fact::WebhookDisabled { endpoint_id } => tell_of_webhook(&context, job.org_id, endpoint_id).await,
        Fact::ThreatFound { threat_id } => {
            let found = context.db.read(async |conn| accounts::who_runs_ringside(conn).await).await?;
            let Some(org) = found else { return Ok(()) };
            let told = ToStaff {
                content: NoticeContent::ThreatFound,
                link: format!("/console/threats/{threat_id}"),
                who: Permission::ThreatsRead,
                cause: format!("threat_found:{threat_id}"),
            };
            told.tell(&context, org).await
        }
        other => anyhow::bail!("nobody is told of {}", other.name()),
    }
}

async fn tell_buyer(context: &JobContext, order_id: Uuid, paid: bool) -> anyhow::Result<()> {
    let found = details(&context.app, order_id).await?;
    // A guest has no account: their letter is all they get.
    let Some(user_id) = found.user_id else { return Ok(()) };
    let event = crate::letters::event_title(&context.app, &found.order).await?;
    let reference = found.order.reference;
    let (content, cause) = if paid {
        (NoticeContent::TicketsReady { event, reference }, format!("order_paid:{order_id}"))
    } else {
        (NoticeContent::OrderCancelled { event, reference }, format!("order_cancelled:{order_id}"))
    };
    let to = context.db.read(async |conn| accounts::addressee(conn, user_id).await).await?;
    let notice = Notice {
        org_id: found.org_id,
        to: reader(user_id, to),
        content,
        link: Some(format!("/orders/{order_id}")),
        cause,
    };
    let url = context.app.config.public_url();
    context.db.write(async |tx| tell(tx, &url, &notice).await.map(|_| ())).await?;
    Ok(())
}

async fn tell_of_webhook(context: &JobContext, org: Uuid, endpoint: Uuid) -> anyhow::Result<()> {
    let disabled =
        context.db.read(async |conn| messaging::webhooks::disabled(conn, org, endpoint).await).await?;
    // Switched on again meanwhile.
    let Some(disabled) = disabled else { return Ok(()) };
    let told = ToStaff {
        content: NoticeContent::WebhookDisabled { address: disabled.url },
        link: format!("/console/webhooks?endpoint={endpoint}"),
        who: Permission::WebhooksManage,
        cause: format!("webhook_disabled:{endpoint}:{}", disabled.at),
    };
    told.tell(context, org).await
}

/// What those are told who may look after something, and the rooms of their teams.
struct ToStaff {
    content: NoticeContent,
    link: String,
    who: Permission,
    cause: String,
}

impl ToStaff {
    async fn tell(&self, context: &JobContext, org_id: Uuid) -> anyhow::Result<()> {
        let url = context.app.config.public_url();
        context
            .db
            .write(async |tx| {
                let (_, people) = accounts::who_may(tx, org_id, self.who).await?;
                for (user_id, to) in people {
                    let notice = Notice {
                        org_id,
                        to: reader(user_id, to),
                        content: self.content.clone(),
                        link: Some(self.link.clone()),
                        cause: self.cause.clone(),
                    };
                    tell(tx, &url, &notice).await?;
                }
                tell_rooms(tx, &url, org_id, (&self.content, Some(&self.link)), &self.cause).await
            })
            .await?;
        Ok(())
    }
}

fn reader(user_id: Uuid, Addressee { name, address, locale }: Addressee) -> Reader {
    Reader { user_id, name, address, locale }
}

/// The same cause tells nobody twice, so it can run twice.
async fn tell_staff(context: JobContext, job: TellStaff) -> anyhow::Result<()> {
    let (org_id, id) = (job.org_id, job.announcement_id);
    let url = context.app.config.public_url();
    context
        .db
        .write(async |tx| {
            let Some(said) = announcements::waiting(tx, org_id, id).await? else { return Ok(()) };
            let by = match said.author {
                Some(author) => accounts::name(tx, author).await?,
                None => String::new(),
            };
            let content = NoticeContent::Announcement { title: said.title, text: said.text, by };
            let cause = format!("announcement:{id}");
            if job.after.is_none() {
                let total = accounts::count_staff(tx, org_id, &said.roles).await?;
                announcements::counted(tx, id, total).await?;
                tell_rooms(tx, &url, org_id, (&content, Some(NOTICES)), &cause).await?;
            }
            let staff = accounts::staff(tx, org_id, &said.roles, job.after, AT_ONCE).await?;
            let mut more = 0;
            for (user_id, to) in staff.iter().cloned() {
                let (content, cause, link) = (content.clone(), cause.clone(), Some(NOTICES.to_owned()));
                let notice = Notice { org_id, to: reader(user_id, to), content, link, cause };
                more += i32::from(tell(tx, &url, &notice).await?);
            }
            let done = (staff.len() as i64) < AT_ONCE;
            announcements::told(tx, org_id, id, more, done).await?;
            if let (false, Some((last, _))) = (done, staff.last()) {
                tx.enqueue(&TellStaff { org_id, announcement_id: id, after: Some(*last) }).await?;
            }
            Ok(())
        })
        .await
        .context("an announcement cannot be told")
}

/// Where notices are read.
const NOTICES: &str = "/console/notices";
