//! The rules of sending domains.

use std::net::SocketAddr;

use actix_web::web;
use contract::ErrorCode;
use contract::sending::{DnsRecord, DnsRecordKind, SendingDomain, Verdict, WriteSendingDomain};
use lettre::Address;
use platform::audit::Change;
use platform::config::Config;
use platform::db::{Conn, Db, Tx};
use platform::error::{ApiError, ApiResult};
use platform::keys::MasterKey;
use platform::names::texts_at;
use platform::state::App;
use uuid::Uuid;

use super::dkim::{self, NewKey, Sender};
use super::queries::{self, DomainRow, KeyRow};
use super::verdict;

fn domain_of(address: &str) -> &str {
    address.rsplit_once('@').map_or(address, |(_, domain)| domain)
}

/// Whether DNS can be asked for the records of a domain: their names are longer than its own.
fn is_asked_for(domain: &str) -> bool {
    domain.len() <= 200 && (2..=10).contains(&domain.split('.').count())
}

/// The organisation's address, as it is shown.
pub(super) async fn get(conn: &mut Conn, config: &Config, org: Uuid) -> ApiResult<SendingDomain> {
    let row = queries::find(conn, org).await?.ok_or(ErrorCode::NotFound)?;
    let keys = queries::keys(conn, org).await?;
    shown(row, &keys, config)
}

fn shown(row: DomainRow, keys: &[KeyRow], config: &Config) -> ApiResult<SendingDomain> {
    let findings: Vec<DnsRecord> = row.findings.map(serde_json::from_value).transpose()?.unwrap_or_default();
    let mut records = wanted(domain_of(&row.address), keys, config);
    for record in &mut records {
        let seen = findings.iter().find(|seen| (seen.kind, &seen.name) == (record.kind, &record.name));
        if let Some(seen) = seen {
            (record.found, record.verdict) = (seen.found.clone(), seen.verdict);
        }
    }
    Ok(SendingDomain {
        address: row.address,
        name: row.sender_name,
        in_use: keys.iter().any(|key| key.proven),
        records,
        checked_at: row.checked_at,
    })
}

/// What has to stand in DNS, the keys first.
fn wanted(domain: &str, keys: &[KeyRow], config: &Config) -> Vec<DnsRecord> {
    let record = |kind, name, wanted| DnsRecord { kind, name, wanted, found: Vec::new(), verdict: None };
    let senders = config.spf_mechanism.as_deref().unwrap_or("mx");
    keys.iter()
        .map(|key| {
            let name = format!("{}._domainkey.{domain}", key.selector);
            record(DnsRecordKind::Dkim, name, format!("v=DKIM1; k=rsa; p={}", key.public_key))
        })
        .chain([
            record(DnsRecordKind::Spf, domain.to_owned(), format!("v=spf1 {senders} ~all")),
            record(DnsRecordKind::Dmarc, format!("_dmarc.{domain}"), "v=DMARC1; p=quarantine".to_owned()),
        ])
        .collect()
}

/// Makes a key, which takes a while: before the transaction that may need it, and beside other requests.
pub(super) async fn new_key(app: &web::Data<App>) -> ApiResult<NewKey> {
    let app = app.clone();
    let made = tokio::task::spawn_blocking(move || dkim::generate(&app.keys)).await;
    made.map_err(ApiError::internal)?.map_err(ApiError::internal)
}

/// Writes the address. Another domain begins anew, with a key of its own.
pub(super) async fn write(
    tx: &mut Tx<'_>,
    (config, key): (&Config, &NewKey),
    org: Uuid,
    wish: &WriteSendingDomain,
) -> ApiResult<SendingDomain> {
    let wish = &WriteSendingDomain { address: wish.address.to_lowercase(), name: wish.name.clone() };
    if wish.address.parse::<Address>().is_err() || !is_asked_for(domain_of(&wish.address)) {
        let fault = ("address", "not_an_address", "Mail servers do not take this address.");
        return Err(ApiError::new(ErrorCode::InvalidFields).field_fault(fault.0, fault.1, fault.2));
    }
    let before = queries::lock(tx, org).await?;
    let now = tx.now();
    queries::write(tx, org, wish, now).await?;
    if before.as_ref().is_none_or(|row| domain_of(&row.address) != domain_of(&wish.address)) {
        let old: Vec<Uuid> = queries::keys(tx, org).await?.iter().map(|key| key.id).collect();
        queries::drop_keys(tx, &old).await?;
        queries::set_findings(tx, org, None).await?;
        queries::add_key(tx, org, key, now).await?;
    }
    let shown = get(tx, config, org).await?;
    let told =
        |address: &str, name: &str| WriteSendingDomain { address: address.to_owned(), name: name.to_owned() };
    let mut change =
        Change::new(Some(org), "sending_domain.set", org).after(told(&shown.address, &shown.name));
    if let Some(row) = &before {
        change = change.before(told(&row.address, &row.sender_name));
    }
    tx.audit(change);
    Ok(shown)
}

/// Makes a new key beside the one that signs; one that never signed makes room for it.
pub(super) async fn renew(
    tx: &mut Tx<'_>,
    (config, key): (&Config, &NewKey),
    org: Uuid,
) -> ApiResult<SendingDomain> {
    queries::lock(tx, org).await?.ok_or(ErrorCode::NotFound)?;
    let unproven: Vec<Uuid> =
        queries::keys(tx, org).await?.iter().filter(|key| !key.proven).map(|key| key.id).collect();
    queries::drop_keys(tx, &unproven).await?;
    let now = tx.now();
    queries::add_key(tx, org, key, now).await?;
    tx.audit(Change::new(Some(org), "sending_domain.key_renewed", org));
    get(tx, config, org).await
}

