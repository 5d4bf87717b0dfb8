//! Letters to people about their own account. Accounts cannot send: the server's wiring takes the job
//! to messaging.

use domain::{AccountLetter, Locale};
use platform::db::Tx;
use platform::error::ApiResult;
use platform::jobs::Job;
use platform::keys::MasterKey;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

const PURPOSE: &str = "account letters";

/// To whom a letter goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addressee {
    /// Their name.
    pub name: String,
    /// Their mail address.
    pub address: String,
    /// Their language.
    pub locale: Locale,
}

/// Carries a letter to messaging. Jobs are kept in the database: what a letter says is sealed.
#[derive(Debug, Serialize, Deserialize)]
pub struct PostLetter {
    /// Names this letter: it is written once.
    pub id: Uuid,
    sealed: Vec<u8>,
}

impl Job for PostLetter {
    const KIND: &'static str = "post_account_letter";
    // Somebody waits for the letter.
    const PRIORITY: i16 = 1;
}

impl PostLetter {
    /// What was sealed.
    ///
    /// # Errors
    /// When it was sealed by another key, or altered.
    pub fn open(&self, keys: &MasterKey) -> anyhow::Result<(Addressee, AccountLetter)> {
        Ok(serde_json::from_slice(&keys.open(PURPOSE, &self.sealed)?)?)
    }
}

/// Sends a letter once the transaction has committed.
pub(crate) async fn post(
    tx: &mut Tx<'_>,
    keys: &MasterKey,
    to: &Addressee,
    letter: &AccountLetter,
) -> ApiResult<()> {
    let sealed = keys.seal(PURPOSE, &serde_json::to_vec(&(to, letter))?);
    tx.enqueue(&PostLetter { id: domain::ids::new_id(), sealed }).await
}
