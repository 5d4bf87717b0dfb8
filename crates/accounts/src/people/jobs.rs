//! What is done with an address after the answer: a stranger who types one learns nothing from the answer
//! and nothing from the time it takes.

use std::net::IpAddr;

use domain::Locale;
use platform::jobs::{Job, JobContext, Registry};
use platform::keys::MasterKey;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::service;

const PURPOSE: &str = "sign-ups";

/// Opens an account that waits for its proof, or tells the owner of the address that there is one.
/// Jobs are kept in the database: what was typed is sealed.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct OpenAccount {
    sealed: Vec<u8>,
}

/// What somebody typed who wants an account.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Applicant {
    pub email: String,
    pub name: String,
    pub locale: Locale,
    pub password_hash: String,
    /// What they agreed to, and where.
    #[serde(default)]
    pub accepted: Vec<Uuid>,
    #[serde(default)]
    pub ip: Option<IpAddr>,
}

impl Job for OpenAccount {
    const KIND: &'static str = "open_account";
    // Somebody waits for the letter.
    const PRIORITY: i16 = 1;
}

impl OpenAccount {
    pub(super) fn new(keys: &MasterKey, applicant: &Applicant) -> serde_json::Result<Self> {
        Ok(Self { sealed: keys.seal(PURPOSE, &serde_json::to_vec(applicant)?) })
    }
}

/// Sends the letter that proves an address once more, if it waits for its proof.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ProveAgain {
    sealed: Vec<u8>,
}

impl Job for ProveAgain {
    const KIND: &'static str = "prove_address_again";
    // Somebody waits for the letter.
    const PRIORITY: i16 = 1;
}

impl ProveAgain {
    pub(super) fn new(keys: &MasterKey, address: &str) -> Self {
        Self { sealed: keys.seal(PURPOSE, address.as_bytes()) }
    }
}

pub(crate) fn jobs(registry: &mut Registry) {
    registry.on(open_account);
    registry.on(prove_again);
}

async fn open_account(context: JobContext, job: OpenAccount) -> anyhow::Result<()> {
    let applicant: Applicant = serde_json::from_slice(&context.app.keys.open(PURPOSE, &job.sealed)?)?;
    context.db.write(async |tx| service::open(tx, &context.app, &applicant).await).await?;
    Ok(())
}

async fn prove_again(context: JobContext, job: ProveAgain) -> anyhow::Result<()> {
    let address = String::from_utf8(context.app.keys.open(PURPOSE, &job.sealed)?)?;
    context.db.write(async |tx| service::prove_again(tx, &context.app, &address).await).await?;
    Ok(())
}
