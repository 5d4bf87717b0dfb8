//! Who may hear which live topic: each area knows its own.

use contract::live::Present;
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use platform::db::Db;
use platform::error::ApiResult;
use platform::guard::Actor;
use platform::live::{Entry, Rooms, Shows};

/// The topics of `contract::live`.
pub struct Topics;

impl Rooms for Topics {
    fn enter<'a>(
        &'a self,
        db: &'a Db,
        actor: &'a Actor,
        topic: &'a str,
    ) -> LocalBoxFuture<'a, ApiResult<Option<Entry>>> {
        async move {
            if let Some(room) = messaging::live::enter(actor, topic) {
                return Ok(Some(Entry::unseen(room)));
            }
            let Some(room) = ticketing::live::enter(db, actor, topic).await? else { return Ok(None) };
            let shows = shows(db, actor, &room).await?;
            Ok(Some(Entry { room, shows }))
        }
        .boxed_local()
    }
}

/// On an event's public page guests are a number; at its place in the console the staff see each other.
async fn shows(db: &Db, actor: &Actor, room: &str) -> ApiResult<Shows> {
    match (room.split_once(':'), actor.person()) {
        (Some(("event", _)), _) if actor.place().is_none() => Ok(Shows::Number),
        (Some(("staff", event)), Some(person)) => {
            let id = person.user_id;
            let name = db.read(async |conn| accounts::name(conn, id).await).await?;
            Ok(Shows::People { me: Present { name, id }, audience: format!("event:{event}") })
        }
        _ => Ok(Shows::Nothing),
    }
}
