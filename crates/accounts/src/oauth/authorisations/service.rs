//! The rules of letting an application act for somebody.

use chrono::TimeDelta;
use contract::ErrorCode;
use contract::oauth::{AuthorisationQuestion, AuthorisationStep};
use domain::ids::new_id;
use platform::audit::Change;
use platform::db::Tx;
use platform::error::{ApiError, ApiResult};
use platform::guard::Person;
use serde_json::json;
use uuid::Uuid;

use super::queries::{self, Consent, NewAuthorisation};
use super::request::{Fault, Request, Wish};
use crate::oauth::scopes;
use crate::random_secret::RandomSecret;

/// How long a code is good.
const CODE_LASTS: TimeDelta = TimeDelta::seconds(60);

/// What comes next: signing in, a question, or the way back.
pub(super) async fn view(
    tx: &mut Tx<'_>,
    issuer: &str,
    person: Option<&Person>,
    query: &str,
) -> ApiResult<AuthorisationStep> {
    let now = tx.now();
    let request = Request::find(tx, query, now).await?;
    let wish = match request.wish() {
        Ok(wish) => wish,
        Err(fault) => return refused(&request, issuer, fault),
    };
    let Some(person) = person else {
        return match wish.prompt.none {
            true => refused(&request, issuer, ("login_required", "Nobody is signed in.")),
            false => Ok(AuthorisationStep::SignIn),
        };
    };
    if wish.is_stale(person.confirmed_at, now) {
        return match wish.prompt.none {
            true => refused(&request, issuer, ("login_required", "The sign-in is too long ago.")),
            false => Err(ErrorCode::ConfirmationNeeded.into()),
        };
    }
    if !wish.prompt.consent
        && let Some(consent) = remembered(tx, person, &request, &wish).await?
    {
        return allow(tx, issuer, person, (&request, &wish), consent.org_id).await;
    }
    if wish.prompt.none {
        return refused(&request, issuer, ("consent_required", "The person has to be asked."));
    }
    let organisations = if wish.needs_organisation() {
        queries::organisations(tx, person.user_id).await?
    } else {
        Vec::new()
    };
    Ok(AuthorisationStep::Ask(AuthorisationQuestion {
        returns_to: request.returns_to(),
        application: request.client.name,
        made_by: request.made_by,
        scopes: wish.scopes,
        organisations,
    }))
}

/// What they allowed before, if it is enough.
async fn remembered(
    tx: &mut Tx<'_>,
    person: &Person,
    request: &Request,
    wish: &Wish,
) -> ApiResult<Option<Consent>> {
    let consent = queries::consent(tx, person.user_id, request.client.id).await?;
    Ok(consent.filter(|consent| {
        scopes::cover(&consent.scopes, &wish.scopes)
            && (consent.org_id.is_some() || !wish.needs_organisation())
    }))
}

/// The person answered.
pub(super) async fn decide(
    tx: &mut Tx<'_>,
    issuer: &str,
    person: &Person,
    query: &str,
    (may, organisation): (bool, Option<Uuid>),
) -> ApiResult<AuthorisationStep> {
    let now = tx.now();
    let request = Request::find(tx, query, now).await?;
    let wish = match request.wish() {
        Ok(wish) => wish,
        Err(fault) => return refused(&request, issuer, fault),
    };
    if !may {
        return refused(&request, issuer, ("access_denied", "The person did not allow it."));
    }
    if wish.is_stale(person.confirmed_at, now) {
        return Err(ErrorCode::ConfirmationNeeded.into());
    }
    let org_id = if wish.needs_organisation() { Some(chosen(tx, person, organisation).await?) } else { None };
    let (user, client) = (person.user_id, request.client.id);
    let consent = Consent { org_id, scopes: wish.scopes.clone() };
    queries::remember(tx, new_id(), (user, client), &consent, now).await?;
    let noted = json!({"application": client, "organisation": org_id, "scopes": wish.scopes});
    tx.audit(Change::new(org_id, "application.allowed", client).after(noted));
    allow(tx, issuer, person, (&request, &wish), org_id).await
}

/// One of the person's own organisations.
async fn chosen(tx: &mut Tx<'_>, person: &Person, organisation: Option<Uuid>) -> ApiResult<Uuid> {
    let refusal = || ApiError::new(ErrorCode::InvalidFields);
    let Some(chosen) = organisation else {
        return Err(refusal().field_fault("organisation", "missing", "Choose where it may act."));
    };
    if !queries::organisations(tx, person.user_id).await?.iter().any(|own| own.id == chosen) {
        return Err(refusal().field_fault("organisation", "unknown", "It is none of yours."));
    }
    Ok(chosen)
}

/// Gives a code.
async fn allow(
    tx: &mut Tx<'_>,
    issuer: &str,
    person: &Person,
    (request, wish): (&Request, &Wish),
    org: Option<Uuid>,
) -> ApiResult<AuthorisationStep> {
    let (code, now) = (RandomSecret::generate(), tx.now());
    let new = NewAuthorisation {
        id: new_id(),
        client: request.client.id,
        user: person.user_id,
        org: org.filter(|_| wish.needs_organisation()),
        scopes: &wish.scopes,
        session: person.session_id,
        auth_time: person.confirmed_at,
        nonce: wish.nonce.as_deref(),
        redirect_uri: &request.redirect_uri,
        challenge: &wish.challenge,
        code_hash: &code.hash(),
        code_expires_at: now + CODE_LASTS,
    };
    queries::insert(tx, &new, now).await?;
    // By this id the log later names the person and the application together.
    let noted = json!({"application": new.client, "scopes": new.scopes});
    tx.audit(Change::new(new.org, "authorisation.given", new.id).after(noted));
    Ok(AuthorisationStep::Return { to: request.back(issuer, &[("code", code.reveal())])? })
}

fn refused(request: &Request, issuer: &str, (error, text): Fault) -> ApiResult<AuthorisationStep> {
    let to = request.back(issuer, &[("error", error), ("error_description", text)])?;
    Ok(AuthorisationStep::Return { to })
}

/// Takes back what an application was allowed; its tokens are over at once.
pub(super) async fn take_back(tx: &mut Tx<'_>, user: Uuid, id: Uuid) -> ApiResult<()> {
    let now = tx.now();
    let client = queries::take_back(tx, user, id, now).await?.ok_or(ErrorCode::NotFound)?;
    tx.audit(Change::new(None, "application.disallowed", client));
    Ok(())
}
