//! Threats: attempts to get in by force that the platform noticed. Seen by those who run Ringside
//! itself: to any other organisation there is nothing here.

mod queries;
mod routes;
mod service;

use std::time::Duration;

use chrono::TimeDelta;
use platform::jobs::Registry;
use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_threats)
        .service(routes::get_threat)
        .service(routes::acknowledge_threat)
        .service(routes::lift_threat);
}

/// How long a threat is remembered after it was last seen: its network is personal data.
const REMEMBERED: TimeDelta = TimeDelta::days(90);

pub(crate) fn jobs(registry: &mut Registry) {
    registry.every("forget_threats", Duration::from_secs(3600), async |ctx| {
        let before = ctx.now() - REMEMBERED;
        ctx.db.statement(async |conn| queries::forget(conn, before).await).await?;
        Ok(())
    });
}
