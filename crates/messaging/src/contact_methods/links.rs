//! Proving a chat: a code is shown to the person signed in, and comes back from the chat that is to be theirs.

use chrono::{DateTime, TimeDelta, Utc};
use contract::ErrorCode;
use contract::channels::Channel;
use contract::contact_methods::{ContactLink, StartContactLink};
use contract::text::is_hidden;
use domain::ids;
use hmac::Mac as _;
use platform::audit::Change;
use platform::db::Tx;
use platform::error::{ApiError, ApiResult};
use platform::keys::MasterKey;
use serde_json::json;
use uuid::Uuid;

use super::queries::{self, NewMethod};
use super::service::{MOST_METHODS, digests, room};
use crate::signature::hmac_of;

/// How long a code is good for.
const LASTS: TimeDelta = TimeDelta::minutes(15);
/// How many codes a person may have open at once.
const MOST_OPEN: i64 = 5;
/// How many wrong codes a sender may try in [`GUESSING`].
const MOST_GUESSES: i64 = 10;
/// After that long, guesses are forgotten.
const GUESSING: TimeDelta = TimeDelta::hours(1);
/// With what each code begins, so that it is told from a reference or a word.
const PREFIX: &str = "LINK";
/// How many letters follow; of 28 each.
const LETTERS: usize = 8;
/// As much is shown of an address.
const SHOWN: usize = 100;

/// Makes a code, if the organisation offers such a chat and the person has room for it.
pub(super) async fn offer(
    tx: &mut Tx<'_>,
    keys: &MasterKey,
    user: Uuid,
    wish: &StartContactLink,
) -> ApiResult<ContactLink> {
    let (org, channel) = (wish.org_id, wish.channel);
    let offers = queries::offers(tx, user).await?;
    let offer = offers.into_iter().find(|offer| (offer.org_id, offer.channel) == (org, channel));
    let organisation = offer.ok_or(ErrorCode::NotFound)?.organisation;
    room(tx, user).await?;
    let (code, expires_at) = start(tx, keys, user, (org, channel)).await?;
    Ok(ContactLink { code, expires_at, organisation, channel })
}

/// Makes a code by which `user` adds a chat with the organisation's account.
async fn start(
    tx: &mut Tx<'_>,
    keys: &MasterKey,
    user: Uuid,
    (org, channel): (Uuid, Channel),
) -> ApiResult<(String, DateTime<Utc>)> {
    let now = tx.now();
    queries::lock_person(tx, user).await?;
    if queries::open_links(tx, user, now).await? >= MOST_OPEN {
        return Err(ApiError::new(ErrorCode::TooManyRequests).with("retry_after", LASTS.num_seconds()));
    }
    // As the reference of an order: nothing in it is mistaken for something else. 38 random bits.
    let letters = ids::reference(Uuid::new_v4());
    let until = now + LASTS;
    let hash = hashes(keys, channel, org, &letters.replace('-', "")).swap_remove(0);
    queries::add_link(tx, (user, org, channel), &hash, (now, until)).await?;
    Ok((format!("{PREFIX}-{letters}"), until))
}

/// A message with a code came from `address` by the organisation's account: whoever made the code is reached there
/// from now on. `false` for anything that is no code, or none that is good: then the message is like any other. `shown` is what
/// the person is shown of the address.
///
/// # Errors
/// The database.
pub(crate) async fn claim(
    tx: &mut Tx<'_>,
    keys: &MasterKey,
    org: Uuid,
    channel: Channel,
    code: &str,
    address: &str,
    shown: &str,
) -> ApiResult<bool> {
    let Some(letters) = read(code) else { return Ok(false) };
    let now = tx.now();
    let digests = digests(keys, channel, Some(org), address);
    if queries::guesses(tx, &digests, now - GUESSING).await? >= MOST_GUESSES {
        return Ok(false);
    }
    let hashes = hashes(keys, channel, org, &letters);
    let Some(user) = queries::spend_link(tx, (org, channel), &hashes, now).await? else {
        queries::note_guess(tx, &digests[0], now, now - GUESSING).await?;
        return Ok(false);
    };
    queries::lock_person(tx, user).await?;
    let known = queries::known(tx, user, channel, &digests).await?;
    if known.is_none() && queries::count(tx, user).await? >= MOST_METHODS {
        return Ok(false);
    }
    let shown = plain(shown, channel);
    let id = known.unwrap_or_else(ids::new_id);
    let method = NewMethod { id, user, org: Some(org), channel, address, digest: &digests[0], shown: &shown };
    queries::put(tx, keys, &method, (now, Some(now))).await?;
    let change = Change::new(None, "contact_method.added", user);
    tx.audit(change.after(json!({"channel": channel, "organisation": org})));
    Ok(true)
}

