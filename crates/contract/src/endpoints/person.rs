//! How a person is reached, what reaches them, and when they want quiet.

use crate::contact_methods::{
    AddBrowser, AddPhone, ChangePreferences, ConfirmContact, ContactLink, ContactMethod, ContactOffer,
    NotificationPreferences, PushKey, QuietHours, RenewBrowser, StartContactLink,
};
use crate::endpoint::{Endpoint, Method, Nothing};

endpoints! {
    /// The ways to reach the person signed in.
    LIST_CONTACT_METHODS: Nothing => Vec<ContactMethod> = "list_contact_methods" Get "/me/contact-methods";
    /// Through whom the person can be reached, and how.
    LIST_CONTACT_OFFERS: Nothing => Vec<ContactOffer> = "list_contact_offers" Get "/me/contact-offers";
    /// Begins to add a chat.
    START_CONTACT_LINK: StartContactLink => ContactLink = "start_contact_link" Post "/me/contact-links";
    /// Adds a phone.
    ADD_PHONE: AddPhone => ContactMethod = "add_phone" Post "/me/contact-methods/phone";
    /// Proves it.
    CONFIRM_CONTACT: ConfirmContact => ContactMethod = "confirm_contact" Post "/me/contact-methods/{method_id}/confirm";
    /// Adds a browser.
    ADD_BROWSER: AddBrowser => ContactMethod = "add_browser" Post "/me/contact-methods/browser";
    /// Sends a test.
    TEST_CONTACT: Nothing => Nothing = "test_contact" Post "/me/contact-methods/{method_id}/test";
    /// Removes a way.
    REMOVE_CONTACT: Nothing => Nothing = "remove_contact" Delete "/me/contact-methods/{method_id}";
    /// The key by which browsers know who notifies.
    GET_PUSH_KEY: Nothing => PushKey = "get_push_key" Get "/push-key";
    /// A browser's subscription takes the place of an older one.
    RENEW_BROWSER: RenewBrowser => Nothing = "renew_browser" Post "/push-renewals";
    /// What reaches the person, and how.
    GET_PREFERENCES: Nothing => NotificationPreferences = "get_preferences" Get "/me/preferences";
    /// Changes it.
    CHANGE_PREFERENCES: ChangePreferences => NotificationPreferences = "change_preferences" Put "/me/preferences";
    /// Sets when the person wants quiet.
    SET_QUIET_HOURS: QuietHours => QuietHours = "set_quiet_hours" Put "/me/quiet-hours";
    /// No quiet any more.
    REMOVE_QUIET_HOURS: Nothing => Nothing = "remove_quiet_hours" Delete "/me/quiet-hours";
}
