//! The console: where staff run fight nights, and the scanner at the gates.

mod app;
mod pages;
mod parts;
mod shell;

use leptos::mount::mount_to_body;
use wasm_bindgen_futures::spawn_local;

fn main() {
    console_error_panic_hook::set_once();
    ui::theme::restore();
    spawn_local(async {
        ui::i18n::load("/console/", &["common", "console", "notices"]).await;
        ui::session::restore().await;
        mount_to_body(app::App);
    });
}
