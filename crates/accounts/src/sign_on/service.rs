//! The rules of arriving: whose account it is that a provider speaks of.

use contract::ErrorCode;
use domain::ids::new_id;
use domain::{AccountLetter, Locale};
use platform::audit::Change;
use platform::db::{Conn, Db, Tx, sql};
use platform::error::ApiResult;
use platform::state::App;
use serde_json::{Value, json};
use uuid::Uuid;

use super::membership;
use crate::identity_providers::{self, Provider};
use crate::passwords::NO_PASSWORD;
use crate::people::queries::NewPerson;
use crate::post::post;
use crate::{identities, links, people};

/// What a provider, whose answer was proven genuine, says of somebody.
pub(crate) struct Arrival {
    /// Its lasting name for them.
    pub(crate) subject: String,
    pub(crate) email: Option<String>,
    /// Whether it says that the address was proven; some say nothing of that.
    pub(crate) email_verified: Option<bool>,
    pub(crate) name: Option<String>,
    /// The language of the browser they came with.
    pub(crate) locale: Locale,
    /// All it says, for the rules that give roles.
    pub(crate) claims: Value,
}

/// Whose account it is. Known by the identity, or the one it is to be added to; else, for an organisation's
/// provider, by a proven address in the organisation's proven domains. An account is made where there is
/// none. The role in the organisation follows from what the provider says.
pub(crate) async fn arrive(
    tx: &mut Tx<'_>,
    app: &App,
    provider: &Provider,
    arrival: &Arrival,
    linking: Option<Uuid>,
) -> ApiResult<Uuid> {
    let (now, key) = (tx.now(), (provider.id, arrival.subject.as_str()));
    let email = arrival.email.as_deref().unwrap_or_default().trim();
    let email = if email.chars().count() <= 254 { email } else { "" };
    let user_id = match identities::queries::used(tx, key, email, now).await? {
        Some(known) if linking.is_some_and(|person| person != known) => {
            return Err(ErrorCode::IdentityTaken.into());
        }
        Some(known) => known,
        None => {
            let (user_id, known_before) = match linking {
                Some(person) => (person, true),
                None => account(tx, provider, arrival, email).await?,
            };
            identities::queries::insert(tx, new_id(), key, user_id, email, now).await?;
            let change = Change::new(None, "identity.added", user_id);
            tx.audit(change.after(json!({"provider": provider.id, "organisation": provider.org_id})));
            if known_before {
                tell(tx, app, provider, user_id).await?;
            }
            user_id
        }
    };
    if !provider.public {
        membership::follow(tx, provider, &arrival.claims, user_id).await?;
    }
    Ok(user_id)
}

/// The account of somebody who comes for the first time, and whether it was there before.
async fn account(
    tx: &mut Tx<'_>,
    provider: &Provider,
    arrival: &Arrival,
    email: &str,
) -> ApiResult<(Uuid, bool)> {
    must_be_theirs(tx, provider, arrival.email_verified, email).await?;
    let now = tx.now();
    let person = NewPerson {
        id: new_id(),
        email,
        name: &name(arrival, email),
        locale: arrival.locale.code(),
        password_hash: NO_PASSWORD,
        created_at: now,
    };
    if people::queries::insert(tx, &person).await? {
        people::queries::set_verified(tx, person.id, now).await?;
        tx.audit(Change::new(None, "person.signed_up", person.id).after(json!({"provider": provider.id})));
        return Ok((person.id, false));
    }
    let Some(known) = people::queries::by_address(tx, email).await? else {
        return Err(ErrorCode::Unavailable.into()); // gone in this very moment
    };
    if known.verified {
        // Anybody's provider is no word about an account that is there: its owner adds it, signed in.
        return if provider.public {
            Err(ErrorCode::SignOnAddressKnown.into())
        } else {
            Ok((known.id, true))
        };
    }
    // Whoever asked for this account never proved that the address is theirs: their password has no part.
    people::queries::set_password(tx, known.id, NO_PASSWORD).await?;
    links::withdraw(tx, known.id, links::Link::Verify).await?;
    people::queries::set_verified(tx, known.id, now).await?;
    tx.audit(Change::new(None, "person.verified", known.id));
    Ok((known.id, false))
}

/// Refuses an address that nobody vouches for. Whoever owns a domain owns all addresses of it: within the proven
/// domains of the organisation a provider that says nothing is believed, one that says no is not.
async fn must_be_theirs(
    tx: &mut Tx<'_>,
    provider: &Provider,
    said: Option<bool>,
    email: &str,
) -> ApiResult<()> {
    let owned = !provider.public && owns_domain_of(tx, provider.org_id, email).await?;
    if email.is_empty() || !said.unwrap_or(owned) {
        return Err(ErrorCode::SignOnAddressUnproven.into());
    }
    if provider.public || owned { Ok(()) } else { Err(ErrorCode::SignOnForeignAddress.into()) }
}

async fn tell(tx: &mut Tx<'_>, app: &App, provider: &Provider, user_id: Uuid) -> ApiResult<()> {
    let to = people::queries::addressee(tx, user_id).await?;
    let letter = AccountLetter::IdentityAdded {
        provider: provider.name.clone(),
        organisation: provider.organisation.clone(),
        link: format!("{}/account/security", app.config.public_url()),
    };
    post(tx, &app.keys, &to, &letter).await
}

/// How the person is called: as the provider says, else by their address; one plain line.
fn name(arrival: &Arrival, email: &str) -> String {
    let told = arrival.name.as_deref().unwrap_or_default();
    let plain: String = told.chars().filter(|c| !c.is_control() && !contract::text::is_hidden(*c)).collect();
    let plain: String = plain.trim().chars().take(100).collect();
    if !plain.is_empty() {
        return plain;
    }
    email.split('@').next().unwrap_or(email).chars().take(100).collect()
}

/// The domain of an address, in lower case.
pub(super) fn domain_of(email: &str) -> Option<String> {
    let (_, domain) = email.trim().rsplit_once('@')?;
    (!domain.is_empty()).then(|| domain.to_lowercase())
}

async fn owns_domain_of(conn: &mut Conn, org: Uuid, email: &str) -> ApiResult<bool> {
    use diesel::sql_types::{Bool, Text, Uuid as SqlUuid};
    use diesel_async::RunQueryDsl as _;
    #[derive(diesel::QueryableByName)]
    struct Answer {
        #[diesel(sql_type = Bool)]
        yes: bool,
    }
    let Some(domain) = domain_of(email) else { return Ok(false) };
    let answer: Answer = sql("
        SELECT EXISTS (SELECT FROM organisation_domains
                        WHERE org_id = $1 AND domain = $2 AND verified_at IS NOT NULL) AS yes")
    .bind::<SqlUuid, _>(org)
    .bind::<Text, _>(domain)
    .get_result(conn)
    .await?;
    Ok(answer.yes)
}

/// Refuses a password, or a passkey of ours, of somebody whose organisation wants its own sign-in used.
/// Asked once the proof was right, so a stranger learns nothing.
pub(crate) async fn refuse_password(db: &Db, user_id: Uuid) -> ApiResult<()> {
    let required =
        db.read(async |conn| identity_providers::queries::is_required(conn, user_id).await).await?;
    if required { Err(ErrorCode::SignOnRequired.into()) } else { Ok(()) }
}
