//! How the person is reached, what reaches them, and when they want quiet.

use contract::channels::Channel;
use contract::contact_methods::{
    AddBrowser, AddPhone, ChangePreferences, ConfirmContact, ContactLink, ContactMethod, ContactOffer,
    NotificationPreferences, PreferenceChange, QuietHours, StartContactLink,
};
use contract::endpoint::Nothing;
use contract::endpoints;
use uuid::Uuid;

use super::{Failure, to};

/// The ways to reach the person, newest first.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn methods() -> Result<Vec<ContactMethod>, Failure> {
    to(endpoints::LIST_CONTACT_METHODS).send().await
}

/// Through whom the person can be reached, and how.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn offers() -> Result<Vec<ContactOffer>, Failure> {
    to(endpoints::LIST_CONTACT_OFFERS).send().await
}

/// Begins to add a chat.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn start_link(org_id: Uuid, channel: Channel) -> Result<ContactLink, Failure> {
    to(endpoints::START_CONTACT_LINK).body(&StartContactLink { org_id, channel }).send().await
}

/// Adds a phone, or sends its code once more.
///
/// # Errors
/// [`Failure`] with `too_many_requests` after five a day.
pub async fn add_phone(phone: &AddPhone, intent: &str) -> Result<ContactMethod, Failure> {
    to(endpoints::ADD_PHONE).body(phone).intent(intent).send().await
}

/// Proves a phone.
///
/// # Errors
/// [`Failure`] with `wrong_proof` or `challenge_over`.
pub async fn confirm(id: Uuid, code: String) -> Result<ContactMethod, Failure> {
    to(endpoints::CONFIRM_CONTACT).at(&[&id.to_string()]).body(&ConfirmContact { code }).send().await
}

/// The key by which browsers know who notifies.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn push_key() -> Result<String, Failure> {
    to(endpoints::GET_PUSH_KEY).send().await.map(|key| key.public_key)
}

/// Adds a browser.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn add_browser(browser: &AddBrowser) -> Result<ContactMethod, Failure> {
    to(endpoints::ADD_BROWSER).body(browser).send().await
}

/// Sends a test.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn test(id: Uuid, intent: &str) -> Result<Nothing, Failure> {
    to(endpoints::TEST_CONTACT).at(&[&id.to_string()]).intent(intent).send().await
}

/// Removes a way.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn remove(id: Uuid) -> Result<Nothing, Failure> {
    to(endpoints::REMOVE_CONTACT).at(&[&id.to_string()]).send().await
}

/// What reaches the person, and how.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn preferences() -> Result<NotificationPreferences, Failure> {
    to(endpoints::GET_PREFERENCES).send().await
}

/// Changes it.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn change(changes: Vec<PreferenceChange>) -> Result<NotificationPreferences, Failure> {
    to(endpoints::CHANGE_PREFERENCES).body(&ChangePreferences { changes }).send().await
}

/// Sets when the person wants quiet.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn set_quiet(hours: &QuietHours) -> Result<QuietHours, Failure> {
    to(endpoints::SET_QUIET_HOURS).body(hours).send().await
}

/// No quiet any more.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn remove_quiet() -> Result<Nothing, Failure> {
    to(endpoints::REMOVE_QUIET_HOURS).send().await
}
