//! Selling and admitting: venues, events, holds, orders, payments, tickets and scans. Each noun is a
//! module of the same shape: `routes` speaks HTTP, `service` holds the rules, `queries` the SQL.

pub mod events;
pub mod figures;
pub mod gates;
pub mod seat_maps;
pub mod shop;
pub mod venues;

/// All routes of ticketing, relative to `/api/v1`.
pub fn configure(config: &mut utoipa_actix_web::service_config::ServiceConfig<'_>) {
    venues::configure(config);
    seat_maps::configure(config);
    gates::configure(config);
    events::configure(config);
    figures::configure(config);
    shop::configure(config);
}
