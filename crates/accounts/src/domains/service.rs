//! The rules of mail domains.

use contract::ErrorCode;
use contract::sign_on::{ClaimDomain, OrganisationDomain};
use domain::ids::new_id;
use platform::audit::Change;
use platform::db::Tx;
use platform::error::ApiResult;
use serde_json::json;
use uuid::Uuid;

use super::queries::{self, DomainRow};
use crate::random_secret::RandomSecret;

/// Claims a domain. Many may; the record decides. `name_taken` comes from the unique index.
pub(super) async fn claim(tx: &mut Tx<'_>, org: Uuid, wish: &ClaimDomain) -> ApiResult<OrganisationDomain> {
    let row = DomainRow {
        id: new_id(),
        org_id: org,
        domain: wish.domain.to_lowercase(),
        token: RandomSecret::generate().reveal().to_owned(),
        created_at: tx.now(),
        checked_at: None,
        verified_at: None,
    };
    queries::insert(tx, &row).await?;
    tx.audit(Change::new(Some(org), "domain.claimed", row.id).after(json!({"domain": row.domain})));
    Ok(row.into())
}

/// Notes whether the record was there. A domain that was proven and is no longer loses its people's way
/// in; `domain_taken` comes from the unique index.
pub(super) async fn judge(
    tx: &mut Tx<'_>,
    org: Uuid,
    id: Uuid,
    texts: &[String],
) -> ApiResult<Result<OrganisationDomain, ErrorCode>> {
    let before = queries::find(tx, org, id).await?;
    let wanted = format!("ringside={}", before.token);
    let (now, proven) = (tx.now(), texts.iter().any(|text| text.trim() == wanted));
    let verified_at = proven.then(|| before.verified_at.unwrap_or(now));
    let after = queries::set_checked(tx, (org, id), now, verified_at).await?;
    if before.verified_at.is_some() != proven {
        let action = if proven { "domain.verified" } else { "domain.lost" };
        tx.audit(Change::new(Some(org), action, id).after(json!({"domain": after.domain})));
    }
    Ok(if proven { Ok(after.into()) } else { Err(ErrorCode::DomainUnproven) })
}

/// Gives a domain up.
pub(super) async fn remove(tx: &mut Tx<'_>, org: Uuid, id: Uuid) -> ApiResult<()> {
    let before = queries::find(tx, org, id).await?;
    queries::delete(tx, org, id).await?;
    tx.audit(Change::new(Some(org), "domain.removed", id).before(json!({"domain": before.domain})));
    Ok(())
}
