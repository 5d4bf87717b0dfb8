//! The rules of identity providers.

use contract::ErrorCode;
use contract::sign_on::{
    IdentityProvider, OidcSettings, ProviderKind, RoleMapping, SamlSettings, WriteIdentityProvider,
};
use domain::ids::new_id;
use platform::audit::Change;
use platform::db::Tx;
use platform::error::{ApiError, ApiResult};
use platform::keys::MasterKey;
use platform::state::App;
use serde_json::{Value, json};
use uuid::Uuid;

use super::must_be_given;
use super::queries::{self, ProviderRow};
use crate::rights::Holder;
use crate::{sessions, sign_on};

/// A provider somebody comes by.
pub(crate) struct Provider {
    pub(crate) id: Uuid,
    pub(crate) org_id: Uuid,
    pub(crate) organisation: String,
    /// Whether it is the platform's, and so anybody's.
    pub(crate) public: bool,
    pub(crate) kind: ProviderKind,
    pub(crate) name: String,
    pub(crate) jit: bool,
    pub(crate) roles: RoleMapping,
    /// Of its kind.
    pub(crate) settings: Value,
    pub(crate) secret_sealed: Option<Vec<u8>>,
}

impl Provider {
    /// What OpenID Connect needs to know.
    pub(crate) fn oidc(&self) -> ApiResult<OidcSettings> {
        if self.kind != ProviderKind::Oidc {
            return Err(ErrorCode::SignOnUnknown.into());
        }
        Ok(serde_json::from_value(self.settings.clone())?)
    }

    /// What SAML needs to know.
    pub(crate) fn saml(&self) -> ApiResult<SamlSettings> {
        if self.kind != ProviderKind::Saml {
            return Err(ErrorCode::SignOnUnknown.into());
        }
        Ok(serde_json::from_value(self.settings.clone())?)
    }

    /// The secret, opened.
    pub(crate) fn secret(&self, keys: &MasterKey) -> ApiResult<Option<String>> {
        let Some(sealed) = &self.secret_sealed else { return Ok(None) };
        let secret = keys.open(&purpose(self.id), sealed)?;
        Ok(Some(String::from_utf8(secret).map_err(ApiError::internal)?))
    }
}

impl TryFrom<ProviderRow> for Provider {
    type Error = ApiError;

    fn try_from(row: ProviderRow) -> ApiResult<Self> {
        Ok(Self {
            id: row.id,
            org_id: row.org_id,
            organisation: row.organisation,
            public: row.public,
            kind: kind_named(&row.kind)?,
            name: row.name,
            jit: row.jit,
            roles: serde_json::from_value(row.roles)?,
            settings: row.settings,
            secret_sealed: row.secret_sealed,
        })
    }
}

/// As the organisation sees it.
pub(super) fn shown(app: &App, row: ProviderRow) -> ApiResult<IdentityProvider> {
    let kind = kind_named(&row.kind)?;
    let (oidc, saml) = match kind {
        ProviderKind::Oidc => (Some(serde_json::from_value(row.settings)?), None),
        ProviderKind::Saml => (None, Some(serde_json::from_value(row.settings)?)),
    };
    let entity_id = saml.as_ref().map(|_: &SamlSettings| sign_on::saml::entity_id(app, row.id));
    let certificates = saml.as_ref().map(|saml| sign_on::saml::described(&saml.certificates));
    let callback_url = match kind {
        ProviderKind::Oidc => sign_on::callback_url(app),
        ProviderKind::Saml => sign_on::saml::answer_url(app, row.id),
    };
    Ok(IdentityProvider {
        id: row.id,
        kind,
        name: row.name,
        enabled: row.enabled,
        jit: row.jit,
        required: row.required,
        trusts_second_factor: row.trusts_second_factor,
        roles: serde_json::from_value(row.roles)?,
        oidc,
        saml,
        entity_id,
        certificates: certificates.unwrap_or_default(),
        has_secret: row.secret_sealed.is_some(),
        callback_url,
        created_at: row.created_at,
    })
}

/// Sets a provider up, or changes the one with the id; its kind stays. Sessions it does not allow any more end,
/// but the one that asks. `name_taken` comes from the unique index.
pub(super) async fn write(
    tx: &mut Tx<'_>,
    app: &App,
    (org, holder): (Uuid, Holder),
    (id, session): (Option<Uuid>, Option<Uuid>),
    wish: &WriteIdentityProvider,
) -> ApiResult<IdentityProvider> {
    must_be_given(tx, org, holder, &wish.roles).await?;
    let before = match id {
        Some(id) => Some(queries::find(tx, org, id).await?),
        None => None,
    };
    let (kind, settings) = settings(app, wish)?;
    if before.as_ref().is_some_and(|before| before.kind != kind.name()) {
        return Err(ApiError::new(ErrorCode::InvalidFields).field_fault(
            "oidc",
            "other_kind",
            "A provider stays of its kind.",
        ));
    }
    let id = id.or(wish.id).unwrap_or_else(new_id);
    let secret = wish.client_secret.as_ref().map(|secret| app.keys.seal(&purpose(id), secret.as_bytes()));
    let mut row = ProviderRow {
        id,
        org_id: org,
        organisation: String::new(),
        public: false,
        kind: kind.name().to_owned(),
        name: wish.name.trim().to_owned(),
        enabled: wish.enabled,
        jit: wish.jit,
        required: wish.required,
        trusts_second_factor: wish.trusts_second_factor,
        roles: serde_json::to_value(&wish.roles)?,
        settings,
        secret_sealed: None,
        created_at: before.as_ref().map_or(tx.now(), |before| before.created_at),
    };
    let renewed = secret.is_some();
    row.secret_sealed = secret.or_else(|| before.as_ref().and_then(|before| before.secret_sealed.clone()));
    keep(tx, before.is_some(), &row).await?;
    let action = if before.is_some() { "identity_provider.changed" } else { "identity_provider.created" };
    let change = Change::new(Some(org), action, id).after(noted(&row, renewed));
    tx.audit(match &before {
        Some(before) => change.before(noted(before, false)),
        None => change,
    });
    end_sessions(tx, before.as_ref(), &row, session).await?;
    shown(app, row)
}

