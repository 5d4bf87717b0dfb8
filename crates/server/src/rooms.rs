//! Who may hear which live topic.

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
        enter(db, actor, topic).boxed_local()
    }
}

async fn enter(_db: &Db, _actor: &Actor, topic: &str) -> ApiResult<Option<String>> {
    Ok(topic.strip_prefix("event:").map(|id| format!("event:{id}")))
}
