//! Invitations: the way into an organisation. A link by mail, good for seven days and one use, for
//! whoever has the address it was sent to. Inviting tells nobody whether an address has an account.

mod jobs;
mod queries;
mod routes;
mod service;

pub(crate) use jobs::jobs;
use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_invitations)
        .service(routes::invite)
        .service(routes::view_invitation)
        .service(routes::accept_invitation)
        .service(routes::sign_up_invited)
        .service(routes::resend_invitation)
        .service(routes::withdraw_invitation);
}
