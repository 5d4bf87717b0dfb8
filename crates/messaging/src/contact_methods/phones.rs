//! Proving a phone: six digits go there, and come back from the person signed in.

use chrono::TimeDelta;
use contract::ErrorCode;
use contract::channels::Channel;
use contract::contact_methods::{AddPhone, ContactMethod, e164};
use domain::{Locale, ids};
use hmac::Mac as _;
use platform::audit::Change;
use platform::db::Tx;
use platform::error::{ApiError, ApiResult};
use platform::keys::MasterKey;
use uuid::Uuid;

use super::queries::{self, Method, NewMethod};
use super::service::{allow, digests, get, noted, room, say};
use super::words;
use crate::signature::hmac_of;

/// How long a code is good for.
pub(crate) const LASTS: TimeDelta = TimeDelta::minutes(15);
/// How many answers a code takes.
const TRIES: i16 = 5;

/// Adds a number and sends its code; a number that is proved already stays as it is.
pub(super) async fn add(
    tx: &mut Tx<'_>,
    keys: &MasterKey,
    user: Uuid,
    (wish, locale): (&AddPhone, Locale),
) -> ApiResult<ContactMethod> {
    let refusal = || ApiError::new(ErrorCode::InvalidFields);
    let number = e164(&wish.number).ok_or_else(|| {
        refusal().field_fault("number", "not_a_number", "Write the number with its country.")
    })?;
    let (org, channel) = (wish.org_id, Channel::Sms);
    queries::lock_person(tx, user).await?;
    if !queries::offers(tx, user).await?.iter().any(|offer| (offer.org_id, offer.channel) == (org, channel)) {
        return Err(ErrorCode::NotFound.into());
    }
    let digests = digests(keys, channel, Some(org), &number);
    let known = queries::known(tx, user, channel, &digests).await?;
    if let Some(known) = known
        && let Some(method) = queries::find(tx, user, known).await?
        && method.verified_at.is_some()
        && method.gone_at.is_none()
    {
        return get(tx, user, known).await;
    }
    if known.is_none() {
        room(tx, user).await?;
    }
    let shown = shown(&number);
    let now = tx.now();
    let id = known.unwrap_or_else(ids::new_id);
    let method = Method {
        id,
        org: Some(org),
        channel,
        shown: shown.clone(),
        digest: digests[0].clone(),
        verified_at: None,
        gone_at: None,
    };
    allow(tx, user, &method).await?;
    let address = number.as_str();
    let new = NewMethod { id, user, org: Some(org), channel, address, digest: &digests[0], shown: &shown };
    queries::put(tx, keys, &new, (now, None)).await?;
    let code = format!("{:06}", rand::random_range(0..1_000_000_u32));
    queries::set_code(tx, id, &hash(&keys.derive(PURPOSE), id, &code), now + LASTS).await?;
    say(tx, user, &method, (words::CODE, words::code(locale, &code), None)).await?;
    get(tx, user, id).await
}

const PURPOSE: &str = "codes sent to phones";

fn hash(key: &[u8], method: Uuid, code: &str) -> Vec<u8> {
    hmac_of(key, &[method.as_bytes(), code.as_bytes()]).finalize().into_bytes().to_vec()
}

/// What came of an answer. It is no error: the try has to be noted.
pub(super) enum Answered {
    Rightly(ContactMethod),
    Wrongly,
    Over,
}

impl Answered {
    /// `wrong_proof`, or `challenge_over` when the code was tried too often, is too old, or there is none.
    pub(super) fn into_result(self) -> ApiResult<ContactMethod> {
        match self {
            Self::Rightly(method) => Ok(method),
            Self::Wrongly => Err(ApiError::new(ErrorCode::WrongProof).field("code", "This is not the code.")),
            Self::Over => Err(ErrorCode::ChallengeOver.into()),
        }
    }
}

/// Proves a number by its code.
pub(super) async fn confirm(
    tx: &mut Tx<'_>,
    keys: &MasterKey,
    user: Uuid,
    (id, typed): (Uuid, &str),
) -> ApiResult<Answered> {
    let now = tx.now();
    let method = queries::find(tx, user, id).await?.ok_or(ErrorCode::NotFound)?;
    let Some(kept) = queries::take_try(tx, id, TRIES, now).await? else { return Ok(Answered::Over) };
    let typed: String = typed.chars().filter(char::is_ascii_digit).collect();
    let right = keys
        .derive_all(PURPOSE)
        .iter()
        .any(|key| hmac_of(key, &[id.as_bytes(), typed.as_bytes()]).verify_slice(&kept).is_ok());
    if !right {
        return Ok(Answered::Wrongly);
    }
    queries::verify(tx, id, now).await?;
    tx.audit(Change::new(None, "contact_method.added", user).after(noted(&method)));
    get(tx, user, id).await.map(Answered::Rightly)
}

/// The country's first digits and the number's last ones.
fn shown(number: &str) -> String {
    let (first, rest) = number.split_at(3);
    format!("{first} … {}", &rest[rest.len() - 2..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_not_shown_whole() {
        assert_eq!(shown("+66812345678"), "+66 … 78");
        assert_eq!(shown("+12345678"), "+12 … 78");
    }
}
