//! The rules of accounts at providers.

use std::collections::BTreeMap;

use contract::ErrorCode;
use contract::channel_accounts::{
    API, AccountField, ChannelAccount, TestOnItsWay, WriteChannelAccount, fields, usual_pace,
};
use contract::channels::Channel;
use domain::Locale;
use domain::ids::new_id;
use platform::audit::Change;
use platform::config::Config;
use platform::db::{Conn, Tx};
use platform::error::{ApiError, ApiResult};
use platform::state::App;
use serde_json::json;
use uuid::Uuid;

use super::queries::{self, Row};
use crate::channels::pace;
use crate::channels::queries::{account_purpose, typed_purpose};
use crate::channels::{reach, trial};
use crate::deliveries::Way;

/// Settings with keys.
type Settings = BTreeMap<String, String>;

/// The longest value of a setting: access tokens of Meta are a few hundred characters.
const LONGEST: usize = 1000;

/// The accounts of an organisation.
pub(super) async fn list(conn: &mut Conn, config: &Config, org: Uuid) -> ApiResult<Vec<ChannelAccount>> {
    let rows = queries::accounts(conn, org, None).await?;
    rows.into_iter().map(|row| shown(config, row)).collect()
}

/// An account as it is shown.
fn shown(config: &Config, row: Row) -> ApiResult<ChannelAccount> {
    let channel = Channel::from_name(&row.channel)
        .ok_or_else(|| ApiError::internal(anyhow::anyhow!("account {}: unknown channel", row.id)))?;
    Ok(ChannelAccount {
        id: row.id,
        channel,
        settings: serde_json::from_value(row.shown)?,
        per_minute: row.per_minute,
        enabled: row.enabled,
        fault: row.fault,
        report_url: format!("{}/api/v1/provider-reports/{}", config.public_url(), row.id),
        created_at: row.created_at,
        changed_at: row.changed_at,
    })
}

/// Sets the account of a channel. What the provider said of it before is forgotten.
pub(super) async fn set(
    tx: &mut Tx<'_>,
    app: &App,
    (org, channel): (Uuid, Channel),
    wish: &WriteChannelAccount,
) -> ApiResult<ChannelAccount> {
    if !channel.by_account() {
        return Err(ErrorCode::NotFound.into());
    }
    let (before, now) = (queries::lock(tx, org, channel).await?, tx.now());
    let kept: Settings = match &before {
        Some(row) => serde_json::from_slice(&app.keys.open(&account_purpose(row.id), &row.sealed)?)?,
        None => Settings::new(),
    };
    let settings = checked(&app.config, channel, &wish.settings, &kept)?;
    let id = before.as_ref().map_or_else(new_id, |row| row.id);
    let row = Row {
        id,
        channel: channel.name().to_owned(),
        sealed: app.keys.seal(&account_purpose(id), &serde_json::to_vec(&settings)?),
        shown: serde_json::to_value(open_part(channel, &settings))?,
        per_minute: wish.per_minute.unwrap_or_else(|| usual_pace(channel)),
        enabled: wish.enabled,
        fault: None,
        created_at: before.as_ref().map_or(now, |row| row.created_at),
        changed_at: now,
    };
    queries::write(tx, org, &row).await?;
    // What the account was before says nothing of how fast it goes now.
    pace::forget(tx, &id.to_string()).await?;
    let mut change = Change::new(Some(org), "channel_account.set", id).after(noted(&row));
    if let Some(before) = &before {
        change = change.before(noted(before));
    }
    tx.audit(change);
    shown(&app.config, row)
}

/// What is wished for, with the secrets that were left out.
fn checked(config: &Config, channel: Channel, wished: &Settings, kept: &Settings) -> ApiResult<Settings> {
    let known = fields(channel);
    if let Some(name) = wished.keys().find(|name| known.iter().all(|field| field.name != name.as_str())) {
        return Err(fault(name, "unknown", "There is no such setting."));
    }
    // Keys do not follow to another server: whoever sends them there has them.
    let same_server = wished.get(API).map(|api| api.trim()).filter(|api| !api.is_empty())
        == kept.get(API).map(String::as_str);
    let mut settings = Settings::new();
    for field in known {
        let given = wished.get(field.name).map(|value| value.trim()).filter(|value| !value.is_empty());
        let value = given
            .or_else(|| kept.get(field.name).filter(|_| field.secret && same_server).map(String::as_str));
        match value {
            Some(value) => {
                check(config, field, value)?;
                settings.insert(field.name.to_owned(), value.to_owned());
            }
            None if field.needed => return Err(fault(field.name, "required", "It is needed.")),
            None => {}
        }
    }
    let sender = ["from", "messaging_service_sid"];
    if channel == Channel::Sms && !sender.iter().any(|name| settings.contains_key(*name)) {
        return Err(fault("from", "required", "It needs a sender: a number, or a messaging service."));
    }
    Ok(settings)
}

