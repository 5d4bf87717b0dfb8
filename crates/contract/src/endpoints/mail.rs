//! Messages to people, and from whose address they come.

use super::Bytes;
use crate::deliveries::{Delivery, DeliverySummary};
use crate::endpoint::{Endpoint, Method, Nothing};
use crate::page::Page;
use crate::sending::{SendingDomain, WriteSendingDomain};

endpoints! {
    /// Messages, newest first; `state` and `q` filter.
    LIST_DELIVERIES: Nothing => Page<DeliverySummary> = "list_deliveries" Get "/deliveries";
    /// One message with its text.
    GET_DELIVERY: Nothing => Delivery = "get_delivery" Get "/deliveries/{delivery_id}";
    /// A file attached to a message.
    GET_ATTACHMENT: Nothing => Bytes = "get_attachment" Get "/deliveries/{delivery_id}/attachments/{attachment_id}";
    /// Sends a failed message again.
    RETRY_DELIVERY: Nothing => Delivery = "retry_delivery" Post "/deliveries/{delivery_id}/retry";
    /// From whose address mail comes.
    GET_SENDING_DOMAIN: Nothing => SendingDomain = "get_sending_domain" Get "/sending-domain";
    /// Sets that address.
    SET_SENDING_DOMAIN: WriteSendingDomain => SendingDomain = "set_sending_domain" Put "/sending-domain";
    /// Takes it away.
    REMOVE_SENDING_DOMAIN: Nothing => Nothing = "remove_sending_domain" Delete "/sending-domain";
    /// Asks DNS whether its records are there.
    CHECK_SENDING_DOMAIN: Nothing => SendingDomain = "check_sending_domain" Post "/sending-domain/check";
    /// Makes a new key.
    RENEW_SENDING_KEY: Nothing => SendingDomain = "renew_sending_key" Post "/sending-domain/key";
}
