//! The rules of reports.

use actix_web::http::header::HeaderMap;
use contract::ErrorCode;
use contract::channels::Channel;
use contract::deliveries::DeliveryState;
use platform::db::Tx;
use platform::error::{ApiError, ApiResult};
use platform::keys::MasterKey;
use platform::state::App;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::jobs::{LATER, NoteReport};
use super::{line, meta, proof, queries, twilio};
use crate::channel_accounts::{Reporting, reporting};
use crate::channels::queries as routes;
use crate::channels::queries::account_purpose;
use crate::{contact_methods, deliveries};

/// One thing a provider says.
pub(super) enum Said {
    /// What became of a message.
    Became(Became),
    /// Whoever has this address wants nothing more.
    Left(String),
    /// Whoever has this address wants messages again.
    Back(String),
    /// Somebody wrote to the account.
    Wrote { address: String, shown: String, text: String },
}

/// What became of a message.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Became {
    /// What the provider calls it.
    pub provider_id: String,
    pub state: DeliveryState,
    pub why: Option<String>,
    /// Whether its address leads nowhere any more.
    pub gone: bool,
}

/// An account and its settings, opened.
async fn opened(app: &App, id: Uuid) -> ApiResult<(Reporting, Value)> {
    let account = app.db.read(async |conn| reporting(conn, id).await).await?;
    let Some(account) = account else {
        tracing::warn!(account = %id, "a provider reports to an account there is not");
        return Err(ErrorCode::NotFound.into());
    };
    let settings = app.keys.open(&account_purpose(id), &account.sealed)?;
    Ok((account, serde_json::from_slice(&settings)?))
}

fn setting<'a>(settings: &'a Value, name: &str) -> ApiResult<&'a str> {
    let found = settings.get(name).and_then(Value::as_str);
    found.ok_or_else(|| ApiError::internal(anyhow::anyhow!("an account has no {name}")))
}

/// Answers Meta, when it knows what was agreed upon.
pub(super) async fn verify(app: &App, id: Uuid, mode: &str, token: &str) -> ApiResult<()> {
    let (account, settings) = opened(app, id).await?;
    if !matches!(account.channel, Channel::Whatsapp | Channel::Messenger) {
        return Err(ErrorCode::NotFound.into());
    }
    let agreed = proof::same(setting(&settings, "verify_token")?, token);
    if mode == "subscribe" && agreed { Ok(()) } else { Err(ErrorCode::BadSignature.into()) }
}

/// Takes a report in. Nobody's request changes anything here: it is the provider that says what has happened, so it
/// goes without the caller's mark.
pub(super) async fn receive(app: &App, id: Uuid, envelope: (&HeaderMap, &str), body: &[u8]) -> ApiResult<()> {
    let (account, settings) = opened(app, id).await?;
    let said = read(app, &account, &settings, envelope, body)?;
    if said.is_empty() {
        return Ok(());
    }
    app.db.write(async |tx| take(tx, &app.keys, &account, &said).await).await
}

/// Who it is from, then what it says.
fn read(
    app: &App,
    account: &Reporting,
    settings: &Value,
    (headers, query): (&HeaderMap, &str),
    body: &[u8],
) -> ApiResult<Vec<Said>> {
    let refused = || {
        tracing::warn!(account = %account.id, "a provider's report is refused: its signature does not hold");
        ApiError::new(ErrorCode::BadSignature)
    };
    let malformed = |_| ApiError::new(ErrorCode::MalformedJson);
    match account.channel {
        Channel::Sms => {
            let mut address = format!("{}/api/v1/provider-reports/{}", app.config.public_url(), account.id);
            if !query.is_empty() {
                address = format!("{address}?{query}");
            }
            let fields = twilio::fields(body);
            let holds = proof::twilio(setting(settings, "auth_token")?, headers, &address, &fields);
            if holds { Ok(twilio::read(&fields)) } else { Err(refused()) }
        }
        Channel::Line => {
            let holds = proof::line(setting(settings, "channel_secret")?, headers, body);
            if holds { line::read(body).map_err(malformed) } else { Err(refused()) }
        }
        Channel::Whatsapp | Channel::Messenger => {
            if !proof::meta(setting(settings, "app_secret")?, headers, body) {
                return Err(refused());
            }
            let read = match account.channel {
                Channel::Whatsapp => meta::whatsapp(setting(settings, "phone_number_id")?, body),
                _ => meta::messenger(setting(settings, "page_id")?, body),
            };
            read.map_err(malformed)
        }
        _ => Err(ErrorCode::NotFound.into()),
    }
}

async fn take(tx: &mut Tx<'_>, keys: &MasterKey, account: &Reporting, said: &[Said]) -> ApiResult<()> {
    let place = (account.org_id, account.channel);
    let (org, channel) = place;
    let now = tx.now();
    tx.work_for(org);
    for said in said {
        match said {
            Said::Became(became) => {
                if !note(tx, place, became).await? {
                    let again = NoteReport { org_id: org, channel, became: became.clone() };
                    tx.enqueue_at(&again, now + LATER).await?;
                }
            }
            Said::Left(address) | Said::Back(address) => {
                let since = matches!(said, Said::Left(_)).then_some(now);
                let digests = contact_methods::digests(keys, channel, Some(org), address);
                queries::set_gone(tx, place, &digests, since).await?;
            }
            Said::Wrote { address, shown, text } => {
                contact_methods::claim(tx, keys, org, channel, text, address, shown).await?;
            }
        }
    }
    Ok(())
}

/// Notes what became of a message; `false` when there is none of this id.
pub(super) async fn note(
    tx: &mut Tx<'_>,
    (org, channel): (Uuid, Channel),
    became: &Became,
) -> ApiResult<bool> {
    let now = tx.now();
    let about = (org, channel, became.provider_id.as_str());
    let Some(reported) = deliveries::reported(tx, about, became.state, became.why.as_deref()).await? else {
        return Ok(false);
    };
    if became.gone
        && let Some(method) = reported.contact_method_id
    {
        routes::gone(tx, method, None, now).await?;
    }
    Ok(true)
}
