//! What providers report of messages that have left.

use contract::channels::Channel;
use contract::deliveries::DeliveryState;
use db_schema::deliveries;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::db::Conn;
use platform::error::{ApiError, ApiResult};
use uuid::Uuid;

/// The message of a report.
#[derive(Debug, Queryable)]
pub(crate) struct Reported {
    id: Uuid,
    state: String,
    /// To which of a person's contact methods it went.
    pub contact_method_id: Option<Uuid>,
}

/// Notes what a provider reports of the message it calls so; none when the organisation has none such. What says
/// less than is known changes nothing.
///
/// # Errors
/// The database.
pub(crate) async fn reported(
    conn: &mut Conn,
    (org, channel, provider_id): (Uuid, Channel, &str),
    next: DeliveryState,
    why: Option<&str>,
) -> ApiResult<Option<Reported>> {
    let found: Option<Reported> = deliveries::table
        .filter(deliveries::channel.eq(channel.name()).and(deliveries::provider_id.eq(provider_id)))
        .filter(deliveries::org_id.eq(org))
        .select((deliveries::id, deliveries::state, deliveries::contact_method_id))
        .for_no_key_update()
        .first(conn)
        .await
        .optional()?;
    let Some(found) = found else { return Ok(None) };
    let state = DeliveryState::from_name(&found.state)
        .ok_or_else(|| ApiError::internal(anyhow::anyhow!("delivery {}: unknown state", found.id)))?;
    if state.leads_to(next) {
        diesel::update(deliveries::table.find(found.id))
            .set((deliveries::state.eq(next.name()), deliveries::last_error.eq(why)))
            .execute(conn)
            .await?;
    }
    Ok(Some(found))
}