/// Goes back to Ringside's own address.
pub(super) async fn remove(tx: &mut Tx<'_>, org: Uuid) -> ApiResult<()> {
    if !queries::remove(tx, org).await? {
        return Err(ErrorCode::NotFound.into());
    }
    tx.audit(Change::new(Some(org), "sending_domain.removed", org));
    Ok(())
}

/// Asks DNS, and goes by what it says.
///
/// # Errors
/// `not_found` without an address, `unavailable` when no name server answers: all stays as it was.
pub(super) async fn check(db: &Db, config: &Config, org: Uuid) -> ApiResult<SendingDomain> {
    let before = db.read(async |conn| get(conn, config, org).await).await?;
    let records = ask(config, &before).await?;
    let records = &records;
    let address = &before.address;
    db.write(async |tx| {
        let row = queries::lock(tx, org).await?.ok_or(ErrorCode::NotFound)?;
        if domain_of(&row.address) == domain_of(address) {
            let now = tx.now();
            queries::set_findings(tx, org, Some((records, now))).await?;
            judge_keys(tx, org, records).await?;
        }
        get(tx, config, org).await
    })
    .await
}

/// A key whose record is there may sign; it ends those before it.
async fn judge_keys(tx: &mut Tx<'_>, org: Uuid, records: &[DnsRecord]) -> ApiResult<()> {
    let (mut proven, mut older) = (false, Vec::new());
    for key in queries::keys(tx, org).await? {
        if proven {
            older.push(key.id);
            continue;
        }
        let prefix = format!("{}._domainkey.", key.selector);
        let Some(record) = records.iter().find(|record| record.name.starts_with(&prefix)) else { continue };
        proven = record.verdict == Some(Verdict::Good);
        if proven != key.proven {
            queries::prove_key(tx, key.id, proven).await?;
            let action = if proven { "sending_domain.key_proven" } else { "sending_domain.key_lost" };
            tx.audit(Change::new(Some(org), action, org));
        }
    }
    queries::drop_keys(tx, &older).await
}

/// The records, as they are found now.
async fn ask(config: &Config, domain: &SendingDomain) -> ApiResult<Vec<DnsRecord>> {
    let mut records = domain.records.clone();
    for record in &mut records {
        let server = config.dns_resolver;
        (record.found, record.verdict) = match record.kind {
            DnsRecordKind::Dkim => {
                let found = texts_at(server, &record.name).await?;
                let public = record.wanted.rsplit_once("p=").map_or("", |(_, key)| key);
                let verdict = verdict::of_key(&found, public);
                (found, Some(verdict))
            }
            DnsRecordKind::Spf => {
                let found = verdict::senders(texts_at(server, &record.name).await?);
                let verdict = verdict::of_senders(&found, config.spf_mechanism.as_deref());
                (found, Some(verdict))
            }
            DnsRecordKind::Dmarc => {
                let found = policy(server, domain_of(&domain.address)).await?;
                let verdict = verdict::of_policy(&found);
                (found, Some(verdict))
            }
        };
        record.found = record.found.iter().take(MOST_TEXTS).map(|text| printable(text)).collect();
    }
    Ok(records)
}

/// As many of what stands in DNS are shown; whoever runs the domain may write there what they like.
const MOST_TEXTS: usize = 10;

/// The beginning of a text, as PostgreSQL can keep it.
fn printable(text: &str) -> String {
    text.chars().take(1_000).map(|char| if char == '\0' { '\u{fffd}' } else { char }).collect()
}

/// The policy of a domain, or of the nearest one above it that has any.
async fn policy(server: Option<SocketAddr>, domain: &str) -> ApiResult<Vec<String>> {
    let mut domain = domain;
    loop {
        let found = verdict::policies(texts_at(server, &format!("_dmarc.{domain}")).await?);
        match domain.split_once('.') {
            Some((_, above)) if found.is_empty() && above.contains('.') => domain = above,
            _ => return Ok(found),
        }
    }
}

/// Whose address a mail of the organisation comes from; a mail of nobody's is Ringside's. `None`: from the
/// configured one. `also` names headers that are signed beside those of every mail.
///
/// # Errors
/// The database, or a key that cannot be read.
pub(crate) async fn sender(
    db: &Db,
    master: &MasterKey,
    org: Option<Uuid>,
    also: &[&'static str],
) -> anyhow::Result<Option<Sender>> {
    let found = db
        .read(async |conn| {
            let org = match org {
                Some(org) => Some(org),
                None => queries::platform(conn).await?,
            };
            let Some(org) = org else { return Ok(None) };
            let Some(key) = queries::signing_key(conn, org).await? else { return Ok(None) };
            Ok(queries::find(conn, org).await?.map(|row| (row, key)))
        })
        .await?;
    found
        .map(|(row, key)| Sender::new(&row.address, row.sender_name, key.selector, &key.sealed, master, also))
        .transpose()
}

/// Who is looked at every night.
pub(super) async fn all(db: &Db) -> ApiResult<Vec<Uuid>> {
    db.read(async |conn| queries::all(conn).await).await
}
