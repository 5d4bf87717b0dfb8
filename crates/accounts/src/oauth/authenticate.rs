//! An application shows an access token: one query finds whose it is, and what it and the person it acts
//! for may do now.

use chrono::{DateTime, Utc};
use contract::ErrorCode;
use diesel::OptionalExtension as _;
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{Array, Binary, Bool, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use domain::{OrganisationKind, Permissions};
use platform::db::{Conn, Db, sql};
use platform::error::ApiResult;
use platform::guard::{Actor, Behalf, Credentials, Narrow, Program, ProgramKind};
use serde_json::Value;
use uuid::Uuid;

use super::scopes;
use crate::cidr;
use crate::organisations::queries::kind_named;
use crate::random_secret;
use crate::rights::Rights;

/// A good access token. Without `offline_access` it ends with the session it was given from.
pub(crate) const SHOWN: &str = "
SELECT a.id, a.client_id, a.user_id, a.org_id, organisation.kind, token.scopes, client.scopes AS allowed,
       member.role, member.custom_permissions, member.grants, organisation.allowed_networks,
       coalesce(organisation.requires_second_factor, false)
       AND NOT EXISTS (SELECT FROM totp_secrets WHERE user_id = a.user_id AND confirmed_at IS NOT NULL)
       AND NOT EXISTS (SELECT FROM passkeys WHERE user_id = a.user_id) AS lacks_second_factor
  FROM oauth_tokens AS token
  JOIN oauth_authorisations AS a ON a.id = token.authorisation_id
  JOIN oauth_clients AS client ON client.id = a.client_id
  LEFT JOIN organisations AS organisation ON organisation.id = a.org_id
  LEFT JOIN member_rights AS member ON member.org_id = a.org_id AND member.user_id = a.user_id
 WHERE token.hash = $1 AND token.kind = 'access' AND token.expires_at > $2 AND token.spent_at IS NULL
   AND a.revoked_at IS NULL
   AND (a.user_id IS NULL OR 'offline_access' = ANY(a.scopes) OR EXISTS (
        SELECT FROM sessions WHERE id = a.session_id AND ended_at IS NULL AND expires_at > $2))";

#[derive(QueryableByName)]
struct Shown {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    client_id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    user_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    org_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    kind: Option<String>,
    #[diesel(sql_type = Array<Text>)]
    scopes: Vec<String>,
    #[diesel(sql_type = Array<Text>)]
    allowed: Vec<String>,
    #[diesel(sql_type = Nullable<Text>)]
    role: Option<String>,
    #[diesel(sql_type = Nullable<Array<Text>>)]
    custom_permissions: Option<Vec<String>>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    grants: Option<Value>,
    #[diesel(sql_type = Nullable<Array<Text>>)]
    allowed_networks: Option<Vec<String>>,
    #[diesel(sql_type = Bool)]
    lacks_second_factor: bool,
}

impl Shown {
    /// What the token may ask for: what the application was registered for in the meantime, too.
    fn permissions(&self) -> Permissions {
        both(scopes::permissions(&self.scopes), scopes::permissions(&self.allowed))
    }
}

/// What is in both.
fn both(one: Permissions, other: Permissions) -> Permissions {
    one.iter().filter(|permission| other.contains(*permission)).collect()
}

/// The application behind an access token. `not_signed_in` for a token that is not good (any more),
/// `not_permitted` for another organisation than the token's.
pub(crate) async fn program(db: &Db, credentials: Credentials<'_>) -> ApiResult<Actor> {
    let (now, hash) = (db.now(), random_secret::hash(credentials.bearer));
    let found = db.read(async |conn| find(conn, &hash, now).await).await?;
    let shown = found.ok_or(ErrorCode::NotSignedIn)?;
    if credentials.organisation.is_some_and(|chosen| Some(chosen) != shown.org_id) {
        return Err(ErrorCode::NotPermitted.into());
    }
    let org_kind = shown.kind.as_deref().map(kind_named).transpose()?.unwrap_or(OrganisationKind::Client);
    let mut program = Program {
        kind: ProgramKind::Client,
        id: shown.client_id,
        org_id: shown.org_id.unwrap_or_default(),
        org_kind,
        permissions: shown.permissions(),
        behalf: None,
    };
    if let Some(user_id) = shown.user_id {
        let (permissions, narrow, barred) = delegated(&shown, credentials)?;
        program.permissions = permissions;
        program.behalf = Some(Behalf { user_id, authorisation_id: shown.id, narrow, barred });
    }
    Ok(Actor::Program(program))
}

/// What the person may do now, as far as the scopes reach.
fn delegated(
    shown: &Shown,
    credentials: Credentials<'_>,
) -> ApiResult<(Permissions, Vec<Narrow>, Option<ErrorCode>)> {
    let (Some(role), Some(grants)) = (&shown.role, &shown.grants) else {
        return Ok((Permissions::NONE, Vec::new(), None));
    };
    let networks = shown.allowed_networks.as_deref().unwrap_or_default();
    let barred = if !cidr::admits(networks, credentials.ip) {
        Some(ErrorCode::NetworkNotAllowed)
    } else if shown.lacks_second_factor {
        Some(ErrorCode::SecondFactorRequired)
    } else {
        None
    };
    if barred.is_some() {
        return Ok((Permissions::NONE, Vec::new(), barred));
    }
    let rights = Rights::of(role, shown.custom_permissions.as_deref(), grants.clone())?;
    let scopes = shown.permissions();
    let narrow = rights.narrow.into_iter().map(|narrow| {
        let permissions = both(narrow.permissions, scopes);
        Narrow { permissions, ..narrow }
    });
    Ok((both(rights.permissions, scopes), narrow.collect(), None))
}

async fn find(conn: &mut Conn, hash: &[u8], now: DateTime<Utc>) -> ApiResult<Option<Shown>> {
    let query = sql(SHOWN).bind::<Binary, _>(hash).bind::<Timestamptz, _>(now);
    Ok(query.get_result(conn).await.optional()?)
}