fn check(config: &Config, field: &AccountField, value: &str) -> ApiResult<()> {
    // It becomes a header, a part of an address, or stands in a form: one word of what can be seen.
    if value.chars().count() > LONGEST || value.chars().any(|c| c.is_control()) {
        return Err(fault(field.name, "pattern", "Write it as the provider shows it."));
    }
    match field.name {
        API if !reach(config).admits(value) => Err(fault(
            API,
            "address_not_allowed",
            "Write an https address that can be reached from everywhere.",
        )),
        // They stand in the path of an address.
        "account_sid" | "phone_number_id" | "page_id"
            if !value.chars().all(|c| c.is_ascii_alphanumeric()) =>
        {
            Err(fault(field.name, "pattern", "Write it as the provider shows it: letters and digits."))
        }
        _ if field.secret && !value.is_ascii() => {
            Err(fault(field.name, "pattern", "Write it as the provider shows it."))
        }
        _ => Ok(()),
    }
}

fn fault(field: &str, code: &str, why: &str) -> ApiError {
    ApiError::new(ErrorCode::InvalidFields).field_fault(format!("settings.{field}"), code, why)
}

/// What is shown of settings: of a secret its end.
fn open_part(channel: Channel, settings: &Settings) -> Settings {
    let is_secret = |name: &str| fields(channel).iter().any(|field| field.secret && field.name == name);
    let part = |(name, value): (&String, &String)| {
        (name.clone(), if is_secret(name) { end_of(value) } else { value.clone() })
    };
    settings.iter().map(part).collect()
}

/// The last four characters of a secret; of a short one nothing.
pub(crate) fn end_of(secret: &str) -> String {
    let count = secret.chars().count();
    let shown: String = secret.chars().skip(count.saturating_sub(4)).collect();
    if count < 12 { "…".to_owned() } else { format!("…{shown}") }
}

/// As the audit log notes it.
fn noted(row: &Row) -> serde_json::Value {
    json!({
        "channel": row.channel, "settings": row.shown, "per_minute": row.per_minute, "enabled": row.enabled,
    })
}

/// Takes an account away.
pub(super) async fn remove(tx: &mut Tx<'_>, org: Uuid, channel: Channel) -> ApiResult<()> {
    let row = queries::lock(tx, org, channel).await?.ok_or(ErrorCode::NotFound)?;
    queries::delete(tx, row.id).await?;
    tx.audit(Change::new(Some(org), "channel_account.removed", row.id).before(noted(&row)));
    Ok(())
}

/// Sends a test to an address that is typed in. It is nobody's contact method and becomes none: the message itself
/// carries it, sealed, until it has left.
pub(super) async fn test(
    tx: &mut Tx<'_>,
    app: &App,
    (org, channel): (Uuid, Channel),
    to: &str,
    locale: Locale,
) -> ApiResult<TestOnItsWay> {
    let row = queries::accounts(tx, org, Some(channel)).await?.pop().ok_or(ErrorCode::NotFound)?;
    if !row.enabled {
        return Err(ApiError::new(ErrorCode::WrongState).detail("This account is switched off."));
    }
    let to = address(channel, to)?;
    let id = new_id();
    let sealed = app.keys.seal(&typed_purpose(id), to.as_bytes());
    let way = Way::Typed(channel, sealed, hidden(channel, &to));
    trial::send(tx, id, org, way, locale).await?;
    tx.audit(Change::new(Some(org), "channel_account.tested", row.id).after(json!({"delivery_id": id})));
    Ok(TestOnItsWay { delivery_id: id })
}

/// The address as the provider wants it: a number in the form of ITU-T E.164, or an id.
fn address(channel: Channel, typed: &str) -> ApiResult<String> {
    let is_number = matches!(channel, Channel::Sms | Channel::Whatsapp);
    let bare: String = typed.chars().filter(|c| !(is_number && " -().".contains(*c))).collect();
    let fits = if is_number {
        bare.strip_prefix('+').is_some_and(|digits| {
            (8..=15).contains(&digits.len())
                && !digits.starts_with('0')
                && digits.chars().all(|c| c.is_ascii_digit())
        })
    } else {
        bare.chars().all(|c| c.is_ascii_alphanumeric())
    };
    if fits {
        return Ok(bare);
    }
    let (code, why) = if is_number {
        ("pattern", "Write the number with its country: +66 81 111 1111.")
    } else {
        ("pattern", "Write the id by which the provider knows the person.")
    };
    Err(ApiError::new(ErrorCode::InvalidFields).field_fault("to", code, why))
}

/// What a list shows of an address.
fn hidden(channel: Channel, address: &str) -> String {
    match channel {
        Channel::Sms | Channel::Whatsapp => {
            let (begin, end) =
                (&address[..3.min(address.len())], &address[address.len().saturating_sub(2)..]);
            format!("{begin} … {end}")
        }
        _ => end_of(address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_taken_as_people_write_them_and_shown_in_part() {
        let number = address(Channel::Sms, "+66 (81) 111-1111").unwrap();
        assert_eq!(number, "+66811111111");
        assert_eq!(hidden(Channel::Sms, &number), "+66 … 11");
        for bad in ["0811111111", "+0811111111", "+66", "+66 81 111 111x", "Demo Fan"] {
            assert!(address(Channel::Whatsapp, bad).is_err(), "{bad}");
        }
        assert_eq!(address(Channel::Line, "U4af4980629").unwrap(), "U4af4980629");
        assert!(address(Channel::Line, "U4 af").is_err());
    }

    #[test]
    fn of_a_secret_its_end_is_shown() {
        assert_eq!(end_of("0123456789abcdef"), "…cdef");
        assert_eq!(end_of("12345678"), "…");
    }
}
