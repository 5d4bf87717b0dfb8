//! The rules of privacy.

use std::net::IpAddr;

use chrono::TimeDelta;
use contract::ErrorCode;
use contract::privacy::{Consent, DataExport, Erasure, GiveConsent, Policy, PublishPolicy, RetentionRule};
use domain::ids::new_id;
use domain::{AccountLetter, OrganisationKind};
use platform::audit::Change;
use platform::db::{Conn, Tx};
use platform::error::{ApiError, ApiResult};
use platform::guard::Actor;
use platform::keys::MasterKey;
use platform::privacy::{self, Holders, RETENTION, Subject};
use serde_json::json;
use uuid::Uuid;

use super::jobs::MakeExport;
use super::queries::{self, OpenErasure};
use crate::post::post;

/// What the files of a copy are sealed for.
pub(super) const SEALED_FOR: &str = "copy of a person's data";

/// How long a copy can be fetched.
pub(super) const FETCHED_FOR: TimeDelta = TimeDelta::days(7);

/// How long a wish to be forgotten waits.
pub(super) const WAIT: TimeDelta = TimeDelta::days(7);

/// Refuses whoever does not act for those who run Ringside.
pub(super) fn for_the_platform(actor: &Actor) -> ApiResult<()> {
    match actor.place() {
        Some((_, OrganisationKind::Platform, _)) => Ok(()),
        _ => Err(ErrorCode::PlatformOnly.into()),
    }
}

/// Whose data are meant: the account, and the address when it is proved to be theirs. An address that is
/// only claimed leads to nothing, or anybody could ask for anybody's orders.
///
/// # Errors
/// The database; `not_found` for an account that is not there.
pub async fn subject(conn: &mut Conn, holders: &Holders, person: Uuid) -> ApiResult<Subject> {
    let (to, proved) = queries::addressee(conn, person).await?;
    let claimed = to.address.to_lowercase();
    let addresses = if proved { vec![claimed.clone()] } else { Vec::new() };
    let mut subject = Subject { person_id: person, addresses, claimed, related: Vec::new() };
    for holder in holders.iter() {
        let related = holder.related(conn, &subject).await?;
        subject.related.extend(related);
    }
    Ok(subject)
}

/// Asks for a copy; while one is being made that one is meant.
pub(super) async fn request_export(tx: &mut Tx<'_>, person: Uuid) -> ApiResult<DataExport> {
    let (id, now) = (new_id(), tx.now());
    if queries::insert_export(tx, id, person, now).await? {
        tx.enqueue(&MakeExport { export_id: id }).await?;
        tx.audit(Change::new(None, "privacy.export_requested", person));
    }
    queries::latest_export(tx, person, now).await?.ok_or_else(|| ErrorCode::NotFound.into())
}

/// A file of the person's own copy.
pub(super) async fn export_file(
    tx: &mut Tx<'_>,
    keys: &MasterKey,
    person: Uuid,
    id: Uuid,
    pdf: bool,
) -> ApiResult<Vec<u8>> {
    let now = tx.now();
    let sealed = queries::export_file(tx, person, id, pdf, now).await?.ok_or(ErrorCode::NotFound)?;
    tx.audit(Change::new(None, "privacy.export_fetched", person));
    keys.open(SEALED_FOR, &sealed).map_err(ApiError::internal)
}

/// Where the wish to be forgotten stands.
pub(super) async fn erasure(conn: &mut Conn, person: Uuid) -> ApiResult<Erasure> {
    let open = queries::open_erasure(conn, person).await?;
    Ok(Erasure {
        requested_at: open.as_ref().map(|open| open.requested_at),
        due_at: open.map(|open| open.due_at),
        owned_alone: queries::owned_alone(conn, person).await?,
    })
}

/// Asks to be forgotten. Refused while an organisation would be left without an owner: `last_owner`,
/// `owned_alone` says which. A second wish changes nothing.
pub(super) async fn request_erasure(
    tx: &mut Tx<'_>,
    keys: &MasterKey,
    link: &str,
    person: Uuid,
) -> ApiResult<Erasure> {
    queries::lock_owners(tx, person).await?;
    let alone = queries::owned_alone(tx, person).await?;
    if !alone.is_empty() {
        return Err(ApiError::new(ErrorCode::LastOwner)
            .detail("Make somebody else an owner of these organisations first.")
            .with("owned_alone", serde_json::to_value(alone)?));
    }
    let now = tx.now();
    if queries::insert_erasure(tx, new_id(), person, now, now + WAIT).await? {
        let (to, _) = queries::addressee(tx, person).await?;
        let due = (now + WAIT).format("%Y-%m-%d").to_string();
        post(tx, keys, &to, &AccountLetter::ErasureAsked { due, link: link.to_owned() }).await?;
        tx.audit(Change::new(None, "privacy.erasure_requested", person).after(json!({"due_at": now + WAIT})));
    }
    erasure(tx, person).await
}

