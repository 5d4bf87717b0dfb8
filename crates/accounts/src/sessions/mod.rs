//! Sessions: one sign-in on one device. A session lives on by trading its refresh token for the next
//! one; each is good once. A token that comes back after it was spent was copied, and nobody can tell
//! whether thief or owner holds the newer one: the session ends for both.

mod cookie;
mod device;
mod devices;
mod jobs;
mod queries;
mod routes;
mod service;

pub(crate) use device::name_of as device_of;
pub(crate) use jobs::jobs;
pub(crate) use queries::ByProvider;
pub(crate) use routes::{answer, begin, begin_by};
pub(crate) use service::{Begun, confirm, end_all, end_beside_providers, end_by_token, end_of_provider};
use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(routes::sign_in)
        .service(routes::refresh_session)
        .service(routes::sign_out)
        .service(devices::list_sessions)
        .service(devices::end_sessions)
        .service(devices::end_session);
}
