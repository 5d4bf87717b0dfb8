//! Payments: each is one attempt to pay an order. Money that has arrived is never dropped: it pays
//! the order, also a late one whose places are still to be had, or it is marked to go back.

mod payee;
pub(crate) mod queries;
mod routes;
mod service;
mod signature;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use payee::Payee;
pub use payee::check;
pub use service::start_for_mail;
pub(crate) use service::{begin_new, refund_succeeded, settle_free};
pub use signature::{CallbackKey, sign};

pub(crate) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(routes::start_payment)
        .service(routes::get_payment_qr)
        .service(routes::confirm_payment)
        .service(routes::receive_callback);
}
