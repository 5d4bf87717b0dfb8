//! What the public sees of events: lists, pages, seat maps and what is free just now. Answers are kept
//! ready-made for a moment, since on the evening a sale opens everybody asks the same.

mod queries;
mod routes;
mod service;

pub use queries::zone_names;
pub use service::get as event;

/// The routes under `/shop`.
pub fn configure(config: &mut utoipa_actix_web::service_config::ServiceConfig<'_>) {
    config
        .service(routes::list_public_events)
        .service(routes::get_public_event)
        .service(routes::get_public_seat_map)
        .service(routes::get_availability);
}
