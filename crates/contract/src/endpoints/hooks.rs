//! Webhooks, out and in.

use super::Bytes;
use crate::endpoint::{Endpoint, Method, Nothing};
use crate::inbound::{
    InboundEvent, InboundEventLog, InboundReceipt, InboundSource, NewInboundSource, WriteInboundSource,
};
use crate::keys::RotateApiKey;
use crate::page::Page;
use crate::webhooks::{
    NewWebhookSecret, ReplayWebhooks, ReplayedWebhooks, WebhookDelivery, WebhookDeliveryLog, WebhookEndpoint,
    WebhookEventType, WriteWebhookEndpoint,
};

endpoints! {
    /// What webhooks can tell.
    LIST_WEBHOOK_EVENT_TYPES: Nothing => Vec<WebhookEventType> = "list_webhook_event_types" Get "/webhook-event-types";
    /// Where webhooks go.
    LIST_WEBHOOK_ENDPOINTS: Nothing => Page<WebhookEndpoint> = "list_webhook_endpoints" Get "/webhook-endpoints";
    /// Sets an endpoint up; its secret is shown this once.
    CREATE_WEBHOOK_ENDPOINT: WriteWebhookEndpoint => NewWebhookSecret = "create_webhook_endpoint" Post "/webhook-endpoints";
    /// One endpoint.
    GET_WEBHOOK_ENDPOINT: Nothing => WebhookEndpoint = "get_webhook_endpoint" Get "/webhook-endpoints/{endpoint_id}";
    /// Changes an endpoint.
    UPDATE_WEBHOOK_ENDPOINT: WriteWebhookEndpoint => WebhookEndpoint = "update_webhook_endpoint" Put "/webhook-endpoints/{endpoint_id}";
    /// Removes an endpoint with its log.
    DELETE_WEBHOOK_ENDPOINT: Nothing => Nothing = "delete_webhook_endpoint" Delete "/webhook-endpoints/{endpoint_id}";
    /// Gives an endpoint a new secret; the old one signs along for an overlap.
    ROTATE_WEBHOOK_SECRET: RotateApiKey => NewWebhookSecret = "rotate_webhook_secret" Post "/webhook-endpoints/{endpoint_id}/rotate";
    /// Sends an endpoint a test.
    TEST_WEBHOOK_ENDPOINT: Nothing => WebhookDelivery = "test_webhook_endpoint" Post "/webhook-endpoints/{endpoint_id}/test";
    /// Sends again what an endpoint was sent in a time.
    REPLAY_WEBHOOKS: ReplayWebhooks => ReplayedWebhooks = "replay_webhooks" Post "/webhook-endpoints/{endpoint_id}/replay";
    /// Webhooks, newest first; `endpoint`, `state` and `event_type` filter.
    LIST_WEBHOOK_DELIVERIES: Nothing => Page<WebhookDelivery> = "list_webhook_deliveries" Get "/webhook-deliveries";
    /// One webhook with its attempts.
    GET_WEBHOOK_DELIVERY: Nothing => WebhookDeliveryLog = "get_webhook_delivery" Get "/webhook-deliveries/{webhook_delivery_id}";
    /// Sends a webhook again.
    REPLAY_WEBHOOK_DELIVERY: Nothing => WebhookDelivery = "replay_webhook_delivery" Post "/webhook-deliveries/{webhook_delivery_id}/replay";
    /// Who may tell us something.
    LIST_INBOUND_SOURCES: Nothing => Page<InboundSource> = "list_inbound_sources" Get "/inbound-sources";
    /// Sets a source up; its secret is shown this once.
    CREATE_INBOUND_SOURCE: WriteInboundSource => NewInboundSource = "create_inbound_source" Post "/inbound-sources";
    /// Changes a source.
    UPDATE_INBOUND_SOURCE: WriteInboundSource => InboundSource = "update_inbound_source" Put "/inbound-sources/{source_id}";
    /// Removes a source with its log.
    DELETE_INBOUND_SOURCE: Nothing => Nothing = "delete_inbound_source" Delete "/inbound-sources/{source_id}";
    /// Takes in what a source sends; the body is JSON of its own.
    RECEIVE_INBOUND: Bytes => InboundReceipt = "receive_inbound" Post "/inbound/{source_id}";
    /// What sources sent, newest first; `source` and `refused` filter.
    LIST_INBOUND_EVENTS: Nothing => Page<InboundEvent> = "list_inbound_events" Get "/inbound-events";
    /// One message with its body.
    GET_INBOUND_EVENT: Nothing => InboundEventLog = "get_inbound_event" Get "/inbound-events/{inbound_event_id}";
    /// Takes a message in again.
    REPLAY_INBOUND_EVENT: Nothing => InboundEvent = "replay_inbound_event" Post "/inbound-events/{inbound_event_id}/replay";
}
