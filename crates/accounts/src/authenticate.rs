//! Who calls: the access token names a session; one query finds the person, whether the session goes
//! on, and the role in the organisation acted in. A sign-out or a change of role counts at once.

use chrono::{DateTime, Utc};
use contract::ErrorCode;
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::Permissions;
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use platform::db::{Db, sql};
use platform::error::ApiResult;
use platform::guard::{Actor, Authenticate, Credentials, Member, Person};
use uuid::Uuid;

use crate::Accounts;
use crate::members::queries::role_named;
use crate::organisations::queries::kind_named;
use crate::tokens::AccessToken;

/// Without a chosen organisation a person acts in the one they joined first.
const CALLER: &str = "
SELECT person.email, session.confirmed_at, member.org_id, organisation.kind, member.role,
       coalesce(organisation.requires_second_factor, false)
       AND NOT EXISTS (SELECT FROM totp_secrets
                       WHERE user_id = session.user_id AND confirmed_at IS NOT NULL)
       AND NOT EXISTS (SELECT FROM passkeys WHERE user_id = session.user_id) AS lacks_second_factor
FROM sessions AS session
JOIN people AS person ON person.id = session.user_id
LEFT JOIN LATERAL (
    SELECT org_id, role FROM members
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
    #[diesel(sql_type = Bool)]
    lacks_second_factor: bool,
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
        match (caller.org_id, caller.kind, caller.role) {
            (Some(org_id), Some(kind), Some(role)) => {
                let (org_kind, role) = (kind_named(&kind)?, role_named(&role)?);
                let lacks_second_factor = caller.lacks_second_factor;
                let permissions =
                    if lacks_second_factor { Permissions::default() } else { role.permissions() };
                Ok(Actor::Member(Member { person, org_id, org_kind, role, permissions, lacks_second_factor }))
            }
            _ if credentials.organisation.is_some() => Err(ErrorCode::NotPermitted.into()),
            _ => Ok(Actor::Person(person)),
        }
    }
}
