//! The rules of rooms.

use contract::ErrorCode;
use contract::channel_accounts::TestOnItsWay;
use contract::channels::{Channel, Topic};
use contract::destinations::{Destination, Severity, WriteDestination};
use domain::Locale;
use domain::ids::new_id;
use platform::audit::Change;
use platform::config::Config;
use platform::db::Tx;
use platform::error::{ApiError, ApiResult};
use platform::state::App;
use serde_json::json;
use url::Url;
use uuid::Uuid;

use super::queries::{self, Row};
use crate::channel_accounts::end_of;
use crate::channels::pagerduty::Service;
use crate::channels::queries::destination_purpose;
use crate::channels::{reach, trial};
use crate::deliveries::Way;

/// An organisation needs no more rooms.
const MOST: usize = 50;

/// A room as it is shown.
pub(super) fn shown(app: &App, row: Row) -> ApiResult<Destination> {
    let unknown = |what: &str| ApiError::internal(anyhow::anyhow!("room {}: unknown {what}", row.id));
    let channel = channel_of(&row)?;
    let topic = |name: &String| Topic::from_name(name).ok_or_else(|| unknown("topic"));
    let service = if channel == Channel::Pagerduty { Some(service_of(app, &row)?) } else { None };
    Ok(Destination {
        id: row.id,
        channel,
        topics: row.topics.iter().map(topic).collect::<ApiResult<_>>()?,
        name: row.name,
        shown: row.shown,
        severity: service.as_ref().map(|service| service.severity),
        api: service.and_then(|service| service.api),
        enabled: row.enabled,
        fault: row.fault,
        created_at: row.created_at,
        changed_at: row.changed_at,
    })
}

fn channel_of(row: &Row) -> ApiResult<Channel> {
    Channel::from_name(&row.channel)
        .ok_or_else(|| ApiError::internal(anyhow::anyhow!("room {}: unknown channel", row.id)))
}

fn service_of(app: &App, row: &Row) -> ApiResult<Service> {
    Ok(serde_json::from_slice(&app.keys.open(&destination_purpose(row.id), &row.sealed)?)?)
}

/// Sets a room up.
pub(super) async fn create(
    tx: &mut Tx<'_>,
    app: &App,
    org: Uuid,
    wish: &WriteDestination,
) -> ApiResult<Destination> {
    if !wish.channel.to_a_team() {
        return Err(fault("channel", "no_room", "Rooms are in Slack, Discord, Teams or PagerDuty."));
    }
    if queries::list(tx, org, (None, MOST as i64)).await?.len() >= MOST {
        return Err(fault("name", "too_many", "An organisation has at most 50 rooms."));
    }
    let now = tx.now();
    let mut row = Row {
        id: new_id(),
        channel: wish.channel.name().to_owned(),
        name: String::new(),
        topics: Vec::new(),
        sealed: Vec::new(),
        shown: String::new(),
        enabled: true,
        fault: None,
        created_at: now,
        changed_at: now,
    };
    if wish.address.is_none() {
        return Err(fault("address", "required", "It is needed."));
    }
    apply(&mut row, app, wish)?;
    queries::write(tx, org, &row).await?;
    tx.audit(Change::new(Some(org), "destination.created", row.id).after(noted(&row)));
    shown(app, row)
}

/// Changes a room. What was said of its address is forgotten: it is tried anew.
pub(super) async fn update(
    tx: &mut Tx<'_>,
    app: &App,
    (org, id): (Uuid, Uuid),
    wish: &WriteDestination,
) -> ApiResult<Destination> {
    let before = queries::lock(tx, org, id).await?;
    if wish.channel != channel_of(&before)? {
        return Err(fault("channel", "fixed", "A room stays where it is. Set another one up."));
    }
    let mut row = before.clone();
    (row.fault, row.changed_at) = (None, tx.now());
    apply(&mut row, app, wish)?;
    queries::write(tx, org, &row).await?;
    let change = Change::new(Some(org), "destination.changed", id);
    tx.audit(change.before(noted(&before)).after(noted(&row)));
    shown(app, row)
}

