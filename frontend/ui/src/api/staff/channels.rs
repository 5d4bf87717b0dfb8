//! By what the organisation reaches people and rooms.

use contract::channel_accounts::{ChannelAccount, TestAccount, TestOnItsWay, WriteChannelAccount};
use contract::channels::Channel;
use contract::destinations::{Destination, WriteDestination};
use contract::endpoint::Nothing;
use contract::endpoints;
use contract::page::Page;

use crate::api::{Failure, to};

/// The accounts at providers.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn accounts() -> Result<Vec<ChannelAccount>, Failure> {
    to(endpoints::LIST_CHANNEL_ACCOUNTS).send().await
}

/// Sets the account of a channel.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn set_account(channel: Channel, wish: &WriteChannelAccount) -> Result<ChannelAccount, Failure> {
    to(endpoints::SET_CHANNEL_ACCOUNT).at(&[channel.name()]).body(wish).send().await
}

/// Takes it away.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn remove_account(channel: Channel) -> Result<Nothing, Failure> {
    to(endpoints::REMOVE_CHANNEL_ACCOUNT).at(&[channel.name()]).send().await
}

/// Sends a test by it.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn test_account(
    channel: Channel,
    wish: &TestAccount,
    intent: &str,
) -> Result<TestOnItsWay, Failure> {
    to(endpoints::TEST_CHANNEL_ACCOUNT).at(&[channel.name()]).body(wish).intent(intent).send().await
}

/// The rooms, newest first.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn rooms() -> Result<Page<Destination>, Failure> {
    to(endpoints::LIST_DESTINATIONS).query("limit", "200").send().await
}

/// Sets a room up.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn create_room(wish: &WriteDestination, intent: &str) -> Result<Destination, Failure> {
    to(endpoints::CREATE_DESTINATION).body(wish).intent(intent).send().await
}

/// Changes one.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn update_room(id: &str, wish: &WriteDestination) -> Result<Destination, Failure> {
    to(endpoints::UPDATE_DESTINATION).at(&[id]).body(wish).send().await
}

/// Removes one.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn delete_room(id: &str) -> Result<Nothing, Failure> {
    to(endpoints::DELETE_DESTINATION).at(&[id]).send().await
}

/// Sends one a test.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn test_room(id: &str, intent: &str) -> Result<TestOnItsWay, Failure> {
    to(endpoints::TEST_DESTINATION).at(&[id]).intent(intent).send().await
}
