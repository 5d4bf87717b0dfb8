//! The rules of mail domains.

use chrono::TimeDelta;
use contract::ErrorCode;
use contract::sign_on::{ClaimDomain, OrganisationDomain};
use domain::AccountLetter;
use domain::ids::new_id;
use platform::audit::Change;
use platform::db::Tx;
use platform::error::ApiResult;
use platform::state::App;
use serde_json::json;
use uuid::Uuid;

use super::queries::{self, DomainRow};
use crate::post::post;
use crate::random_secret::RandomSecret;
use crate::{people, sessions};

/// How long a domain stays proven without its record.
pub(super) const GRACE: TimeDelta = TimeDelta::days(7);

/// Claims a domain. Many may; the record decides. `name_taken` comes from the unique index.
pub(super) async fn claim(tx: &mut Tx<'_>, org: Uuid, wish: &ClaimDomain) -> ApiResult<OrganisationDomain> {
    let row = DomainRow {
        id: new_id(),
        org_id: org,
        domain: wish.domain.to_lowercase(),
        token: RandomSecret::generate().reveal().to_owned(),
        created_at: tx.now(),
        checked_at: None,
        verified_at: None,
        missing_since: None,
    };
    queries::insert(tx, &row).await?;
    tx.audit(Change::new(Some(org), "domain.claimed", row.id).after(json!({"domain": row.domain})));
    Ok(row.into())
}

/// Notes whether the record was there. A domain that was proven is lost a week after its record, and the
/// owners hear of both. Who proves one that has a required provider ends the sessions, but `session`, of
/// those who did not come by it. `domain_taken` comes from the unique index.
pub(super) async fn judge(
    tx: &mut Tx<'_>,
    app: &App,
    (org, id): (Uuid, Uuid),
    (texts, session): (&[String], Option<Uuid>),
) -> ApiResult<Result<OrganisationDomain, ErrorCode>> {
    let before = queries::lock(tx, org, id).await?;
    let (now, wanted) = (tx.now(), before.record_value());
    let found = texts.iter().any(|text| text.trim() == wanted);
    let (verified_at, missing_since) = match (found, before.verified_at) {
        (true, verified_at) => (Some(verified_at.unwrap_or(now)), None),
        (false, None) => (None, before.missing_since),
        (false, Some(verified_at)) => {
            let since = before.missing_since.unwrap_or(now);
            ((now < since + GRACE).then_some(verified_at), Some(since))
        }
    };
    let after = queries::set_checked(tx, (org, id), now, (verified_at, missing_since)).await?;
    if let Some(news) = news(&before, &after) {
        tx.audit(Change::new(Some(org), news.action(), id).after(json!({"domain": after.domain})));
        match news {
            News::Verified => sessions::end_beside_providers(tx, (org, id), session).await?,
            News::Lost | News::RecordMissing => tell_owners(tx, app, &after).await?,
            News::RecordBack => {}
        }
    }
    Ok(if found { Ok(after.into()) } else { Err(ErrorCode::DomainUnproven) })
}

/// What a look at the record has changed.
#[derive(Clone, Copy)]
enum News {
    Verified,
    Lost,
    RecordMissing,
    RecordBack,
}

impl News {
    const fn action(self) -> &'static str {
        match self {
            Self::Verified => "domain.verified",
            Self::Lost => "domain.lost",
            Self::RecordMissing => "domain.record_missing",
            Self::RecordBack => "domain.record_back",
        }
    }
}

fn news(before: &DomainRow, after: &DomainRow) -> Option<News> {
    let proven = (before.verified_at.is_some(), after.verified_at.is_some());
    match (proven, before.missing_since.is_some(), after.missing_since.is_some()) {
        ((false, true), ..) => Some(News::Verified),
        ((true, false), ..) => Some(News::Lost),
        (_, false, true) => Some(News::RecordMissing),
        (_, true, false) => Some(News::RecordBack),
        _ => None,
    }
}

/// Writes to the owners that the record is gone, or the domain with it.
async fn tell_owners(tx: &mut Tx<'_>, app: &App, row: &DomainRow) -> ApiResult<()> {
    let (organisation, owners) = queries::owners(tx, row.org_id).await?;
    let (domain, link) = (row.domain.clone(), format!("{}/console/sign-on", app.config.public_url()));
    let letter = match row.missing_since.filter(|_| row.verified_at.is_some()) {
        Some(since) => {
            let until = (since + GRACE).format("%Y-%m-%d").to_string();
            AccountLetter::DomainMissing { domain, organisation, until, link }
        }
        None => AccountLetter::DomainLost { domain, organisation, link },
    };
    for owner in owners {
        let to = people::queries::addressee(tx, owner).await?;
        post(tx, &app.keys, &to, &letter).await?;
    }
    Ok(())
}

/// Gives a domain up.
pub(super) async fn remove(tx: &mut Tx<'_>, org: Uuid, id: Uuid) -> ApiResult<()> {
    let before = queries::find(tx, org, id).await?;
    queries::delete(tx, org, id).await?;
    tx.audit(Change::new(Some(org), "domain.removed", id).before(json!({"domain": before.domain})));
    Ok(())
}
