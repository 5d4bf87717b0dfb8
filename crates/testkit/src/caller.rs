//! People of tests: real rows, and tokens that say who somebody is without a password.

use chrono::{DateTime, Utc};
use contract::ErrorCode;
use diesel::sql_types::Uuid as SqlUuid;
use diesel_async::RunQueryDsl as _;
use domain::{OrganisationKind, Permission, Role, Scope};
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use platform::db::{Db, sql};
use platform::error::ApiResult;
use platform::guard::{Actor, Authenticate, Credentials, Member, Narrow, Person};
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

    /// The same member, who holds a role for one event or venue as well.
    #[must_use]
    pub fn narrowed(&self, role: Role, scope: Scope) -> Self {
        let id = scope.id().unwrap_or_default();
        Self {
            token: format!("{}.+{}-{}-{}", self.token, role.name(), scope.kind(), id.simple()),
            ..self.clone()
        }
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
        let actor: ApiResult<Actor> =
            read(credentials.bearer, db.now()).ok_or_else(|| ErrorCode::NotSignedIn.into());
        let actor = match (actor, credentials.organisation) {
            (Ok(Actor::Member(member)), Some(chosen)) if member.org_id != chosen => {
                Err(ErrorCode::NotPermitted.into())
            }
            (actor, _) => actor,
        };
        async move {
            let mut actor = actor?;
            if let Actor::Member(Member { org_id, narrow, .. }) = &mut actor {
                for narrow in narrow {
                    reached(db, *org_id, narrow).await?;
                }
            }
            Ok(actor)
        }
        .boxed_local()
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
            let (narrow, without): (Vec<_>, Vec<_>) = parts.partition(|part| part.starts_with('+'));
            let kept =
                |permission: &Permission| without.iter().all(|name| hex::encode(permission.name()) != *name);
            Some(Actor::Member(Member {
                person,
                org_id: org.parse().ok()?,
                org_kind,
                role,
                permissions: role.permissions().iter().filter(kept).collect(),
                narrow: narrow.into_iter().map(narrowed).collect::<Option<_>>()?,
                barred: None,
            }))
        }
        _ => Some(Actor::Person(person)),
    }
}

/// `+viewer-event-0190…`
fn narrowed(part: &str) -> Option<Narrow> {
    let mut parts = part.strip_prefix('+')?.splitn(3, '-');
    let role = Role::from_name(parts.next()?)?;
    let scope = Scope::of(parts.next()?, Some(parts.next()?.parse().ok()?))?;
    let permissions = role.permissions().narrowed();
    Some(Narrow { scope, permissions, events: Vec::new(), venue: Uuid::nil() })
}

/// Finds the events within reach.
async fn reached(db: &Db, org: Uuid, narrow: &mut Narrow) -> ApiResult<()> {
    #[derive(diesel::QueryableByName)]
    struct Row {
        #[diesel(sql_type = SqlUuid)]
        id: Uuid,
        #[diesel(sql_type = SqlUuid)]
        venue_id: Uuid,
    }
    let id = narrow.scope.id().unwrap_or_default();
    let find = sql("SELECT id, venue_id FROM events WHERE org_id = $1 AND (id = $2 OR venue_id = $2)")
        .bind::<SqlUuid, _>(org)
        .bind::<SqlUuid, _>(id);
    let rows: Vec<Row> = db.read(async |conn| Ok(find.load(conn).await?)).await?;
    narrow.venue = if let [row, ..] = &rows[..] { row.venue_id } else { id };
    narrow.events = rows.into_iter().map(|row| row.id).collect();
    Ok(())
}
