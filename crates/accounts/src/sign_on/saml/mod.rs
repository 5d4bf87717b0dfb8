//! SAML 2.0, as a service provider: the request goes by redirect, the answer comes by a form of the
//! provider's page, which brings no cookie of ours. So the answer alone lets nobody in: what it says is sealed
//! and travels on to the callback, where the browser shows the cookie of the attempt. Whoever sends somebody
//! else to the provider on an attempt of their own gets nothing.

mod assertion;
mod certificate;
mod metadata;
pub(super) mod queries;
mod signature;
mod tree;

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use contract::ErrorCode;
use contract::sign_on::{RoleMapping, SamlMetadata, SamlSettings};
use domain::Locale;
use flate2::{Compression, write::DeflateEncoder};
use platform::db::Db;
use platform::error::{ApiError, ApiResult};
use platform::state::App;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use url::Url;
use uuid::Uuid;

use self::assertion::{Expected, Said};
pub(crate) use self::certificate::{described, plain_certificate};
use super::service::Arrival;
use crate::identity_providers::Provider;
use crate::random_secret::hash;

const PURPOSE: &str = "saml arrival";
/// From the provider's form to the callback is one redirect.
const HANDED_OVER: TimeDelta = TimeDelta::minutes(2);

/// Where a provider's answers go.
pub(crate) fn answer_url(app: &App, provider: Uuid) -> String {
    format!("{}/api/v1/sign-on/saml/{provider}", app.config.public_url())
}

/// Who we are to a provider: where our metadata lies.
pub(crate) fn entity_id(app: &App, provider: Uuid) -> String {
    format!("{}/metadata", answer_url(app, provider))
}

/// Our metadata for a provider.
pub(super) fn our_metadata(app: &App, provider: Uuid) -> String {
    metadata::ours(&entity_id(app, provider), &answer_url(app, provider))
}

/// What a provider's metadata says.
pub(crate) fn read_metadata(xml: &str) -> ApiResult<SamlMetadata> {
    let saml = metadata::read(xml.trim_start_matches('\u{feff}')).map_err(failed)?;
    Ok(SamlMetadata { certificates: described(&saml.certificates), saml })
}

/// Where the browser goes: the provider's page with our request and the attempt's state.
pub(super) fn way_out(app: &App, provider: &Provider, state: &str) -> ApiResult<String> {
    let settings = provider.saml()?;
    let mut url = Url::parse(&settings.sso_url).map_err(|_| failed("its address is none"))?;
    let request = format!(
        r#"<samlp:AuthnRequest xmlns:samlp="{}" xmlns:saml="{}" ID="{}" Version="2.0" IssueInstant="{}" ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" AssertionConsumerServiceURL="{}"><saml:Issuer>{}</saml:Issuer></samlp:AuthnRequest>"#,
        tree::SAMLP,
        tree::SAML,
        request_id(state),
        app.clock.now().to_rfc3339_opts(SecondsFormat::Secs, true),
        answer_url(app, provider.id),
        entity_id(app, provider.id),
    );
    let mut deflated = DeflateEncoder::new(Vec::new(), Compression::default());
    deflated.write_all(request.as_bytes()).map_err(ApiError::internal)?;
    let deflated = deflated.finish().map_err(ApiError::internal)?;
    url.query_pairs_mut()
        .append_pair("SAMLRequest", &STANDARD.encode(deflated))
        .append_pair("RelayState", state);
    Ok(url.into())
}

/// The request's name follows from the attempt's state, so that nothing more is kept.
fn request_id(state: &str) -> String {
    format!("_{}", hex::encode(Sha256::new().chain_update("request|").chain_update(state).finalize()))
}

/// What is handed from the provider's form to the callback, sealed.
#[derive(Serialize, Deserialize)]
struct HandedOver {
    provider: Uuid,
    state: String,
    until: DateTime<Utc>,
    subject: String,
    email: Option<String>,
    name: Option<String>,
    claims: Value,
}

