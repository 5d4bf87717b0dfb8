//! The shop: what a fan sees, from the poster to the ticket.

mod app;
mod basket;
mod downloads;
mod layout;
mod pages;
mod poster;
mod seat_name;

use leptos::prelude::*;

fn main() {
    console_error_panic_hook::set_once();
    ui::theme::restore();
    // Leptos starts its own executor when it mounts, which is after this.
    wasm_bindgen_futures::spawn_local(async {
        // Words and session load side by side; the first page needs both.
        let words = ui::i18n::load("/", &["common", "shop"]);
        let session = ui::session::restore();
        futures_util::future::join(words, session).await;
        mount_to_body(app::App);
    });
}
