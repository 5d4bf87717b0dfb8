//! With what an organisation reaches people besides by mail: its accounts at providers, one for each channel.
//!
//! Keys go in and do not come out: what is shown of one are its last four characters. What the provider last said of
//! an account itself, a withdrawn key for instance, stands beside it until a message goes out again.

mod queries;
mod routes;
mod service;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use queries::{Reporting, reporting};
pub(crate) use service::end_of;

pub(crate) fn configure(config: &mut ServiceConfig) {
    config
        .service(routes::list_channel_accounts)
        .service(routes::set_channel_account)
        .service(routes::remove_channel_account)
        .service(routes::test_channel_account);
}
