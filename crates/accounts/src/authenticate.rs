//! Who calls: the access token names a session; one query finds the person, whether the session goes
//! on, and the role in the organisation acted in. A sign-out or a change of role counts at once.

use chrono::{DateTime, Utc};
use contract::ErrorCode;
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{Array, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::{OrganisationKind, Permissions};
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use platform::db::{Db, sql};
use platform::error::ApiResult;
use platform::guard::{Actor, Authenticate, Credentials, Member, Person};
use serde_json::Value;
use uuid::Uuid;

use crate::Accounts;
use crate::organisations::queries::kind_named;
use crate::rights::Rights;
use crate::tokens::AccessToken;
use crate::{cidr, keys};

/// Without a chosen organisation a person acts in the one they joined first.
const CALLER: &str = "
SELECT person.email, session.confirmed_at, member.org_id, organisation.kind, member.role,
       member.custom_permissions, member.grants, organisation.allowed_networks
FROM sessions AS session
JOIN people AS person ON person.id = session.user_id
LEFT JOIN LATERAL (
    SELECT org_id, role, custom_permissions, grants FROM member_rights
    WHERE user_id = session.user_id AND ($3 IS NULL OR org_id = $3)
    ORDER BY created_at, org_id LIMIT 1
) AS member ON true
LEFT JOIN organisations AS organisation ON organisation.id = member.org_id
WHERE session.id = $1 AND session.user_id = $2
  AND session.ended_at IS NULL AND session.expires_at > $4
  AND NOT EXISTS (SELECT FROM denied_tokens WHERE jti = $5)";

#[derive(QueryableByName)]
struct Caller {
    #[diesel(sql_type = Text)]
    email: String,
    #[diesel(sql_type = Timestamptz)]
    confirmed_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    org_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    kind: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    role: Option<String>,
    #[diesel(sql_type = Nullable<Array<Text>>)]
    custom_permissions: Option<Vec<String>>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    grants: Option<Value>,
    #[diesel(sql_type = Nullable<Array<Text>>)]
    allowed_networks: Option<Vec<String>>,
}

impl Authenticate for Accounts {
    fn authenticate<'a>(
        &'a self,
        db: &'a Db,
        credentials: Credentials<'a>,
    ) -> LocalBoxFuture<'a, ApiResult<Actor>> {
        self.actor(db, credentials).boxed_local()
    }
}

impl Accounts {
    async fn actor(&self, db: &Db, credentials: Credentials<'_>) -> ApiResult<Actor> {
        if credentials.bearer.starts_with(keys::PREFIX) {
            return self.program(db, credentials).await;
        }
        let now = db.now();
        let AccessToken { claims, jti, .. } = self.keys.read(credentials.bearer, now)?;
        let query = sql(CALLER)
            .bind::<SqlUuid, _>(claims.session_id)
            .bind::<SqlUuid, _>(claims.user_id)
            .bind::<Nullable<SqlUuid>, _>(credentials.organisation)
            .bind::<Timestamptz, _>(now)
            .bind::<SqlUuid, _>(jti);
        let rows: Vec<Caller> = db.read(async |conn| Ok(query.load(conn).await?)).await?;
        let caller = rows.into_iter().next().ok_or(ErrorCode::NotSignedIn)?;
        let person = Person {
            user_id: claims.user_id,
            session_id: claims.session_id,
            email: caller.email,
            confirmed_at: caller.confirmed_at,
        };
        match (caller.org_id, caller.kind, caller.role, caller.grants) {
            (Some(org_id), Some(kind), Some(role), Some(grants)) => {
                let rights = Rights::of(&role, caller.custom_permissions.as_deref(), grants)?;
                let networks = caller.allowed_networks.unwrap_or_default();
                let member = member(person, (org_id, kind_named(&kind)?), rights);
                Ok(Actor::Member(if cidr::admits(&networks, credentials.ip) {
                    member
                } else {
                    barred(member)
                }))
            }
            _ if credentials.organisation.is_some() => Err(ErrorCode::NotPermitted.into()),
            _ => Ok(Actor::Person(person)),
        }
    }
}

fn member(person: Person, (org_id, org_kind): (Uuid, OrganisationKind), rights: Rights) -> Member {
    let Rights { role, permissions, narrow } = rights;
    Member { person, org_id, org_kind, role, permissions, narrow, barred: None }
}

/// Outside the networks of the organisation somebody is a person as before, and may do nothing in it.
fn barred(member: Member) -> Member {
    let barred = Some(ErrorCode::NetworkNotAllowed);
    Member { permissions: Permissions::NONE, narrow: Vec::new(), barred, ..member }
}
