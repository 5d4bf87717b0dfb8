//! The account: where a person, fan or staff, proves who they are and looks after what is theirs.

mod app;
mod download;
mod layout;
mod pages;

use leptos::mount::mount_to_body;
use wasm_bindgen_futures::spawn_local;

fn main() {
    console_error_panic_hook::set_once();
    ui::theme::restore();
    spawn_local(async {
        ui::i18n::load("/account/", &["common", "account", "notices"]).await;
        ui::session::restore().await;
        mount_to_body(app::App);
    });
}
