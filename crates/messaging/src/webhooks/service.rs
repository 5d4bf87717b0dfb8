//! The rules of webhooks.

use chrono::TimeDelta;
use contract::ErrorCode;
use contract::webhooks::events::{
    AboutAdmission, AboutEvent, AboutInbound, AboutOrder, AboutPayment, AboutTicket,
};
use contract::webhooks::{
    NewWebhookSecret, WebhookDisabledReason, WebhookEndpoint, WebhookEvent, WebhookFault, WebhookPayload,
    WebhookState, WriteWebhookEndpoint,
};
use domain::Fact;
use domain::ids::new_id;
use platform::audit::Change;
use platform::config::Config;
use platform::db::{Conn, Tx};
use platform::error::{ApiError, ApiResult};
use platform::jobs::Told;
use platform::keys::MasterKey;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::jobs::SendWebhook;
use super::queries::{self, Due, SecretRow};
use super::schedule::{self, FAILING_FOR};
use super::sending::{self, Attempt};
use crate::signature;

/// How long an old secret signs along when nothing else is wished.
const OVERLAP_HOURS: u32 = 24;
/// What an `Idempotency-Key` keeps must not hold the secret.
const ANSWERED: &str = "new webhook secrets";
/// An organisation needs no more endpoints.
const MOST_ENDPOINTS: i64 = 50;

/// An endpoint with its secret sealed.
#[derive(Serialize, Deserialize)]
pub(super) struct SealedSecret {
    endpoint: WebhookEndpoint,
    sealed: Vec<u8>,
}

impl SealedSecret {
    /// What the caller is shown this once.
    pub(super) fn open(self, keys: &MasterKey) -> ApiResult<NewWebhookSecret> {
        let secret = String::from_utf8(keys.open(ANSWERED, &self.sealed)?).map_err(ApiError::internal)?;
        Ok(NewWebhookSecret { endpoint: self.endpoint, secret })
    }
}

/// The secrets that sign, opened.
pub(super) fn opened(keys: &MasterKey, rows: &[SecretRow]) -> anyhow::Result<Vec<String>> {
    rows.iter().map(|row| Ok(String::from_utf8(keys.open(&purpose(row.id), &row.sealed)?)?)).collect()
}

fn purpose(secret: Uuid) -> String {
    format!("webhook secret {secret}")
}

/// Sets an endpoint up.
pub(super) async fn create(
    tx: &mut Tx<'_>,
    (keys, config): (&MasterKey, &Config),
    org: Uuid,
    wish: &WriteWebhookEndpoint,
) -> ApiResult<SealedSecret> {
    let now = tx.now();
    if queries::count(tx, org).await? >= MOST_ENDPOINTS {
        let refusal = ApiError::new(ErrorCode::InvalidFields);
        return Err(refusal.field_fault("url", "too_many", "An organisation has at most 50 endpoints."));
    }
    let mut endpoint = WebhookEndpoint {
        id: new_id(),
        url: String::new(),
        description: String::new(),
        event_types: Vec::new(),
        enabled: true,
        disabled_reason: None,
        disabled_at: None,
        failing_since: None,
        old_secret_until: None,
        created_at: now,
    };
    apply(&mut endpoint, config, wish, tx)?;
    queries::write(tx, org, &endpoint).await?;
    tx.audit(Change::new(Some(org), "webhook_endpoint.created", endpoint.id).after(noted(&endpoint)));
    let secret = new_secret(tx, keys, endpoint.id).await?;
    Ok(SealedSecret { endpoint, sealed: keys.seal(ANSWERED, secret.as_bytes()) })
}

/// Changes an endpoint. Switched on again it starts with a clean slate.
pub(super) async fn update(
    tx: &mut Tx<'_>,
    config: &Config,
    (org, id): (Uuid, Uuid),
    wish: &WriteWebhookEndpoint,
) -> ApiResult<WebhookEndpoint> {
    let now = tx.now();
    queries::lock(tx, org, id).await?;
    let before = queries::endpoint(tx, org, now, id).await?;
    let mut endpoint = before.clone();
    apply(&mut endpoint, config, wish, tx)?;
    queries::write(tx, org, &endpoint).await?;
    let change = Change::new(Some(org), "webhook_endpoint.changed", id);
    tx.audit(change.before(noted(&before)).after(noted(&endpoint)));
    Ok(endpoint)
}

