//! The rules of the list.

use contract::channels::Topic;
use contract::mail::{AddSuppression, Suppression, SuppressionReason};
use contract::{ErrorCode, Page};
use domain::ids;
use platform::audit::Change;
use platform::db::{Conn, Tx};
use platform::error::ApiResult;
use platform::http::{Paged, next_page};
use uuid::Uuid;

use super::queries::{self, Filter, New, Whose};

/// Why mail about a topic to an address is held back; none: it is not. A complaint holds back nothing that keeps an
/// account safe: whoever forgot their password gets their letter.
pub(crate) async fn held_back(
    conn: &mut Conn,
    org: Option<Uuid>,
    address: &str,
    topic: Topic,
) -> ApiResult<Option<&'static str>> {
    Ok(match queries::reason(conn, org, address).await? {
        Some(SuppressionReason::Bounced) => Some("mail to this address came back"),
        Some(SuppressionReason::Complained) if topic != Topic::Account => {
            Some("its reader reported mail as unwanted")
        }
        Some(SuppressionReason::ByHand) => {
            Some("the address is on the list of those that are not written to")
        }
        _ => None,
    })
}

/// A page of the list, newest first.
pub(super) async fn list(
    conn: &mut Conn,
    whose: Whose,
    filter: Filter<'_>,
    paged: &Paged,
) -> ApiResult<Page<Suppression>> {
    let filter = Filter { after: paged.position()?, ..filter };
    let rows = queries::list(conn, whose, filter, paged.fetch()).await?;
    next_page(paged, rows, |row| row.id)
}

/// Enters an address by hand; one that stands in the list stays as it is.
pub(super) async fn add(tx: &mut Tx<'_>, whose: Whose, body: &AddSuppression) -> ApiResult<Suppression> {
    let (id, now) = (ids::new_id(), tx.now());
    let new = New {
        id,
        org: Some(whose.org),
        address: &body.address,
        reason: SuppressionReason::ByHand,
        detail: body.note.trim(),
        delivery: None,
    };
    if queries::insert(tx, &new, now).await? {
        // Whose address it is stays out of the log: nothing is forgotten there.
        tx.audit(Change::new(Some(whose.org), "suppression.added", id));
    }
    // The organisation's own entry, not one about accounts.
    let whose = Whose { own: false, ..whose };
    find(tx, whose, Filter { address: Some(&body.address), ..Filter::default() }).await
}

async fn find(conn: &mut Conn, whose: Whose, filter: Filter<'_>) -> ApiResult<Suppression> {
    queries::list(conn, whose, filter, 1).await?.pop().ok_or_else(|| ErrorCode::NotFound.into())
}

/// Lets an address be written to again.
pub(super) async fn remove(tx: &mut Tx<'_>, whose: Whose, id: Uuid) -> ApiResult<()> {
    let entry = find(tx, whose, Filter { id: Some(id), ..Filter::default() }).await?;
    if !queries::remove(tx, whose, id).await? {
        return Err(ErrorCode::NotFound.into());
    }
    tx.audit(Change::new(Some(whose.org), "suppression.removed", id).before(entry.reason));
    Ok(())
}

/// Notes that the list left the house.
pub(super) fn note_export(tx: &mut Tx<'_>, org: Uuid, rows: usize) {
    tx.audit(Change::new(Some(org), "suppressions.exported", org).after(rows));
}
