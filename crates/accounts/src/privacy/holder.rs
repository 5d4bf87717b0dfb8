//! What accounts hold of a person: the account itself, their sessions, memberships and consents, and the
//! entries of the audit log about them.

use chrono::{DateTime, Utc};
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{Array, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use platform::db::{Conn, Tx, sql};
use platform::error::ApiResult;
use platform::keys::MasterKey;
use platform::privacy::{Holder, Subject, Touched, change_of, older_than, part_of};
use serde_json::Value;
use uuid::Uuid;

use crate::audit;

/// The accounts of people.
pub struct People;

/// Secrets are left out: a hash of a password tells nobody anything and helps a thief.
const EXPORT: &str = "
SELECT jsonb_build_object(
    'person', (SELECT to_jsonb(person) - 'password_hash' FROM people AS person WHERE id = $1),
    'sessions', (SELECT coalesce(jsonb_agg(to_jsonb(session) - 'user_id' ORDER BY created_at), '[]')
                   FROM sessions AS session WHERE user_id = $1),
    'memberships', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                           'organisation', o.name, 'role', m.role, 'since', m.created_at) ORDER BY m.created_at), '[]')
                      FROM members AS m JOIN organisations AS o ON o.id = m.org_id WHERE m.user_id = $1),
    'teams', (SELECT coalesce(jsonb_agg(t.name ORDER BY t.name), '[]')
                FROM team_members AS tm JOIN teams AS t ON t.id = tm.team_id WHERE tm.user_id = $1),
    'grants', (SELECT coalesce(jsonb_agg(jsonb_build_object('role', g.role, 'scope', g.scope_kind, 'id', g.scope_id)), '[]')
                 FROM grants AS g WHERE g.user_id = $1),
    'invitations', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                           'organisation', o.name, 'role', i.role, 'at', i.created_at) ORDER BY i.created_at), '[]')
                      FROM invitations AS i JOIN organisations AS o ON o.id = i.org_id WHERE lower(i.email) = ANY($2)),
    'passkeys', (SELECT coalesce(jsonb_agg(jsonb_build_object('name', name, 'since', created_at) ORDER BY created_at), '[]')
                   FROM passkeys WHERE user_id = $1),
    'identities', (SELECT coalesce(jsonb_agg(jsonb_build_object('provider', p.name, 'subject', i.subject,
                          'email', i.email, 'since', i.created_at) ORDER BY i.created_at), '[]')
                     FROM identities AS i JOIN identity_providers AS p ON p.id = i.provider_id WHERE i.user_id = $1),
    'connections', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                           'application', c.name, 'scopes', given.scopes, 'since', given.given_at) ORDER BY given.given_at), '[]')
                      FROM oauth_consents AS given JOIN oauth_clients AS c ON c.id = given.client_id WHERE given.user_id = $1),
    'known_devices', (SELECT coalesce(jsonb_agg(to_jsonb(d) - 'user_id'), '[]') FROM known_devices AS d WHERE user_id = $1),
    'consents', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                        'policy', p.kind, 'version', p.version, 'given', c.given, 'at', c.at, 'ip', c.ip,
                        'how', c.how) ORDER BY c.at, c.id), '[]')
                   FROM consents AS c JOIN policies AS p ON p.id = c.policy_id WHERE c.user_id = $1 OR c.order_id = ANY($3)),
    'exports', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                       'requested_at', requested_at, 'ready_at', ready_at) ORDER BY requested_at), '[]')
                  FROM data_exports WHERE user_id = $1),
    'activity', (SELECT coalesce(jsonb_agg(to_jsonb(entry) ORDER BY position), '[]') FROM (
                    SELECT position, created_at, action, subject_id, ip, session_id, before, after FROM audit_log
                    WHERE actor_id = $1 OR subject_id = $1 ORDER BY position DESC LIMIT 10000) AS entry)
) AS part";

