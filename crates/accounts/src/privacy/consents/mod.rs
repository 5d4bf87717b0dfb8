//! What people agree to in the midst of something else: signing up, buying.

mod queries;

use std::net::IpAddr;

use contract::ErrorCode;
use domain::ids::new_id;
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use platform::audit::Change;
use platform::db::{Conn, Tx};
use platform::error::{ApiError, ApiResult};
use platform::privacy::{Accepted, KeepConsent};
use serde_json::json;
use uuid::Uuid;

/// The log of consents, for the areas that ask for them.
pub struct Consents;

impl KeepConsent for Consents {
    fn keep<'a>(&'a self, tx: &'a mut Tx<'_>, accepted: Accepted<'a>) -> LocalBoxFuture<'a, ApiResult<()>> {
        async move {
            in_force(tx, accepted.policies).await?;
            keep(tx, accepted, "checkout").await
        }
        .boxed_local()
    }
}

/// Refuses versions that are not in force, by their place: what somebody read was another text.
pub(crate) async fn in_force(conn: &mut Conn, policies: &[Uuid]) -> ApiResult<()> {
    if policies.is_empty() {
        return Ok(());
    }
    let known = queries::in_force(conn, policies).await?;
    match policies.iter().position(|policy| !known.contains(policy)) {
        None => Ok(()),
        Some(place) => {
            let code = ErrorCode::PolicyOutdated;
            Err(ApiError::new(code).field(format!("accepted[{place}]"), code.title()))
        }
    }
}

/// Notes what was agreed to while signing up; that the versions are in force was asked before.
pub(crate) async fn signed_up(
    tx: &mut Tx<'_>,
    person: Uuid,
    policies: &[Uuid],
    ip: Option<IpAddr>,
) -> ApiResult<()> {
    keep(tx, Accepted { person_id: Some(person), order_id: None, policies, ip }, "sign_up").await
}

async fn keep(tx: &mut Tx<'_>, accepted: Accepted<'_>, how: &str) -> ApiResult<()> {
    let subject = accepted.person_id.or(accepted.order_id);
    let (Some(subject), false) = (subject, accepted.policies.is_empty()) else { return Ok(()) };
    let ids: Vec<Uuid> = accepted.policies.iter().map(|_| new_id()).collect();
    let now = tx.now();
    queries::insert_accepted(tx, &ids, &accepted, how, now).await?;
    let said = json!({"policies": accepted.policies, "how": how});
    tx.audit(Change::new(None, "consent.given", subject).after(said));
    Ok(())
}
