//! Who may hear which live topic of a sale (see `contract::live`).

use diesel::{
    QueryableByName,
    sql_types::{Binary, Nullable, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use domain::Permission;
use platform::{
    db::{Db, sql},
    error::ApiResult,
    guard::Actor,
};
use uuid::Uuid;

use crate::secrets;

#[derive(QueryableByName)]
struct OrderRow {
    #[diesel(sql_type = SqlUuid)]
    org_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    event_id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    user_id: Option<Uuid>,
    #[diesel(sql_type = Binary)]
    access_hash: Vec<u8>,
}

#[derive(QueryableByName)]
struct EventRow {
    #[diesel(sql_type = SqlUuid)]
    org_id: Uuid,
}

/// The topic to listen to, when the actor may hear what was asked for.
///
/// # Errors
/// When the database does not answer.
pub async fn enter(db: &Db, actor: &Actor, topic: &str) -> ApiResult<Option<String>> {
    let mut parts = topic.splitn(3, ':');
    let (kind, id, access) = (parts.next(), parts.next().and_then(as_written), parts.next());
    match (kind, id) {
        (Some("event"), Some(id)) if access.is_none() => Ok(Some(format!("event:{id}"))),
        (Some("order"), Some(id)) => {
            Ok(may_hear_order(db, actor, id, access).await?.then(|| format!("order:{id}")))
        }
        (Some("sales"), Some(id)) if access.is_none() => {
            let may = may_hear_of(db, actor, Permission::FiguresRead, id).await?;
            Ok(may.then(|| format!("sales:{id}")))
        }
        // Programs are no staff: nobody looks at a page.
        (Some("staff"), Some(id)) if access.is_none() && actor.person().is_some() => {
            let may = may_hear_of(db, actor, Permission::EventsRead, id).await?;
            Ok(may.then(|| format!("staff:{id}")))
        }
        _ => Ok(None),
    }
}

/// An id in its one usual form: a topic has no second name.
fn as_written(text: &str) -> Option<Uuid> {
    text.parse().ok().filter(|id: &Uuid| id.to_string() == text)
}

async fn may_hear_order(db: &Db, actor: &Actor, id: Uuid, access: Option<&str>) -> ApiResult<bool> {
    let find =
        sql("SELECT org_id, event_id, user_id, access_hash FROM orders WHERE id = $1").bind::<SqlUuid, _>(id);
    let rows: Vec<OrderRow> = db.read(async |conn| Ok(find.load(conn).await?)).await?;
    Ok(rows.into_iter().next().is_some_and(|order| {
        let is_buyer =
            order.user_id.is_some() && order.user_id == actor.person().map(|person| person.user_id);
        let is_guest = access.is_some_and(|access| secrets::opens(access, &order.access_hash));
        is_buyer || is_guest || reaches(actor, Permission::OrdersRead, order.org_id, order.event_id)
    }))
}

async fn may_hear_of(db: &Db, actor: &Actor, what: Permission, event_id: Uuid) -> ApiResult<bool> {
    let find = sql("SELECT org_id FROM events WHERE id = $1").bind::<SqlUuid, _>(event_id);
    let rows: Vec<EventRow> = db.read(async |conn| Ok(find.load(conn).await?)).await?;
    let event = rows.into_iter().next();
    Ok(event.is_some_and(|event| reaches(actor, what, event.org_id, event_id)))
}

fn reaches(actor: &Actor, permission: Permission, org: Uuid, event: Uuid) -> bool {
    actor.reach(permission, org).is_some_and(|reach| reach.has_event(event))
}