/// The account stays as a number without a face, because orders, scans and the audit log name it.
const ERASE: &[&str] = &[
    "DELETE FROM refresh_tokens WHERE session_id IN (SELECT id FROM sessions WHERE user_id = $1)",
    "DELETE FROM factor_challenges WHERE user_id = $1 OR session_id IN (SELECT id FROM sessions WHERE user_id = $1)",
    "DELETE FROM totp_secrets WHERE user_id = $1",
    "DELETE FROM recovery_codes WHERE user_id = $1",
    "DELETE FROM passkeys WHERE user_id = $1",
    "DELETE FROM identities WHERE user_id = $1",
    "DELETE FROM sign_on_attempts WHERE linking = $1 OR arrived = $1",
    "DELETE FROM known_devices WHERE user_id = $1",
    "DELETE FROM oauth_consents WHERE user_id = $1",
    "DELETE FROM oauth_authorisations WHERE user_id = $1",
    "DELETE FROM account_links WHERE user_id = $1",
    "DELETE FROM grants WHERE user_id = $1",
    "DELETE FROM team_members WHERE user_id = $1",
    "DELETE FROM invitations WHERE lower(email) = ANY($2)",
    "DELETE FROM sessions WHERE user_id = $1",
    "DELETE FROM members WHERE user_id = $1",
    "DELETE FROM data_exports WHERE user_id = $1",
    "UPDATE consents SET ip = NULL WHERE user_id = $1 OR order_id = ANY($3)",
    "UPDATE people SET email = 'erased-' || id || '@erased.invalid', name = '-', locale = 'en', password_hash = '-',
            verified_at = NULL
     WHERE id = $1",
];

const RETAIN: &[(&str, &str)] = &[
    (
        "session_places",
        "UPDATE sessions SET user_agent = '', device = '', ip = NULL, country = NULL, city = NULL, latitude = NULL,
                longitude = NULL
         WHERE last_used_at < $1 AND (user_agent <> '' OR device <> '' OR ip IS NOT NULL OR country IS NOT NULL
            OR city IS NOT NULL OR latitude IS NOT NULL)",
    ),
    ("sign_in_attempts", "DELETE FROM sign_in_attempts WHERE last_tried_at < $1"),
    (
        "sign_in_attempts",
        // Who never signs out is known by the places they came from, however long ago that was.
        "DELETE FROM known_devices AS device WHERE last_seen_at < $1 AND NOT EXISTS (
            SELECT FROM sessions AS session WHERE session.user_id = device.user_id
               AND session.ended_at IS NULL AND session.last_used_at >= $1)",
    ),
    ("audit_addresses", "UPDATE consents SET ip = NULL WHERE ip IS NOT NULL AND at < $1"),
    ("data_exports", "DELETE FROM data_exports WHERE expires_at < $1"),
];

const TOUCHED: &str = "
SELECT id AS subject_id, id AS person_id FROM people WHERE id = ANY($1)
UNION ALL SELECT id, user_id FROM sessions WHERE id = ANY($1)";

#[derive(QueryableByName)]
struct TouchedRow {
    #[diesel(sql_type = SqlUuid)]
    subject_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    person_id: Uuid,
}

impl Holder for People {
    fn part(&self) -> &'static str {
        "account"
    }

    fn export<'a>(
        &'a self,
        conn: &'a mut Conn,
        _: &'a MasterKey,
        subject: &'a Subject,
    ) -> LocalBoxFuture<'a, ApiResult<Value>> {
        part_of(conn, EXPORT, subject).boxed_local()
    }

    fn erase<'a>(&'a self, tx: &'a mut Tx<'_>, subject: &'a Subject) -> LocalBoxFuture<'a, ApiResult<()>> {
        async move {
            for statement in ERASE {
                change_of(tx, statement, subject).await?;
            }
            Ok(())
        }
        .boxed_local()
    }

    fn retain<'a>(
        &'a self,
        tx: &'a mut Tx<'_>,
        rule: &'a str,
        before: DateTime<Utc>,
    ) -> LocalBoxFuture<'a, ApiResult<Option<usize>>> {
        async move {
            let mut rows = None;
            for (_, statement) in RETAIN.iter().filter(|(name, _)| *name == rule) {
                rows = Some(rows.unwrap_or(0) + older_than(tx, statement, before).await?);
            }
            if rule == "audit_addresses" {
                let forgotten = audit::forget_addresses(tx, before).await?;
                rows = Some(rows.unwrap_or(0) + usize::try_from(forgotten).unwrap_or(0));
            }
            Ok(rows)
        }
        .boxed_local()
    }

    fn touched<'a>(
        &'a self,
        conn: &'a mut Conn,
        ids: &'a [Uuid],
    ) -> LocalBoxFuture<'a, ApiResult<Vec<Touched>>> {
        async move {
            let rows = sql(TOUCHED).bind::<Array<SqlUuid>, _>(ids).load::<TouchedRow>(conn).await?;
            let kinds = &["name", "address"][..];
            let touched = |row: TouchedRow| Touched {
                subject_id: row.subject_id,
                owner_id: row.person_id,
                person_id: Some(row.person_id),
                kinds,
            };
            Ok(rows.into_iter().map(touched).collect())
        }
        .boxed_local()
    }
}
