//! What can be sold of an event: its seats and its standing places. A place belongs to a hold or to
//! an order, or to nobody. A claim that has lapsed counts as free at once, without a job having to run.
//!
//! Locks are taken in this order everywhere, so that nobody waits in a circle: the order, its seats
//! by label, standing claims, buckets by zone and number.

pub(crate) mod seats;
pub(crate) mod standing;
mod wish;

use chrono::{DateTime, Utc};
use contract::{ErrorCode, holds::Place};
use diesel::{
    QueryableByName,
    sql_types::{BigInt, Nullable, SmallInt, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use domain::{Money, money::Currency, state::EventState};
use platform::{
    db::{Conn, sql},
    error::{ApiError, ApiResult},
};
use uuid::Uuid;

pub(crate) use wish::Wish;

/// Who claims places.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Owner {
    Hold(Uuid),
    Order(Uuid),
}

impl Owner {
    pub fn hold(self) -> Option<Uuid> {
        match self {
            Self::Hold(id) => Some(id),
            Self::Order(_) => None,
        }
    }

    pub fn order(self) -> Option<Uuid> {
        match self {
            Self::Order(id) => Some(id),
            Self::Hold(_) => None,
        }
    }
}

/// A claim on places of one event.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Claim {
    pub event_id: Uuid,
    pub owner: Owner,
    pub now: DateTime<Utc>,
    /// When it lapses.
    pub until: DateTime<Utc>,
}

/// A place with its price, as claimed.
#[derive(Debug, Clone, QueryableByName)]
pub(crate) struct PlaceRow {
    #[diesel(sql_type = SmallInt)]
    #[expect(dead_code, reason = "tells the order of the rows, which PostgreSQL has put right already")]
    pub position: i16,
    #[diesel(sql_type = Text)]
    pub zone: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub seat: Option<String>,
    #[diesel(sql_type = Text)]
    pub tier: String,
    #[diesel(sql_type = BigInt)]
    pub price: i64,
    #[diesel(sql_type = Text)]
    pub currency: String,
}

impl PlaceRow {
    pub fn into_place(self) -> ApiResult<Place> {
        let price = money(self.price, &self.currency)?;
        Ok(Place { zone: self.zone, seat: self.seat, tier: self.tier, price })
    }
}

/// An amount as the database keeps it.
pub(crate) fn money(amount: i64, currency: &str) -> ApiResult<Money> {
    let currency = Currency::from_code(currency)
        .ok_or_else(|| ApiError::internal(anyhow::anyhow!("currency {currency}")))?;
    Ok(Money { amount, currency })
}

/// A public event, before anything of it is claimed.
#[derive(Debug, QueryableByName)]
pub(crate) struct EventRow {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub org_id: Uuid,
    #[diesel(sql_type = Text)]
    state: String,
}

/// The public event of that slug or id; refuses unless it is on sale.
pub(crate) async fn public_on_sale(mut conn: &Conn, event: &str) -> ApiResult<EventRow> {
    let found: Option<EventRow> = match Uuid::parse_str(event) {
        Ok(id) => {
            sql("SELECT id, org_id, state FROM events WHERE id = $1 AND state <> 'draft'")
                .bind::<SqlUuid, _>(id)
                .get_results(&mut conn)
                .await?
        }
        Err(_) => {
            sql("SELECT id, org_id, state FROM events WHERE slug = $1 AND state <> 'draft'")
                .bind::<Text, _>(event)
                .get_results(&mut conn)
                .await?
        }
    }
    .pop();
    let event = found.ok_or(ErrorCode::NotFound)?;
    if event.state == EventState::OnSale.name() {
        Ok(event)
    } else {
        Err(ApiError::new(ErrorCode::NotOnSale).with("state", event.state))
    }
}
