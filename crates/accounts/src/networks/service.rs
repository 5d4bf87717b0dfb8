//! The rules of allowed networks.

use std::net::IpAddr;

use contract::ErrorCode;
use contract::networks::{AllowedNetworks, SetNetworks};
use platform::audit::Change;
use platform::db::Tx;
use platform::error::{ApiError, ApiResult};
use uuid::Uuid;

use super::queries;
use crate::cidr;

/// Sets the networks. The caller must be inside: nobody locks themselves out by a slip.
pub(crate) async fn set(
    tx: &mut Tx<'_>,
    org: Uuid,
    ip: Option<IpAddr>,
    wish: &SetNetworks,
) -> ApiResult<AllowedNetworks> {
    let networks = cidr::canonical(&wish.networks)?;
    if !cidr::admits(&networks, ip) {
        let refusal = ApiError::new(ErrorCode::WouldLockYouOut);
        return Err(refusal.with("own_address", written(ip)));
    }
    let before = queries::of(tx, org).await?;
    queries::set(tx, org, &networks).await?;
    let change = Change::new(Some(org), "organisation.networks_changed", org);
    tx.audit(change.before(before).after(&networks));
    Ok(AllowedNetworks { networks, own_address: written(ip) })
}

/// An address as people write it.
pub(crate) fn written(ip: Option<IpAddr>) -> Option<String> {
    ip.map(|ip| ip.to_canonical().to_string())
}
