//! What becomes of mail after a server took it. It comes back as reports in a mailbox, which a timer reads by IMAP
//! (RFC 3501): delivery status notifications (RFC 3464) and complaints (ARF, RFC 5965); or a mail service tells us
//! over HTTP. Each names its delivery by a token that only we can make, so a notice that somebody made up changes
//! nothing. What has been taken in is deleted after that is committed, and read twice it changes nothing more; what
//! is not understood stays in the mailbox, flagged, for a person to look at.

mod fields;
mod jobs;
mod mailbox;
mod postmark;
mod queries;
mod report;
mod routes;
mod service;
pub(crate) mod status;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use jobs::jobs;
pub(crate) use service::came_back_at_once;

pub(crate) fn configure(config: &mut ServiceConfig) {
    config.service(routes::report_mail);
}