/// What is wished for, checked.
fn apply(
    endpoint: &mut WebhookEndpoint,
    config: &Config,
    wish: &WriteWebhookEndpoint,
    tx: &Tx<'_>,
) -> ApiResult<()> {
    let refusal = || ApiError::new(ErrorCode::InvalidFields);
    wish.url.trim().clone_into(&mut endpoint.url);
    if !sending::reach(config).admits(&endpoint.url) {
        let why = "Write an https address that can be reached from everywhere.";
        return Err(refusal().field_fault("url", "address_not_allowed", why));
    }
    let known = WebhookEvent::subscribable();
    let unknown = wish.event_types.iter().position(|name| !known.iter().any(|event| event.name == name));
    if let Some(at) = unknown {
        let field = format!("event_types[{at}]");
        return Err(refusal().field_fault(field, "unknown_event_type", "There is no such event type."));
    }
    let wished = known.iter().map(|event| event.name.to_owned());
    endpoint.event_types = wished.filter(|name| wish.event_types.contains(name)).collect();
    wish.description.trim().clone_into(&mut endpoint.description);
    if wish.enabled {
        if !endpoint.enabled {
            endpoint.failing_since = None;
        }
        (endpoint.disabled_reason, endpoint.disabled_at) = (None, None);
    } else if endpoint.disabled_at.is_none() {
        endpoint.disabled_reason = Some(WebhookDisabledReason::ByHand);
        endpoint.disabled_at = Some(tx.now());
    }
    endpoint.enabled = wish.enabled;
    Ok(())
}

fn noted(endpoint: &WebhookEndpoint) -> serde_json::Value {
    json!({
        "url": endpoint.url, "description": endpoint.description, "event_types": endpoint.event_types,
        "enabled": endpoint.enabled,
    })
}

async fn new_secret(tx: &mut Tx<'_>, keys: &MasterKey, endpoint: Uuid) -> ApiResult<String> {
    let (id, secret, now) = (new_id(), signature::new_secret(), tx.now());
    let sealed = keys.seal(&purpose(id), secret.as_bytes());
    queries::insert_secret(tx, (endpoint, id), &sealed, now).await?;
    Ok(secret)
}

/// Gives an endpoint a new secret. The present one signs along for the overlap, or ends at once.
pub(super) async fn rotate(
    tx: &mut Tx<'_>,
    keys: &MasterKey,
    (org, id): (Uuid, Uuid),
    overlap_hours: Option<u32>,
) -> ApiResult<SealedSecret> {
    let now = tx.now();
    queries::lock(tx, org, id).await?;
    let until = now + TimeDelta::hours(overlap_hours.unwrap_or(OVERLAP_HOURS).into());
    queries::end_secrets(tx, id, until, now).await?;
    let secret = new_secret(tx, keys, id).await?;
    let change = Change::new(Some(org), "webhook_endpoint.rotated", id);
    tx.audit(change.after(json!({"old_secret_until": until})));
    let endpoint = queries::endpoint(tx, org, now, id).await?;
    Ok(SealedSecret { endpoint, sealed: keys.seal(ANSWERED, secret.as_bytes()) })
}

/// Removes an endpoint with its log.
pub(super) async fn remove(tx: &mut Tx<'_>, org: Uuid, id: Uuid) -> ApiResult<()> {
    let now = tx.now();
    let before = queries::endpoint(tx, org, now, id).await?;
    if queries::delete(tx, org, id).await? {
        tx.audit(Change::new(Some(org), "webhook_endpoint.removed", id).before(noted(&before)));
    }
    Ok(())
}

/// Tells every endpoint of the fact's organisation that listens to it. In the transaction that hands the fact on,
/// so each is told once.
///
/// # Errors
/// The database.
pub async fn announce(told: &Told, tx: &mut Tx<'_>) -> ApiResult<()> {
    let Some(event) = event_of(&told.fact) else { return Ok(()) };
    for endpoint in queries::listening(tx, told.org_id, event.name()).await? {
        deliver(tx, (told.org_id, endpoint), event.clone()).await?;
    }
    Ok(())
}

/// What webhooks say of a fact; `None` for what they do not tell.
fn event_of(fact: &Fact) -> Option<WebhookEvent> {
    use WebhookEvent as W;
    Some(match *fact {
        Fact::EventChanged { event_id } => W::EventChanged(AboutEvent { event_id }),
        Fact::AvailabilityChanged { event_id } => W::AvailabilityChanged(AboutEvent { event_id }),
        Fact::OrderPlaced { order_id, event_id } => W::OrderPlaced(AboutOrder { order_id, event_id }),
        Fact::OrderPaid { order_id, event_id } => W::OrderPaid(AboutOrder { order_id, event_id }),
        Fact::OrderExpired { order_id, event_id } => W::OrderExpired(AboutOrder { order_id, event_id }),
        Fact::OrderCancelled { order_id, event_id } => W::OrderCancelled(AboutOrder { order_id, event_id }),
        Fact::PaymentToRefund { payment_id, order_id } => {
            W::PaymentToRefund(AboutPayment { payment_id, order_id })
        }
        Fact::TicketAdmitted { ticket_id, event_id, gate_id } => {
            W::TicketAdmitted(AboutAdmission { ticket_id, event_id, gate_id })
        }
        Fact::TicketRevoked { ticket_id, event_id } => W::TicketRevoked(AboutTicket { ticket_id, event_id }),
        Fact::InboundReceived { inbound_event_id, source_id } => {
            W::InboundReceived(AboutInbound { inbound_event_id, source_id })
        }
        // What concerns people, and Ringside itself.
        Fact::ThreatFound { .. }
        | Fact::WebhookDisabled { .. }
        | Fact::NoticesChanged { .. }
        | Fact::AnnouncementMade { .. }
        | Fact::AnnouncementMoved { .. } => return None,
    })
}

