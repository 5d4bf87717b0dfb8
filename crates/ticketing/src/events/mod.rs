//! An event is one fight night. Staff of its organisation set it up; `domain::state::EventState` says
//! what may follow what. Opening the sale lays out one row for each seat; from then on the map and,
//! once an order exists, times and prices stay as they are.

mod filter;
pub mod queries;
mod routes;
pub mod service;

/// The routes under `/events`.
pub fn configure(config: &mut utoipa_actix_web::service_config::ServiceConfig<'_>) {
    config
        .service(routes::list_events)
        .service(routes::create_event)
        .service(routes::get_event)
        .service(routes::update_event)
        .service(routes::publish_event)
        .service(routes::unpublish_event)
        .service(routes::open_sale)
        .service(routes::close_sale)
        .service(routes::cancel_event);
}
