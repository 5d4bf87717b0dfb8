//! Looking into the mailbox.

use std::time::Duration;

use contract::ErrorCode;
use platform::jobs::{JobContext, Registry};

use super::mailbox::{Mailbox, Place};
use super::{report, service};

/// How often it is looked into.
const EVERY: Duration = Duration::from_secs(60);
/// How long one look may take.
const PATIENCE: Duration = Duration::from_secs(300);

pub(crate) fn jobs(registry: &mut Registry) {
    registry.every("read_bounces", EVERY, look);
}

async fn look(context: JobContext) -> anyhow::Result<()> {
    let Some(address) = &context.app.config.bounce_mailbox else { return Ok(()) };
    let place = Place::parse(address)?;
    tokio::time::timeout(PATIENCE, Box::pin(empty(&context, &place))).await?
}

/// Takes in what is new. A message is deleted once what it says is committed; whoever is stopped in between reads it
/// once more.
async fn empty(context: &JobContext, place: &Place) -> anyhow::Result<()> {
    let mut mailbox = Mailbox::open(place).await?;
    let (mut taken, mut unknown) = (0_usize, 0_usize);
    for uid in mailbox.new_ones().await? {
        let Some(message) = mailbox.read(uid).await? else { continue };
        match report::read(&context.app.keys, &message.bytes) {
            Some(report) => {
                match context.db.write(async |tx| service::take(tx, &report).await).await {
                    // Early: the next look reads it once more.
                    Err(error) if error.code() == ErrorCode::Unavailable => continue,
                    done => done?,
                }
                mailbox.done(message.uid).await?;
                taken += 1;
            }
            None => {
                mailbox.flag(message.uid).await?;
                unknown += 1;
            }
        }
    }
    mailbox.close().await?;
    if unknown > 0 {
        tracing::warn!(
            taken,
            unknown,
            "messages in the mailbox of bounces are not understood: they are flagged"
        );
    } else if taken > 0 {
        tracing::info!(taken, "reports about mail are taken in");
    }
    Ok(())
}