/// Takes an answer, once, and gives what the callback wants to see as `code`.
pub(super) async fn take(app: &App, db: &Db, provider: &Provider, answer: (&str, &str)) -> ApiResult<String> {
    let (response, state) = answer;
    let settings = provider.saml()?;
    let now = app.clock.now();
    let said = read(app, provider, &settings, answer, now)?;
    let (state_hash, key) = (hash(state), (provider.id, said.id.as_str()));
    // Kept a day at the least, in case our clock is set back.
    let until = said.until.min(now + TimeDelta::days(3650)).max(now + TimeDelta::days(1));
    let taken = db.statement(async |conn| queries::take(conn, key, &state_hash, (now, until)).await).await?;
    if !taken {
        tracing::info!(size = response.len(), "an answer came twice or too late");
        return Err(ErrorCode::SignOnOver.into());
    }
    let handed = HandedOver {
        provider: provider.id,
        state: state.to_owned(),
        until: now + HANDED_OVER,
        claims: claims(&provider.roles, &said),
        subject: said.subject,
        email: said.email.filter(|email| email.len() <= 254),
        name: said.name.map(|name| name.chars().take(200).collect()),
    };
    Ok(URL_SAFE_NO_PAD.encode(app.keys.seal(PURPOSE, &serde_json::to_vec(&handed)?)))
}

fn read(
    app: &App,
    provider: &Provider,
    settings: &SamlSettings,
    (response, state): (&str, &str),
    now: DateTime<Utc>,
) -> ApiResult<Said> {
    let bytes: String = response.split_whitespace().collect();
    let xml = STANDARD.decode(bytes).ok().and_then(|xml| String::from_utf8(xml).ok());
    let xml = xml.ok_or_else(|| failed("it is no XML"))?;
    if let Some(code) = tree::read(&xml).ok().and_then(|doc| assertion::refusal(&doc)) {
        return Err(code.into());
    }
    let genuine = signature::genuine(&xml, &settings.certificates).map_err(failed)?;
    let expected = Expected {
        settings,
        entity_id: &entity_id(app, provider.id),
        answer_url: &answer_url(app, provider.id),
        request: &request_id(state),
        now,
    };
    assertion::said(&genuine, &expected).map_err(failed)
}

/// Of all it says, what the rules of roles look at: the value of the first rule that fits.
fn claims(roles: &RoleMapping, said: &Said) -> Value {
    let Some(claim) = &roles.claim else { return json!({}) };
    let Some(values) = said.attributes.get(claim) else { return json!({}) };
    let rule = roles.rules.iter().find(|rule| values.contains(&rule.value));
    rule.map_or(json!({}), |rule| json!({ claim.as_str(): rule.value }))
}

/// Who came, from what was handed over.
pub(super) fn arrival(
    app: &App,
    provider: &Provider,
    answer: (&str, &str),
    locale: Locale,
) -> ApiResult<Arrival> {
    let (code, state) = answer;
    let over = || ApiError::new(ErrorCode::SignOnOver);
    let sealed = URL_SAFE_NO_PAD.decode(code).map_err(|_| over())?;
    let handed = app.keys.open(PURPOSE, &sealed).map_err(|_| over())?;
    let handed: HandedOver = serde_json::from_slice(&handed)?;
    if handed.provider != provider.id || handed.state != state || handed.until <= app.clock.now() {
        return Err(over());
    }
    Ok(Arrival {
        subject: handed.subject,
        // The provider is the organisation's own: whose address it is, is its word.
        email_verified: Some(handed.email.is_some()),
        email: handed.email,
        name: handed.name,
        locale,
        claims: handed.claims,
    })
}

/// A refusal of what the provider sent, and why.
fn failed(why: &str) -> ApiError {
    tracing::warn!(why, "what a provider sent is refused");
    ApiError::new(ErrorCode::SignOnFailed).detail(format!("Refused: {why}."))
}
