//! Browsers: a subscription of the Push API (W3C), which the browser makes when the person lets it notify.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use contract::ErrorCode;
use contract::channels::Channel;
use contract::contact_methods::{AddBrowser, ContactMethod, RenewBrowser};
use domain::ids;
use platform::audit::Change;
use platform::db::Tx;
use platform::error::{ApiError, ApiResult};
use platform::outside::Reach;
use platform::state::App;
use serde_json::json;
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use super::queries::{self, NewMethod};
use super::service::{digests, get, room};
use crate::channels::web_push::{Subscription, subscriber};

const CHANNEL: Channel = Channel::WebPush;
/// What a browser is called that has not said what it is.
const UNNAMED: &str = "Browser";

/// Adds a browser, or takes in its newer keys. It notifies one person: whoever let it notify last.
pub(super) async fn add(
    tx: &mut Tx<'_>,
    app: &App,
    user: Uuid,
    wish: &AddBrowser,
) -> ApiResult<ContactMethod> {
    let subscription = Subscription {
        endpoint: wish.endpoint.clone(),
        p256dh: wish.p256dh.clone(),
        auth: wish.auth.clone(),
    };
    check(app, &subscription)?;
    let keys = &app.keys;
    let digests = digests(keys, CHANNEL, None, &subscription.endpoint);
    queries::lock_person(tx, user).await?;
    let known = queries::known(tx, user, CHANNEL, &digests).await?;
    if known.is_none() {
        room(tx, user).await?;
    }
    queries::take_from_others(tx, user, CHANNEL, &digests).await?;
    let label = match wish.label.trim() {
        "" => UNNAMED,
        label => label,
    };
    let now = tx.now();
    let id = known.unwrap_or_else(ids::new_id);
    let address = serde_json::to_string(&subscription)?;
    let digest = &digests[0];
    let method = NewMethod { id, user, org: None, channel: CHANNEL, address: &address, digest, shown: label };
    queries::put(tx, keys, &method, (now, Some(now))).await?;
    if known.is_none() {
        tx.audit(Change::new(None, "contact_method.added", user).after(json!({"channel": CHANNEL})));
    }
    get(tx, user, id).await
}

/// A browser's service has given it another subscription. Who sends the old endpoint and its secret is that browser: nobody
/// else was ever told them. `not_found` for anything else.
pub(super) async fn renew(tx: &mut Tx<'_>, app: &App, wish: &RenewBrowser) -> ApiResult<()> {
    let new = Subscription {
        endpoint: wish.endpoint.clone(),
        p256dh: wish.p256dh.clone(),
        auth: wish.auth.clone(),
    };
    check(app, &new)?;
    let keys = &app.keys;
    let old = digests(keys, CHANNEL, None, &wish.old_endpoint);
    let row = queries::by_digest(tx, CHANNEL, &old).await?.ok_or(ErrorCode::NotFound)?;
    let opened = keys.open(&crate::channels::queries::method_purpose(row.id), &row.sealed)?;
    let before: Subscription = serde_json::from_slice(&opened)?;
    if !bool::from(before.auth.as_bytes().ct_eq(wish.old_auth.as_bytes())) {
        return Err(ErrorCode::NotFound.into());
    }
    queries::lock_person(tx, row.user_id).await?;
    let digests = digests(keys, CHANNEL, None, &new.endpoint);
    let known = queries::known(tx, row.user_id, CHANNEL, &digests).await?;
    if known.is_some_and(|known| known != row.id) {
        // The page was faster, and has added the new one.
        return queries::remove(tx, row.user_id, row.id).await;
    }
    queries::take_from_others(tx, row.user_id, CHANNEL, &digests).await?;
    let now = tx.now();
    let (address, digest) = (serde_json::to_string(&new)?, &digests[0]);
    let (id, user) = (row.id, row.user_id);
    let method =
        NewMethod { id, user, org: None, channel: CHANNEL, address: &address, digest, shown: &row.shown };
    queries::put(tx, keys, &method, (now, Some(now))).await?;
    tx.audit(Change::new(None, "contact_method.renewed", user).after(json!({"channel": CHANNEL})));
    Ok(())
}

/// Refuses what nothing could be sent to.
fn check(app: &App, subscription: &Subscription) -> ApiResult<()> {
    let refusal = || ApiError::new(ErrorCode::InvalidFields);
    if !Reach::with(app.config.webhook_networks.clone()).admits(&subscription.endpoint) {
        let why = "The address of a push service begins with https and can be reached from everywhere.";
        return Err(refusal().field_fault("endpoint", "address_not_allowed", why));
    }
    if subscriber(&subscription.p256dh).is_none() {
        return Err(refusal().field_fault("p256dh", "not_a_key", "This is no public key of a browser."));
    }
    if URL_SAFE_NO_PAD.decode(subscription.auth.trim_end_matches('=')).is_ok_and(|auth| auth.len() == 16) {
        return Ok(());
    }
    Err(refusal().field_fault("auth", "not_a_secret", "This is no secret of a browser."))
}