/// Takes the wish back; `wrong_state` when there is none.
pub(super) async fn cancel_erasure(tx: &mut Tx<'_>, person: Uuid) -> ApiResult<()> {
    let now = tx.now();
    if !queries::cancel_erasure(tx, person, now).await? {
        return Err(ErrorCode::WrongState.into());
    }
    tx.audit(Change::new(None, "privacy.erasure_cancelled", person));
    Ok(())
}

/// Forgets a person whose wait is over. False when it cannot be done now: it was taken back in this
/// very moment, or the person has become the last owner of an organisation.
pub(super) async fn erase(
    tx: &mut Tx<'_>,
    keys: &MasterKey,
    holders: &Holders,
    open: &OpenErasure,
) -> ApiResult<bool> {
    let now = tx.now();
    queries::lock_owners(tx, open.user_id).await?;
    if !queries::owned_alone(tx, open.user_id).await?.is_empty()
        || !queries::finish_erasure(tx, open.id, now).await?
    {
        return Ok(false);
    }
    let (to, _) = queries::addressee(tx, open.user_id).await?;
    let subject = subject(tx, holders, open.user_id).await?;
    for holder in holders.iter() {
        holder.erase(tx, &subject).await?;
    }
    // The last letter: the job that writes it carries the address sealed.
    post(tx, keys, &to, &AccountLetter::ErasureDone).await?;
    tx.audit(Change::new(None, "person.erased", open.user_id));
    Ok(true)
}

/// Publishes the next version of a policy.
pub(super) async fn publish(tx: &mut Tx<'_>, org: Uuid, wish: &PublishPolicy) -> ApiResult<Policy> {
    let (texts, now) = (serde_json::to_value(&wish.texts)?, tx.now());
    let policy = queries::insert_policy(tx, new_id(), wish.kind, &texts, wish.required, now).await?;
    let change = Change::new(Some(org), "policy.published", policy.id);
    tx.audit(change.after(json!({"kind": policy.kind, "version": policy.version})));
    Ok(policy)
}

/// Notes what the person says of a version.
pub(super) async fn consent(
    tx: &mut Tx<'_>,
    person: Uuid,
    ip: Option<IpAddr>,
    said: &GiveConsent,
) -> ApiResult<Vec<Consent>> {
    let (now, given) = (tx.now(), said.given);
    if !queries::insert_consent(tx, new_id(), person, said.policy_id, given, ip, now).await? {
        return Err(ErrorCode::NotFound.into());
    }
    let action = if given { "consent.given" } else { "consent.withdrawn" };
    tx.audit(Change::new(None, action, person).after(json!({"policy": said.policy_id})));
    queries::consents(tx, person).await
}

/// Every rule and its days.
pub(super) async fn retention(conn: &mut Conn) -> ApiResult<Vec<RetentionRule>> {
    let rules = privacy::rules(conn).await?;
    let rule = |(rule, days): (privacy::Rule, i32)| RetentionRule {
        name: rule.name.into(),
        days,
        usual_days: rule.days,
    };
    Ok(rules.into_iter().map(rule).collect())
}

/// Chooses how long something is kept.
pub(super) async fn choose_retention(
    tx: &mut Tx<'_>,
    org: Uuid,
    name: &str,
    days: i32,
) -> ApiResult<Vec<RetentionRule>> {
    let known = RETENTION.iter().find(|rule| rule.name == name).ok_or(ErrorCode::NotFound)?;
    let rules = privacy::rules(tx).await?;
    let before = rules.iter().find(|(rule, _)| rule == known).map_or(known.days, |(_, days)| *days);
    privacy::choose_days(tx, known.name, days).await?;
    let change = Change::new(Some(org), "retention.chosen", org);
    tx.audit(change.before(json!({name: before})).after(json!({name: days})));
    retention(tx).await
}
