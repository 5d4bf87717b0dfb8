//! Figures over HTTP.

use actix_web::{get, web};
use contract::{Problem, figures::Figures};
use platform::{
    error::ApiResult,
    guard::{FiguresRead, Guard, Within},
    http::Path,
};
use uuid::Uuid;

use super::service;

/// Tells how the sale of an event goes.
#[utoipa::path(tag = "events", security(("bearer" = [])),
    responses((status = 200, body = Figures), (status = "default", body = Problem, content_type = "application/problem+json")))]
#[get("/events/{event_id}/figures")]
pub async fn get_figures(guard: Guard<Within<FiguresRead>>, id: Path<Uuid>) -> ApiResult<web::Json<Figures>> {
    let (org, now) = (guard.org(), guard.now());
    guard.reach().event(*id)?;
    guard.db.read(async |conn| service::get(conn, org, *id, now).await).await.map(web::Json)
}
