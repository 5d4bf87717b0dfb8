//! A program shows its key: one query finds whose it is and what it may do.

use contract::ErrorCode;
use domain::Permissions;
use platform::db::Db;
use platform::error::ApiResult;
use platform::guard::{Actor, Credentials, Program, ProgramKind};

use super::{queries, secret};
use crate::Accounts;
use crate::cidr;
use crate::known::Recognised;
use crate::organisations::queries::kind_named;

impl Accounts {
    /// The program behind a key. `not_signed_in` for a key that is not good (any more),
    /// `network_not_allowed` for one that is shown from elsewhere, `not_permitted` for another
    /// organisation than the key's.
    pub(crate) async fn program(&self, db: &Db, credentials: Credentials<'_>) -> ApiResult<Actor> {
        let recognised = self.known.recognise(db, credentials, holder(db, credentials)).await?;
        if !cidr::admits(&recognised.networks, credentials.ip) {
            return Err(ErrorCode::NetworkNotAllowed.into());
        }
        let (org, ..) = recognised.actor.place().ok_or(ErrorCode::NotSignedIn)?;
        if credentials.organisation.is_some_and(|chosen| chosen != org) {
            return Err(ErrorCode::NotPermitted.into());
        }
        if let Actor::Program(program) = &recognised.actor {
            self.key_uses.count(program.id, db.now());
        }
        Ok(recognised.actor.clone())
    }
}

async fn holder(db: &Db, credentials: Credentials<'_>) -> ApiResult<Recognised> {
    let now = db.now();
    let (id, hash) = secret::read(credentials.bearer).ok_or(ErrorCode::NotSignedIn)?;
    let found = db.read(async |conn| queries::authenticate(conn, id, &hash, now).await).await?;
    let key = found.ok_or(ErrorCode::NotSignedIn)?;
    let program = Program {
        kind: ProgramKind::Key,
        id,
        org_id: key.org_id,
        org_kind: kind_named(&key.kind)?,
        permissions: Permissions::named(key.permissions.iter().map(String::as_str)),
        behalf: None,
    };
    Ok(Recognised { actor: Actor::Program(program), networks: key.networks, ends: key.ends_at })
}
