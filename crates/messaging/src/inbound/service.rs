//! The rules of sources.

use contract::ErrorCode;
use contract::inbound::{InboundSignature, InboundSource, WriteInboundSource};
use domain::ids::new_id;
use platform::audit::Change;
use platform::db::Tx;
use platform::error::{ApiError, ApiResult};
use platform::keys::MasterKey;
use platform::state::App;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::queries::{self, SourceRow};
use super::{mapping, receive};
use crate::signature;

/// What an `Idempotency-Key` keeps must not hold the secret.
const ANSWERED: &str = "new inbound secrets";
/// An organisation needs no more sources.
const MOST_SOURCES: usize = 50;

/// A source with its secret sealed; without one when it was given.
#[derive(Serialize, Deserialize)]
pub(super) struct SealedSource {
    source: InboundSource,
    sealed: Option<Vec<u8>>,
}

impl SealedSource {
    /// What the caller is shown this once.
    pub(super) fn open(self, keys: &MasterKey) -> ApiResult<contract::inbound::NewInboundSource> {
        let open =
            |sealed: Vec<u8>| String::from_utf8(keys.open(ANSWERED, &sealed)?).map_err(ApiError::internal);
        let secret = self.sealed.map(open).transpose()?;
        Ok(contract::inbound::NewInboundSource { source: self.source, secret })
    }
}

/// For what a source's secret is sealed.
pub(super) fn purpose(source: Uuid) -> String {
    format!("inbound source {source}")
}

/// A source as it is shown.
pub(super) fn shown(app: &App, row: &SourceRow) -> ApiResult<InboundSource> {
    Ok(InboundSource {
        id: row.id,
        name: row.name.clone(),
        url: format!("{}/api/v1/inbound/{}", app.config.public_url(), row.id),
        signature: serde_json::from_value(row.signature.clone())?,
        mapping: serde_json::from_value(row.mapping.clone())?,
        enabled: row.enabled,
        created_at: row.created_at,
    })
}

/// Sets a source up.
pub(super) async fn create(
    tx: &mut Tx<'_>,
    app: &App,
    org: Uuid,
    wish: &WriteInboundSource,
) -> ApiResult<SealedSource> {
    check(wish)?;
    if queries::sources(tx, org, None, (None, MOST_SOURCES as i64)).await?.len() >= MOST_SOURCES {
        return Err(fault("name", "too_many", "An organisation has at most 50 sources."));
    }
    let (id, now) = (new_id(), tx.now());
    let made = wish.secret.is_none().then(signature::new_secret);
    let secret = made.as_deref().or(wish.secret.as_deref()).unwrap_or("");
    let row = SourceRow {
        id,
        org_id: org,
        name: wish.name.trim().to_owned(),
        signature: serde_json::to_value(&wish.signature)?,
        mapping: serde_json::to_value(&wish.mapping)?,
        secret_sealed: app.keys.seal(&purpose(id), secret.as_bytes()),
        enabled: wish.enabled,
        created_at: now,
    };
    queries::write_source(tx, &row).await?;
    tx.audit(Change::new(Some(org), "inbound_source.created", id).after(noted(&row, true)));
    let sealed = made.map(|secret| app.keys.seal(ANSWERED, secret.as_bytes()));
    Ok(SealedSource { source: shown(app, &row)?, sealed })
}

/// Changes a source; its secret stays unless another one is given.
pub(super) async fn update(
    tx: &mut Tx<'_>,
    app: &App,
    (org, id): (Uuid, Uuid),
    wish: &WriteInboundSource,
) -> ApiResult<InboundSource> {
    check(wish)?;
    let mut row = queries::lock_source(tx, org, id).await?;
    let before = noted(&row, false);
    wish.name.trim().clone_into(&mut row.name);
    row.signature = serde_json::to_value(&wish.signature)?;
    row.mapping = serde_json::to_value(&wish.mapping)?;
    row.enabled = wish.enabled;
    if let Some(secret) = &wish.secret {
        row.secret_sealed = app.keys.seal(&purpose(id), secret.as_bytes());
    } else if wish.signature == InboundSignature::StandardWebhooks {
        // Kept, it must be of the form.
        let secret = receive::secret(&app.keys, &row)?;
        signature::key_of(&secret).ok_or_else(no_secret_of_the_form)?;
    }
    queries::write_source(tx, &row).await?;
    let change = Change::new(Some(org), "inbound_source.changed", id);
    tx.audit(change.before(before).after(noted(&row, wish.secret.is_some())));
    shown(app, &row)
}

/// Removes a source with its log.
pub(super) async fn remove(tx: &mut Tx<'_>, org: Uuid, id: Uuid) -> ApiResult<()> {
    let row = queries::lock_source(tx, org, id).await?;
    queries::delete_source(tx, org, id).await?;
    tx.audit(Change::new(Some(org), "inbound_source.removed", id).before(noted(&row, false)));
    Ok(())
}

fn check(wish: &WriteInboundSource) -> ApiResult<()> {
    if wish.name.trim().is_empty() {
        return Err(fault("name", "too_short", "It needs a name."));
    }
    let mapping = &wish.mapping;
    let pointers = [
        ("mapping.idempotency_key", mapping.idempotency_key.as_deref()),
        ("mapping.event_type", Some(mapping.event_type.as_str())),
        ("mapping.subject", mapping.subject.as_deref()),
    ];
    let wrong = pointers.iter().find(|(_, pointer)| pointer.is_some_and(|text| !mapping::is_pointer(text)));
    if let Some((field, _)) = wrong {
        return Err(fault(field, "no_pointer", "Write a JSON pointer: /data/id"));
    }
    match &wish.signature {
        InboundSignature::Hmac { header, prefix, .. } => {
            let is_name = header.parse::<actix_web::http::header::HeaderName>().is_ok();
            if !is_name || header.len() > 100 || prefix.len() > 50 {
                return Err(fault("signature.header", "no_header", "Write the name of a header."));
            }
        }
        InboundSignature::StandardWebhooks => {
            if wish.secret.as_deref().is_some_and(|secret| signature::key_of(secret).is_none()) {
                return Err(no_secret_of_the_form());
            }
        }
        InboundSignature::Bearer => {}
    }
    Ok(())
}

fn no_secret_of_the_form() -> ApiError {
    fault("secret", "no_secret", "A secret of Standard Webhooks is whsec_ and 24 to 64 bytes in base64.")
}

fn fault(field: &str, code: &str, why: &str) -> ApiError {
    ApiError::new(ErrorCode::InvalidFields).field_fault(field, code, why)
}

/// As the audit log notes it: of the secret only whether there is a new one.
fn noted(row: &SourceRow, renewed: bool) -> serde_json::Value {
    json!({
        "name": row.name, "signature": row.signature, "mapping": row.mapping, "enabled": row.enabled,
        "secret": if renewed { "renewed" } else { "kept" },
    })
}
