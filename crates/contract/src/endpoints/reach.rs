//! By what an organisation reaches people and rooms, and what providers report.

use super::Bytes;
use crate::channel_accounts::{ChannelAccount, TestAccount, TestOnItsWay, WriteChannelAccount};
use crate::destinations::{Destination, WriteDestination};
use crate::endpoint::{Endpoint, Method, Nothing};
use crate::page::Page;

endpoints! {
    /// The organisation's accounts at providers.
    LIST_CHANNEL_ACCOUNTS: Nothing => Vec<ChannelAccount> = "list_channel_accounts" Get "/channel-accounts";
    /// Sets the account of a channel.
    SET_CHANNEL_ACCOUNT: WriteChannelAccount => ChannelAccount = "set_channel_account" Put "/channel-accounts/{channel}";
    /// Takes it away.
    REMOVE_CHANNEL_ACCOUNT: Nothing => Nothing = "remove_channel_account" Delete "/channel-accounts/{channel}";
    /// Sends a test by it.
    TEST_CHANNEL_ACCOUNT: TestAccount => TestOnItsWay = "test_channel_account" Post "/channel-accounts/{channel}/test";
    /// Rooms that are told something, newest first.
    LIST_DESTINATIONS: Nothing => Page<Destination> = "list_destinations" Get "/destinations";
    /// Sets a room up.
    CREATE_DESTINATION: WriteDestination => Destination = "create_destination" Post "/destinations";
    /// Changes a room.
    UPDATE_DESTINATION: WriteDestination => Destination = "update_destination" Put "/destinations/{destination_id}";
    /// Removes a room.
    DELETE_DESTINATION: Nothing => Nothing = "delete_destination" Delete "/destinations/{destination_id}";
    /// Sends a test to a room.
    TEST_DESTINATION: Nothing => TestOnItsWay = "test_destination" Post "/destinations/{destination_id}/test";
    /// Takes in what a provider reports; the body is its own.
    RECEIVE_PROVIDER_REPORT: Bytes => Nothing = "receive_provider_report" Post "/provider-reports/{account_id}";
    /// Answers a provider that asks whether the address is ours.
    VERIFY_PROVIDER_REPORTS: Nothing => Bytes = "verify_provider_reports" Get "/provider-reports/{account_id}";
}
