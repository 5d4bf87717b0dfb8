//! Inbound webhooks: other systems tell us something. A source has a secret and says how its messages are signed
//! and where in them what we need stands. What is taken is kept and told as a fact, once: what a source sends
//! again is answered as before. What is refused is kept, too, but not without end.

mod mapping;
pub(crate) mod proof;
mod queries;
mod receive;
mod routes;
mod service;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use queries::forget;

pub(crate) fn configure(config: &mut ServiceConfig) {
    config
        .service(routes::list_inbound_sources)
        .service(routes::create_inbound_source)
        .service(routes::update_inbound_source)
        .service(routes::delete_inbound_source)
        .service(routes::list_inbound_events)
        .service(routes::get_inbound_event)
        .service(routes::replay_inbound_event)
        .service(
            utoipa_actix_web::scope("/inbound")
                .app_data(platform::http::BodyLimit(receive::MOST_BYTES))
                .configure(|config: &mut ServiceConfig| {
                    config.service(routes::receive_inbound);
                }),
        );
}