/// Puts an event on its way to an endpoint; the id of the delivery.
pub(super) async fn deliver(
    tx: &mut Tx<'_>,
    (org, endpoint): (Uuid, Uuid),
    event: WebhookEvent,
) -> ApiResult<Uuid> {
    let (id, now, name) = (new_id(), tx.now(), event.name());
    let payload = serde_json::to_string(&WebhookPayload { event, timestamp: now })?;
    queries::insert_delivery(tx, (org, endpoint), (id, name), &payload, now).await?;
    tx.enqueue(&SendWebhook { delivery_id: id, turn: 0 }).await?;
    Ok(id)
}

/// Notes an attempt, and says what follows from it.
pub(super) async fn note(tx: &mut Tx<'_>, due: &Due, attempt: &Attempt) -> ApiResult<()> {
    let now = tx.now();
    let next = match attempt.fault {
        None => None,
        Some(_) if attempt.status == Some(410) => None,
        Some(_) => schedule::pause(due.tried + 1, attempt.retry_after).map(|pause| now + pause),
    };
    let state = match (attempt.fault, next) {
        (None, _) => WebhookState::Delivered,
        (Some(_), Some(_)) => WebhookState::Pending,
        (Some(_), None) => WebhookState::Failed,
    };
    queries::insert_attempt(tx, due.id, attempt).await?;
    if !queries::note(tx, due, attempt, (state, next), now).await? {
        // It was planned anew meanwhile; what is in the log is true all the same.
        return Ok(());
    }
    if let Some(next) = next {
        tx.enqueue_at(&SendWebhook { delivery_id: due.id, turn: due.turn + 1 }, next).await?;
    }
    judge(tx, due, attempt).await
}

/// Switches an endpoint off that is gone or has failed for too long.
async fn judge(tx: &mut Tx<'_>, due: &Due, attempt: &Attempt) -> ApiResult<()> {
    let now = tx.now();
    let failed: Option<WebhookFault> = attempt.fault;
    let since = queries::set_failing(tx, due.endpoint_id, failed.map(|_| now)).await?;
    let reason = if attempt.status == Some(410) {
        WebhookDisabledReason::Gone
    } else if since.is_some_and(|since| now - since >= FAILING_FOR) {
        WebhookDisabledReason::Failing
    } else {
        return Ok(());
    };
    if queries::disable(tx, due.endpoint_id, reason, now).await? {
        let change = Change::new(Some(due.org_id), "webhook_endpoint.disabled", due.endpoint_id);
        tx.audit(change.after(json!({"reason": reason})));
        tx.emit(due.org_id, Fact::WebhookDisabled { endpoint_id: due.endpoint_id }).await?;
    }
    Ok(())
}

/// An endpoint that was switched off by itself, for whoever writes to people about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Disabled {
    /// Where it went.
    pub url: String,
    /// Whether its receiver said that it is gone; otherwise it has failed for days.
    pub gone: bool,
    /// Since when, in microseconds of Unix time: names this occasion.
    pub at: i64,
}

/// Such an endpoint; none when it was switched on again, or removed.
///
/// # Errors
/// The database.
pub async fn disabled(conn: &mut Conn, org: Uuid, endpoint: Uuid) -> ApiResult<Option<Disabled>> {
    let found =
        queries::endpoints(conn, org, chrono::DateTime::UNIX_EPOCH, (Some(endpoint), None), 1).await?.pop();
    Ok(found.and_then(|endpoint| {
        let gone = match endpoint.disabled_reason? {
            WebhookDisabledReason::Gone => true,
            WebhookDisabledReason::Failing => false,
            WebhookDisabledReason::ByHand => return None,
        };
        Some(Disabled { url: endpoint.url, gone, at: endpoint.disabled_at?.timestamp_micros() })
    }))
}
