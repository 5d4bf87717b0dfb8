//! The letter with the link: looked for and written after the answer, which says nothing about the address.

use platform::jobs::{Job, JobContext};
use platform::keys::MasterKey;
use serde::{Deserialize, Serialize};

use super::service;

const PURPOSE: &str = "password resets";

/// Sends the link to the owner of an address, if there is one.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SendReset {
    sealed: Vec<u8>,
}

impl Job for SendReset {
    const KIND: &'static str = "send_password_reset";
    // Somebody waits for the letter.
    const PRIORITY: i16 = 1;
}

impl SendReset {
    pub(super) fn new(keys: &MasterKey, address: &str) -> Self {
        Self { sealed: keys.seal(PURPOSE, address.as_bytes()) }
    }
}

pub(crate) async fn send(context: JobContext, job: SendReset) -> anyhow::Result<()> {
    let address = String::from_utf8(context.app.keys.open(PURPOSE, &job.sealed)?)?;
    context.db.write(async |tx| service::send(tx, &context.app, &address).await).await?;
    Ok(())
}
