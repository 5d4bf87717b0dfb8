//! What a reader says by the letter itself, without signing in: that they want no more mail of its topic, that they
//! want it again, and whether it may be counted that they open it. The page is `/m/u/{token}`; it works without
//! scripts and without cookies, since who has the letter has the token. A mail program's own button asks for the
//! first by one POST (RFC 8058).
//!
//! With an account it is the person's preference; without one it is kept by address. Sending goes by both.

mod page;
pub(crate) mod queries;
mod routes;
mod service;

use actix_web::web;

pub(crate) use page::footer;
pub(crate) use service::wants;

/// The page.
pub(crate) fn pages(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/m/u/{token}")
            .app_data(platform::http::BodyLimit(routes::MOST_BYTES))
            .route(web::get().to(routes::show_choices))
            .route(web::post().to(routes::choose)),
    );
}
