//! `/live/statistics`, for the organisation that runs Ringside.

use std::sync::atomic::Ordering::Relaxed;

use actix_web::{get, web};
use contract::Problem;
use contract::live::{LiveServer, LiveStatistics};

use super::hub::Hub;
use crate::error::ApiResult;
use crate::guard::{Guard, JobsRead};
use crate::state::App;

/// How many sockets are open, and how well they are kept up to date
#[utoipa::path(
    operation_id = "get_live_statistics",
    tag = "live",
    security(("bearer" = [])),
    responses(
        (status = 200, description = "Counts of the server that answers, and the size of the others", body = LiveStatistics),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`", body = Problem),
        (status = 404, description = "`not_found`: outside the organisation that runs Ringside", body = Problem),
    ),
)]
#[get("/live/statistics")]
pub(super) async fn get_live_statistics(
    guard: Guard<JobsRead>,
    app: web::Data<App>,
) -> ApiResult<web::Json<LiveStatistics>> {
    guard.runs_ringside()?;
    Ok(web::Json(statistics(app.bus.hub())))
}

fn statistics(hub: &Hub) -> LiveStatistics {
    let counts = hub.counts();
    let this = LiveServer { id: hub.id(), is_this: true, sockets: hub.sockets(), rooms: hub.rooms() as u64 };
    let mut others: Vec<_> = hub
        .elsewhere()
        .into_iter()
        .map(|(id, here)| LiveServer { id, is_this: false, sockets: here.sockets, rooms: here.rooms })
        .collect();
    others.sort_by_key(|server| server.id);
    LiveStatistics {
        servers: std::iter::once(this).chain(others).collect(),
        rooms: hub.fullest(),
        delivered: counts.delivered.load(Relaxed),
        dropped: counts.dropped.load(Relaxed),
        behind: counts.behind.load(Relaxed),
        waiting: counts.waiting.load(Relaxed),
        longest: hub.longest() as u64,
    }
}
