//! Taking in what a source sends.

use actix_web::http::header::HeaderMap;
use contract::ErrorCode;
use contract::inbound::{InboundEvent, InboundReceipt, InboundSignature};
use domain::Fact;
use domain::ids::new_id;
use platform::audit::Change;
use platform::db::{Db, Tx};
use platform::error::{ApiError, ApiResult};
use platform::keys::MasterKey;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::mapping::{self, Found};
use super::queries::{self, NewEvent, SourceRow};
use super::{proof, service};

/// What a message may have.
pub(super) const MOST_BYTES: usize = 256 << 10;
/// What is kept of a message that was refused.
const KEPT_OF_REFUSED: usize = 4 << 10;

/// A source's secret, opened.
pub(super) fn secret(keys: &MasterKey, source: &SourceRow) -> ApiResult<String> {
    let bytes = keys.open(&service::purpose(source.id), &source.secret_sealed)?;
    String::from_utf8(bytes).map_err(ApiError::internal)
}

/// Takes a message in, or refuses it; either is kept. `not_found` for a source there is not, or one that is
/// switched off.
pub(super) async fn receive(
    (db, keys): (&Db, &MasterKey),
    id: Uuid,
    headers: &HeaderMap,
    body: &[u8],
) -> ApiResult<InboundReceipt> {
    let source = db.read(async |conn| queries::public_source(conn, id).await).await?;
    let Some(source) = source.filter(|source| source.enabled) else {
        tracing::warn!(source = %id, bytes = body.len(), "an inbound webhook for a source there is not");
        return Err(ErrorCode::NotFound.into());
    };
    match read(db, keys, &source, headers, body) {
        Ok(found) => db.write(async |tx| take(tx, &source, &found, body).await).await,
        Err(refusal) => {
            let code = refusal.code().code();
            tracing::warn!(source = %id, code, "an inbound webhook is refused");
            let event = event(&source, body, KEPT_OF_REFUSED, Some(code));
            db.write(async |tx| queries::insert_refused(tx, &event).await).await?;
            Err(refusal)
        }
    }
}

/// Who it is from, then what it says.
fn read(db: &Db, keys: &MasterKey, source: &SourceRow, headers: &HeaderMap, body: &[u8]) -> ApiResult<Found> {
    let kind: InboundSignature = serde_json::from_value(source.signature.clone())?;
    proof::check(&kind, &secret(keys, source)?, headers, body, db.now())?;
    let message = serde_json::from_slice(body).map_err(|_| ApiError::new(ErrorCode::MalformedJson))?;
    let mapping = serde_json::from_value(source.mapping.clone())?;
    let mut found = mapping::find(&mapping, &message).map_err(|pointer| {
        let why = format!("Nothing of use stands at {pointer}.");
        ApiError::new(ErrorCode::InvalidFields).field_fault(pointer, "missing", why)
    })?;
    if found.idempotency_key.is_none() {
        let id = proof::header(headers, "webhook-id");
        let signed = kind == InboundSignature::StandardWebhooks && id.len() <= 255;
        found.idempotency_key = Some(if signed {
            id.to_owned()
        } else {
            format!("sha256:{}", hex::encode(Sha256::digest(body)))
        });
    }
    Ok(found)
}

fn event<'a>(source: &SourceRow, body: &[u8], most: usize, refused: Option<&'a str>) -> NewEvent<'a> {
    let kept = String::from_utf8_lossy(&body[..body.len().min(most)]).replace('\0', "\u{fffd}");
    NewEvent {
        id: new_id(),
        org_id: source.org_id,
        source_id: source.id,
        refused,
        body: kept,
        body_sha256: hex::encode(Sha256::digest(body)),
    }
}

/// Keeps it and tells the fact; what was taken before is answered as before.
async fn take(tx: &mut Tx<'_>, source: &SourceRow, found: &Found, body: &[u8]) -> ApiResult<InboundReceipt> {
    let event = event(source, body, MOST_BYTES, None);
    let (id, is_new) = queries::insert_taken(tx, &event, found).await?;
    if is_new {
        tx.emit(source.org_id, Fact::InboundReceived { inbound_event_id: id, source_id: source.id }).await?;
    }
    Ok(InboundReceipt { id })
}

/// Tells the fact of a message once more. What was refused stays refused: `wrong_state`.
pub(super) async fn replay(tx: &mut Tx<'_>, org: Uuid, id: Uuid) -> ApiResult<InboundEvent> {
    let event = queries::event(tx, org, id).await?;
    if event.refused.is_some() {
        return Err(ApiError::new(ErrorCode::WrongState).detail("What was refused is not taken in."));
    }
    queries::count_replay(tx, id).await?;
    tx.emit(org, Fact::InboundReceived { inbound_event_id: id, source_id: event.source_id }).await?;
    tx.audit(Change::new(Some(org), "inbound_event.replayed", id));
    queries::event(tx, org, id).await
}
