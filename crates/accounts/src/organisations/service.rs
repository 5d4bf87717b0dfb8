//! The rules of organisations.

use contract::ErrorCode;
use contract::accounts::{CreateOrganisation, Organisation};
use domain::ids::new_id;
use domain::{OrganisationKind, Role};
use platform::audit::Change;
use platform::db::Tx;
use platform::error::{ApiError, ApiResult};
use serde_json::json;
use uuid::Uuid;

use super::queries::{self, OrganisationRow};
use crate::members;

/// Founds an organisation with its first owner. Nobody founds a second platform.
pub(crate) async fn found(
    tx: &mut Tx<'_>,
    founder: Uuid,
    wish: &CreateOrganisation,
) -> ApiResult<Organisation> {
    if wish.kind == OrganisationKind::Platform {
        let refusal = ApiError::new(ErrorCode::InvalidFields);
        return Err(refusal.field_fault("kind", "not_founded", "The platform cannot be founded."));
    }
    let row = OrganisationRow {
        id: new_id(),
        name: wish.name.trim().to_owned(),
        slug: wish.slug.clone(),
        kind: wish.kind.name().to_owned(),
    };
    queries::insert(tx, &row).await?;
    let now = tx.now();
    members::queries::insert(tx, row.id, founder, Role::Owner, None, now).await?;
    let change = Change::new(Some(row.id), "organisation.founded", row.id);
    tx.audit(change.after(json!({"slug": row.slug, "kind": row.kind})));
    Organisation::try_from(row)
}
