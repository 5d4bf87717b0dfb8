//! How the sale of an event goes, read from the rows that are the sale: nothing is counted twice.

mod queries;
mod routes;
mod service;

/// The route under `/events/{event_id}/figures`.
pub fn configure(config: &mut utoipa_actix_web::service_config::ServiceConfig<'_>) {
    config.service(routes::get_figures);
}
