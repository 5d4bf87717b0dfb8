//! Who calls: the access token names a session; one query finds the person, whether the session goes
//! on, and the role in the organisation acted in. A sign-out or a change of role counts at once.

use chrono::{DateTime, Utc};
use contract::ErrorCode;
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{Array, Bool, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
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
use crate::known::Recognised;
use crate::organisations::queries::kind_named;
use crate::rights::Rights;
use crate::tokens::AccessToken;
use crate::{cidr, keys, oauth};

/// Without a chosen organisation a person acts in the one they joined first.
const CALLER: &str = "
SELECT person.email, session.confirmed_at, session.expires_at, member.org_id, organisation.kind, member.role,
       member.custom_permissions, member.grants, organisation.allowed_networks,
       coalesce(organisation.requires_second_factor, false)
       AND session.second_factor_org IS DISTINCT FROM organisation.id
       AND NOT EXISTS (SELECT FROM totp_secrets
                       WHERE user_id = session.user_id AND confirmed_at IS NOT NULL)
       AND NOT EXISTS (SELECT FROM passkeys WHERE user_id = session.user_id) AS lacks_second_factor
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
    #[diesel(sql_type = Timestamptz)]
    expires_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    org_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    kind: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    role: Option<String>,
    #[diesel(sql_type = Bool)]
    lacks_second_factor: bool,
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
        if credentials.bearer.starts_with(oauth::ACCESS_PREFIX) {
            return oauth::program(db, credentials).await;
        }
        let recognised = self.known.recognise(db, credentials, self.session(db, credentials)).await?;
        let outside = !cidr::admits(&recognised.networks, credentials.ip);
        Ok(match recognised.actor.clone() {
            Actor::Member(member) if outside => Actor::Member(barred(member, ErrorCode::NetworkNotAllowed)),
            actor => actor,
        })
    }

    /// Whose session an access token belongs to.
    async fn session(&self, db: &Db, credentials: Credentials<'_>) -> ApiResult<Recognised> {
        let now = db.now();
        let AccessToken { claims, jti, expires_at } = self.keys.read(credentials.bearer, now)?;
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
        let networks = caller.allowed_networks.unwrap_or_default();
        let actor = match (caller.org_id, caller.kind, caller.role, caller.grants) {
            (Some(org_id), Some(kind), Some(role), Some(grants)) => {
                let rights = Rights::of(&role, caller.custom_permissions.as_deref(), grants)?;
                let member = member(person, (org_id, kind_named(&kind)?), rights);
                Actor::Member(if caller.lacks_second_factor {
                    barred(member, ErrorCode::SecondFactorRequired)
                } else {
                    member
                })
            }
            _ if credentials.organisation.is_some() => return Err(ErrorCode::NotPermitted.into()),
            _ => Actor::Person(person),
        };
        Ok(Recognised { actor, networks, ends: Some(expires_at.min(caller.expires_at)) })
    }
}

fn member(person: Person, (org_id, org_kind): (Uuid, OrganisationKind), rights: Rights) -> Member {
    let Rights { role, permissions, narrow } = rights;
    Member { person, org_id, org_kind, role, permissions, narrow, barred: None }
}

/// Somebody who does not meet what the organisation asks of its members (a network, a second factor) is a
/// person as before, and may do nothing in it.
fn barred(member: Member, why: ErrorCode) -> Member {
    Member { permissions: Permissions::NONE, narrow: Vec::new(), barred: Some(why), ..member }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use diesel::sql_types::Text;
    use diesel_async::RunQueryDsl;
    use testkit::{Setup, TestApp};

    use super::*;

    #[derive(QueryableByName)]
    struct Line {
        #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
        line: String,
    }

    #[derive(QueryableByName)]
    struct Table {
        #[diesel(sql_type = Text)]
        name: String,
    }

    /// The tables a query reads, by PostgreSQL's own plan.
    async fn tables_of(app: &TestApp, query: &str, values: &[&str]) -> BTreeSet<String> {
        let bind = |query: String, (at, value): (usize, &&str)| query.replace(&format!("${}", at + 1), value);
        let explain = values.iter().enumerate().fold(format!("EXPLAIN {query}"), bind);
        let plan: Vec<Line> = app.sql(async |conn| Ok(diesel::sql_query(explain).load(conn).await?)).await;
        let all = app
            .sql(async |conn| {
                let tables = "SELECT relname::text AS name FROM pg_class
                               WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace";
                Ok(diesel::sql_query(tables).load::<Table>(conn).await?)
            })
            .await;
        let reads = |table: &str| {
            plan.iter().any(|plan| plan.line.split(' ').any(|word| word.trim_end_matches(')') == table))
        };
        all.into_iter().map(|table| table.name).filter(|name| reads(name)).collect()
    }

    #[tokio::test]
    async fn every_table_that_tells_who_calls_tells_of_its_changes() {
        let app = Setup::new().start().await;
        let id = "'00000000-0000-0000-0000-000000000001'::uuid";
        let mut read = tables_of(&app, CALLER, &[id, id, id, "now()", id]).await;
        assert!(read.contains("members") && read.contains("grants") && read.len() >= 10, "{read:?}");
        read.extend(tables_of(&app, oauth::SHOWN, &["''::bytea", "now()"]).await);
        assert!(read.contains("oauth_authorisations"), "{read:?}");
        let heard: Vec<Table> = app
            .sql(async |conn| {
                let tables =
                    "SELECT tgrelid::regclass::text AS name FROM pg_trigger WHERE tgname = 'rights_heard'";
                Ok(diesel::sql_query(tables).load(conn).await?)
            })
            .await;
        let heard: BTreeSet<String> = heard.into_iter().map(|table| table.name).collect();
        let silent: Vec<_> = read.difference(&heard).collect();
        assert!(silent.is_empty(), "changes of {silent:?} are not heard: see the migration rights_heard");
    }
}
