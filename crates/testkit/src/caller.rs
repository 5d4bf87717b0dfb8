//! People of tests: real rows, and tokens that say who somebody is without a password.

use chrono::{DateTime, Utc};
use contract::ErrorCode;
use domain::{OrganisationKind, Permission, Role};
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use platform::db::Db;
use platform::error::ApiResult;
use platform::guard::{Actor, Authenticate, Credentials, Member, Person};
use uuid::Uuid;

/// Somebody who calls, with the token to send.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The account.
    pub user_id: Uuid,
    /// The organisation acted in, if any.
    pub org_id: Option<Uuid>,
    /// The account's address.
    pub email: String,
    /// Goes into `Authorization: Bearer …`.
    pub token: String,
}

impl Caller {
    pub(crate) fn new(user_id: Uuid, email: String, place: Option<(Uuid, Role)>) -> Self {
        let token = match place {
            Some((org_id, role)) => format!("test.{user_id}.{email}.{org_id}.{}", role.name()),
            None => format!("test.{user_id}.{email}"),
        };
        // Dots separate; an address has its own, so it travels in hexadecimal.
        let token = token.replace(&email, &hex::encode(&email));
        Self { user_id, org_id: place.map(|(org_id, _)| org_id), email, token }
    }

    /// The same member of an organisation of another kind; tokens say promoter otherwise.
    #[must_use]
    pub fn acting_for(&self, kind: OrganisationKind) -> Self {
        Self { token: format!("{}~{}", self.token, kind.name()), ..self.clone() }
    }

    /// The same member with all permissions of their role but this one.
    #[must_use]
    pub fn without(&self, permission: Permission) -> Self {
        // The kind of organisation stays last.
        let (token, kind) =
            self.token.split_once('~').map_or((self.token.as_str(), None), |(t, k)| (t, Some(k)));
        let token = format!("{token}.{}", hex::encode(permission.name()));
        Self { token: kind.map_or(token.clone(), |kind| format!("{token}~{kind}")), ..self.clone() }
    }
}

/// Believes the tokens of [`Caller`]; areas other than accounts are tested with it.
pub(crate) struct TestAuthenticate;

impl Authenticate for TestAuthenticate {
    fn authenticate<'a>(
        &'a self,
        db: &'a Db,
        credentials: Credentials<'a>,
    ) -> LocalBoxFuture<'a, ApiResult<Actor>> {
        let actor = read(credentials.bearer, db.now()).ok_or_else(|| ErrorCode::NotSignedIn.into());
        let actor = match (actor, credentials.organisation) {
            (Ok(Actor::Member(member)), Some(chosen)) if member.org_id != chosen => {
                Err(ErrorCode::NotPermitted.into())
            }
            (actor, _) => actor,
        };
        async move { actor }.boxed_local()
    }
}

fn read(token: &str, now: DateTime<Utc>) -> Option<Actor> {
    let (token, kind) = token.split_once('~').unwrap_or((token, OrganisationKind::Promoter.name()));
    let org_kind = OrganisationKind::from_name(kind)?;
    let mut parts = token.strip_prefix("test.")?.split('.');
    let user_id = parts.next()?.parse().ok()?;
    let email = String::from_utf8(hex::decode(parts.next()?).ok()?).ok()?;
    let person = Person { user_id, session_id: Uuid::nil(), email, confirmed_at: now };
    match (parts.next(), parts.next()) {
        (Some(org), Some(role)) => {
            let role = Role::from_name(role)?;
            let without = parts.next();
            let kept =
                |permission: &Permission| without.is_none_or(|name| hex::encode(permission.name()) != name);
            Some(Actor::Member(Member {
                person,
                org_id: org.parse().ok()?,
                org_kind,
                role,
                permissions: role.permissions().iter().filter(kept).collect(),
            }))
        }
        _ => Some(Actor::Person(person)),
    }
}
