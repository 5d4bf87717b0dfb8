//! A program shows its key: one query finds whose it is and what it may do.

use contract::ErrorCode;
use domain::Permissions;
use platform::db::Db;
use platform::error::ApiResult;
use platform::guard::{Actor, Credentials, Program, ProgramKind};

use super::{queries, secret};
use crate::Accounts;
use crate::cidr;
use crate::organisations::queries::kind_named;

impl Accounts {
    /// The program behind a key. `not_signed_in` for a key that is not good (any more),
    /// `network_not_allowed` for one that is shown from elsewhere, `not_permitted` for another
    /// organisation than the key's.
    pub(crate) async fn program(&self, db: &Db, credentials: Credentials<'_>) -> ApiResult<Actor> {
        let now = db.now();
        let (id, hash) = secret::read(credentials.bearer).ok_or(ErrorCode::NotSignedIn)?;
        let found = db.read(async |conn| queries::authenticate(conn, id, &hash, now).await).await?;
        let key = found.ok_or(ErrorCode::NotSignedIn)?;
        if !cidr::admits(&key.networks, credentials.ip) {
            return Err(ErrorCode::NetworkNotAllowed.into());
        }
        if credentials.organisation.is_some_and(|chosen| chosen != key.org_id) {
            return Err(ErrorCode::NotPermitted.into());
        }
        self.key_uses.count(id, now);
        Ok(Actor::Program(Program {
            kind: ProgramKind::Key,
            id,
            org_id: key.org_id,
            org_kind: kind_named(&key.kind)?,
            permissions: Permissions::named(key.permissions.iter().map(String::as_str)),
        }))
    }
}
