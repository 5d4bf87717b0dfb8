//! Selling and admitting: venues, events, holds, orders, payments, tickets and scans. Each noun is a
//! module of the same shape: `routes` speaks HTTP, `service` holds the rules, `queries` the SQL.

pub mod events;
pub mod figures;
pub mod gates;
mod holds;
pub mod invariants;
mod inventory;
pub mod live;
pub mod orders;
pub mod payments;
pub mod privacy;
pub mod qr;
mod scans;
pub mod seat_maps;
mod secrets;
pub mod shop;
pub mod tickets;
pub mod venues;

/// All routes of ticketing, relative to `/api/v1`.
pub fn configure(config: &mut utoipa_actix_web::service_config::ServiceConfig<'_>) {
    // The router tries them in this order: what everybody asks for at once comes first.
    shop::configure(config);
    orders::configure(config);
    holds::configure(config);
    payments::configure(config);
    scans::configure(config);
    tickets::configure(config);
    events::configure(config);
    figures::configure(config);
    venues::configure(config);
    seat_maps::configure(config);
    gates::configure(config);
}

/// The background work: holds and orders that have run out.
pub fn jobs(registry: &mut platform::jobs::Registry) {
    holds::jobs(registry);
    orders::jobs(registry);
}
