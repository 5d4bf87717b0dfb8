//! Who may hear which live topic: each area knows its own.

use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use platform::db::Db;
use platform::error::ApiResult;
use platform::guard::Actor;
use platform::live::Rooms;

/// The topics of `contract::live`.
pub struct Topics;

impl Rooms for Topics {
    fn enter<'a>(
        &'a self,
        db: &'a Db,
        actor: &'a Actor,
        topic: &'a str,
    ) -> LocalBoxFuture<'a, ApiResult<Option<String>>> {
        ticketing::live::enter(db, actor, topic).boxed_local()
    }
}
