//! Tickets: the right to enter, one for each place of a paid order. The code in the QR is worked out
//! when it is shown; only the ticket and its generation are kept.

mod codes;
mod documents;
pub(crate) mod queries;
mod routes;
pub(crate) mod service;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use codes::Codes;

pub(crate) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_my_tickets)
        .service(routes::get_order_pdf)
        .service(routes::get_ticket)
        .service(routes::get_ticket_qr)
        .service(routes::get_ticket_pdf)
        .service(routes::revoke_ticket);
}
