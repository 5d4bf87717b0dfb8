//! Orders: the sale. An order claims its places until it is paid or runs out; once paid, it has one
//! ticket for each place. Who may see it: its buyer, by sign-in or by the secret given when it was
//! placed, and staff of the organisation that sells.

mod csv;
mod jobs;
pub(crate) mod queries;
mod reader;
mod routes;
pub mod service;

use platform::jobs::Registry;
use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use jobs::CancelPaidOrders;
pub(crate) use reader::{AccessQuery, Belongs, Reader};

pub(crate) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(routes::place_order)
        .service(routes::list_orders)
        .service(routes::export_orders)
        .service(routes::list_my_orders)
        .service(routes::get_order)
        .service(routes::cancel_order);
}

pub(crate) fn jobs(registry: &mut Registry) {
    jobs::register(registry);
}