/// The letters of a code as somebody wrote it; none when it is no code.
fn read(text: &str) -> Option<String> {
    let text = text.trim();
    if text.len() > 40 {
        return None;
    }
    let letters: String = text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    let letters = letters.strip_prefix(PREFIX)?;
    (letters.len() == LETTERS).then(|| letters.to_owned())
}

/// What is kept of a code: a hash by each master key, the newest first.
fn hashes(keys: &MasterKey, channel: Channel, org: Uuid, letters: &str) -> Vec<Vec<u8>> {
    let hash = |key: [u8; 32]| {
        let parts: [&[u8]; 3] = [channel.name().as_bytes(), org.as_bytes(), letters.as_bytes()];
        hmac_of(&key, &parts).finalize().into_bytes().to_vec()
    };
    keys.derive_all("contact links").into_iter().map(hash).collect()
}

/// One line of what somebody else chose; the channel's name when nothing is left.
fn plain(shown: &str, channel: Channel) -> String {
    let kept = shown.chars().filter(|c| !c.is_control() && !is_hidden(*c)).take(SHOWN).collect::<String>();
    let kept = kept.trim();
    if kept.is_empty() { channel.name().to_owned() } else { kept.to_owned() }
}

#[cfg(test)]
mod tests {
    use testkit::{Setup, TestApp};

    use super::*;

    const LINE: Channel = Channel::Line;

    async fn claimed(app: &TestApp, org: Uuid, channel: Channel, code: &str, from: &str) -> bool {
        let (keys, db) = (&app.state().keys, &app.context().db);
        let claim = async |tx: &mut Tx<'_>| claim(tx, keys, org, channel, code, from, "Demo Fan\u{202e}").await;
        db.write(claim).await.expect("the database answers")
    }

    async fn begun(app: &TestApp, user: Uuid, org: Uuid) -> ApiResult<String> {
        let keys = &app.state().keys;
        let start = async |tx: &mut Tx<'_>| start(tx, keys, user, (org, LINE)).await;
        app.context().db.write(start).await.map(|(code, _)| code)
    }

    #[tokio::test]
    async fn a_code_works_once_where_it_was_made_for_and_for_a_quarter_of_an_hour() {
        let app = Setup::new().start().await;
        let (org, other) = (app.org("Demo Promotions").await, app.org("Other Promotions").await);
        let fan = app.person().await.user_id;
        let code = begun(&app, fan, org).await.expect("a code");
        assert!(!claimed(&app, other, LINE, &code, "U1").await, "another organisation");
        assert!(!claimed(&app, org, Channel::Whatsapp, &code, "U1").await, "another channel");
        assert!(claimed(&app, org, LINE, &format!(" {} ", code.to_lowercase()), "U1").await);
        assert!(!claimed(&app, org, LINE, &code, "U2").await, "once");
        let good = "SELECT count(*) FROM contact_methods WHERE channel = 'line' AND verified_at IS NOT NULL
                       AND shown = 'Demo Fan' AND position('U1' in encode(sealed, 'escape')) = 0";
        assert_eq!(app.count(good).await, 1);

        // The same chat again is the same method.
        let code = begun(&app, fan, org).await.expect("a code");
        assert!(claimed(&app, org, LINE, &code, "U1").await);
        assert_eq!(app.count("SELECT count(*) FROM contact_methods").await, 1);

        let code = begun(&app, fan, org).await.expect("a code");
        app.advance(LASTS);
        assert!(!claimed(&app, org, LINE, &code, "U1").await, "too late");
    }

    #[tokio::test]
    async fn whoever_guesses_is_not_listened_to_for_a_while() {
        let app = Setup::new().start().await;
        let org = app.org("Demo Promotions").await;
        let fan = app.person().await.user_id;
        let code = begun(&app, fan, org).await.expect("a code");
        for _ in 0..MOST_GUESSES {
            assert!(!claimed(&app, org, LINE, "LINK-2222-2222", "U1").await);
        }
        assert!(!claimed(&app, org, LINE, "hello, LINK", "U1").await, "no code");
        assert!(!claimed(&app, org, LINE, &code, "U1").await, "the right one comes too late");
        assert!(claimed(&app, org, LINE, &code, "U2").await, "others go on");
        app.advance(GUESSING);
        let code = begun(&app, fan, org).await.expect("a code");
        assert!(claimed(&app, org, LINE, &code, "U1").await);
        for _ in 0..MOST_OPEN {
            begun(&app, fan, org).await.expect("a code");
        }
        assert_eq!(begun(&app, fan, org).await.unwrap_err().code(), ErrorCode::TooManyRequests);
    }

    #[test]
    fn a_code_is_told_from_other_messages() {
        for code in ["LINK-7KQ2-MX4D", "link 7kq2 mx4d", " Link7KQ2MX4D. "] {
            assert_eq!(read(code).as_deref(), Some("7KQ2MX4D"), "{code}");
        }
        for other in ["7KQ2-MX4D", "", "LINK", "link to the shop please", "LINK-7KQ2-MX4D-8"] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
