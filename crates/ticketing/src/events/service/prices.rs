//! One price for each zone.

use std::collections::BTreeSet;

use contract::{ErrorCode, events::PriceTier};
use domain::money::Currency;
use platform::{
    db::Tx,
    error::{ApiError, ApiResult},
};
use uuid::Uuid;

use crate::events::queries;

/// Gives each zone named in `tiers` its price and takes the price from all others. A zone belongs to
/// one tier, and an event sells in baht.
pub async fn set(tx: &mut Tx<'_>, event: Uuid, tiers: &[PriceTier]) -> ApiResult<()> {
    let known: BTreeSet<String> = queries::zone_codes(tx, event).await?.into_iter().collect();
    let mut priced = BTreeSet::new();
    for (place, tier) in tiers.iter().enumerate() {
        if tier.price.currency != Currency::THB {
            return Err(ApiError::new(ErrorCode::InvalidFields).field_fault(
                format!("prices[{place}].price.currency"),
                "unsupported",
                "prices are in THB",
            ));
        }
        for (row, zone) in tier.zones.iter().enumerate() {
            let field = format!("prices[{place}].zones[{row}]");
            if !known.contains(zone) {
                return Err(
                    ApiError::new(ErrorCode::UnknownZone).field(field, format!("there is no zone {zone}"))
                );
            }
            if !priced.insert(zone) {
                return Err(ApiError::new(ErrorCode::InvalidFields).field_fault(
                    field,
                    "repeated",
                    format!("zone {zone} has two prices"),
                ));
            }
        }
    }
    queries::set_prices(tx, event, tiers).await
}

/// Refuses when a zone has no price.
pub async fn require_all(tx: &mut Tx<'_>, event: Uuid) -> ApiResult<()> {
    let missing = queries::unpriced_zones(tx, event).await?;
    if missing.is_empty() {
        return Ok(());
    }
    let mut refusal = ApiError::new(ErrorCode::PriceMissing);
    for zone in missing {
        refusal = refusal.field("prices", format!("zone {zone} has no price"));
    }
    Err(refusal)
}