/// What is wished for, checked; an address that is left out stays.
fn apply(row: &mut Row, app: &App, wish: &WriteDestination) -> ApiResult<()> {
    if let Some(at) = wish.topics.iter().position(|topic| !topic.for_staff()) {
        let field = format!("topics[{at}]");
        return Err(fault(&field, "not_for_staff", "Only what is told to staff is told in a room."));
    }
    if wish.name.trim().is_empty() {
        return Err(fault("name", "required", "It needs a name."));
    }
    wish.name.trim().clone_into(&mut row.name);
    let wanted = Topic::ALL.iter().filter(|topic| wish.topics.contains(topic));
    row.topics = wanted.map(|topic| topic.name().to_owned()).collect();
    row.enabled = wish.enabled;
    let address = wish.address.as_deref().map(str::trim);
    if wish.channel == Channel::Pagerduty {
        return apply_service(row, app, wish, address);
    }
    if let Some(address) = address {
        check(&app.config, "address", address)?;
        row.shown = shown_of(address);
        row.sealed = app.keys.seal(&destination_purpose(row.id), address.as_bytes());
    }
    Ok(())
}

fn apply_service(row: &mut Row, app: &App, wish: &WriteDestination, key: Option<&str>) -> ApiResult<()> {
    if let Some(api) = &wish.api {
        check(&app.config, "api", api)?;
    }
    // Integration keys have 32 characters; older ones may be otherwise.
    if key.is_some_and(|key| key.len() < 8 || !key.chars().all(|c| c.is_ascii_alphanumeric())) {
        return Err(fault("address", "pattern", "Write the routing key as PagerDuty shows it."));
    }
    let routing_key = match key {
        Some(key) => key.to_owned(),
        // A key does not follow to another server: whoever sends it there has it.
        None => match service_of(app, row)? {
            kept if kept.api == wish.api => kept.routing_key,
            _ => return Err(fault("address", "required", "Write the routing key again for another server.")),
        },
    };
    row.shown = end_of(&routing_key);
    let severity = wish.severity.unwrap_or(Severity::Error);
    let service = Service { routing_key, severity, api: wish.api.clone() };
    row.sealed = app.keys.seal(&destination_purpose(row.id), &serde_json::to_vec(&service)?);
    Ok(())
}

fn check(config: &Config, field: &str, address: &str) -> ApiResult<()> {
    if reach(config).admits(address) {
        return Ok(());
    }
    Err(fault(field, "address_not_allowed", "Write an https address that can be reached from everywhere."))
}

/// The host and the last four characters: by that people tell rooms apart, and nobody writes there.
fn shown_of(address: &str) -> String {
    let host = Url::parse(address).ok().and_then(|url| url.host_str().map(str::to_owned));
    format!("{} {}", host.as_deref().unwrap_or("…"), end_of(address))
}

fn fault(field: &str, code: &str, why: &str) -> ApiError {
    ApiError::new(ErrorCode::InvalidFields).field_fault(field, code, why)
}

/// As the audit log notes it.
fn noted(row: &Row) -> serde_json::Value {
    json!({
        "channel": row.channel, "name": row.name, "topics": row.topics, "address": row.shown, "enabled": row.enabled,
    })
}

/// Removes a room.
pub(super) async fn remove(tx: &mut Tx<'_>, org: Uuid, id: Uuid) -> ApiResult<()> {
    let row = queries::lock(tx, org, id).await?;
    queries::delete(tx, id).await?;
    tx.audit(Change::new(Some(org), "destination.removed", id).before(noted(&row)));
    Ok(())
}

/// Sends a test to a room.
pub(super) async fn test(
    tx: &mut Tx<'_>,
    (org, id): (Uuid, Uuid),
    locale: Locale,
) -> ApiResult<TestOnItsWay> {
    let row = queries::lock(tx, org, id).await?;
    if !row.enabled {
        return Err(ApiError::new(ErrorCode::WrongState).detail("This room is switched off."));
    }
    let (delivery, way) = (new_id(), Way::Destination(channel_of(&row)?, id, row.name.clone()));
    trial::send(tx, delivery, org, way, locale).await?;
    tx.audit(Change::new(Some(org), "destination.tested", id).after(json!({"delivery_id": delivery})));
    Ok(TestOnItsWay { delivery_id: delivery })
}