/// Writes it. A new one may have chosen its id, but not another one's.
async fn keep(tx: &mut Tx<'_>, is_there: bool, row: &ProviderRow) -> ApiResult<()> {
    if is_there {
        return queries::update(tx, row).await;
    }
    if queries::insert(tx, row).await? {
        return Ok(());
    }
    Err(ApiError::new(ErrorCode::InvalidFields).field_fault("id", "taken", "Another provider has this id."))
}

/// Ends the sessions that a change of a provider leaves without reason: those that came by one that is
/// switched off, and those that did not come by one that has to be used now.
async fn end_sessions(
    tx: &mut Tx<'_>,
    before: Option<&ProviderRow>,
    after: &ProviderRow,
    session: Option<Uuid>,
) -> ApiResult<()> {
    if !after.enabled && before.is_some_and(|before| before.enabled) {
        sessions::end_of_provider(tx, after.org_id, after.id).await?;
    }
    let insists = |row: &ProviderRow| row.enabled && row.required;
    if insists(after) && !before.is_some_and(insists) {
        sessions::end_beside_providers(tx, (after.org_id, after.id), session).await?;
    }
    Ok(())
}

/// Removes a provider, the identities it gave and the sessions that came by it. People keep their accounts.
pub(super) async fn remove(tx: &mut Tx<'_>, org: Uuid, id: Uuid) -> ApiResult<()> {
    let before = queries::find(tx, org, id).await?;
    // First, so that nobody comes by it between the end of its sessions and its own.
    queries::switch_off(tx, org, id).await?;
    sessions::end_of_provider(tx, org, id).await?;
    queries::delete(tx, org, id).await?;
    tx.audit(Change::new(Some(org), "identity_provider.removed", id).before(noted(&before, false)));
    Ok(())
}

/// The kind that is wished for, and what it needs to know, checked.
fn settings(app: &App, wish: &WriteIdentityProvider) -> ApiResult<(ProviderKind, Value)> {
    let mut oidc = match (&wish.oidc, &wish.saml) {
        (Some(oidc), None) => oidc.clone(),
        (None, Some(saml)) => return Ok((ProviderKind::Saml, saml_settings(app, saml)?)),
        _ => {
            let refusal = ApiError::new(ErrorCode::InvalidFields);
            return Err(refusal.field_fault("oidc", "required", "Say how the provider is reached."));
        }
    };
    // The issuer is compared letter by letter: a slash at its end belongs to it.
    oidc.issuer = oidc.issuer.trim().to_owned();
    if !sign_on::may_ask(&app.config, &oidc.issuer) {
        let refusal = ApiError::new(ErrorCode::InvalidFields);
        let why = "Write an https address that can be reached from everywhere.";
        return Err(refusal.field_fault("oidc.issuer", "address_not_allowed", why));
    }
    Ok((ProviderKind::Oidc, serde_json::to_value(oidc)?))
}

/// What a SAML provider needs, checked: people may be sent there, and its certificates can be used.
fn saml_settings(app: &App, saml: &SamlSettings) -> ApiResult<Value> {
    let mut saml = saml.clone();
    saml.entity_id = saml.entity_id.trim().to_owned();
    saml.sso_url = saml.sso_url.trim().to_owned();
    if !sign_on::may_ask(&app.config, &saml.sso_url) {
        let refusal = ApiError::new(ErrorCode::InvalidFields);
        let why = "Write an https address that can be reached from everywhere.";
        return Err(refusal.field_fault("saml.sso_url", "address_not_allowed", why));
    }
    for (at, certificate) in saml.certificates.iter_mut().enumerate() {
        *certificate = sign_on::saml::plain_certificate(certificate).ok_or_else(|| {
            let refusal = ApiError::new(ErrorCode::InvalidFields);
            let field = format!("saml.certificates[{at}]");
            refusal.field_fault(field, "no_certificate", "This is no certificate that can be used.")
        })?;
    }
    Ok(serde_json::to_value(saml)?)
}

/// As the audit log notes it: of the secret only whether there is a new one.
fn noted(row: &ProviderRow, renewed: bool) -> Value {
    json!({
        "name": row.name, "enabled": row.enabled, "jit": row.jit, "required": row.required,
        "trusts_second_factor": row.trusts_second_factor, "roles": row.roles, "settings": row.settings,
        "secret": if renewed { "renewed" } else if row.secret_sealed.is_some() { "kept" } else { "none" },
    })
}

fn purpose(id: Uuid) -> String {
    format!("identity provider {id}")
}

fn kind_named(name: &str) -> ApiResult<ProviderKind> {
    match name {
        "oidc" => Ok(ProviderKind::Oidc),
        "saml" => Ok(ProviderKind::Saml),
        other => Err(ApiError::internal(anyhow::anyhow!("unknown kind of provider {other:?}"))),
    }
}
