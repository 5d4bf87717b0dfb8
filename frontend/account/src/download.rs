//! Files that come by a call with a token: made an address of, then opened or kept.

use js_sys::{Array, Uint8Array};
use leptos::prelude::*;
use ui::Failure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

/// Hands the bytes to the person as a file.
///
/// # Errors
/// [`Failure::Unreadable`] where the browser offers no such addresses.
pub fn save(bytes: &[u8], media_type: &str, name: &str) -> Result<(), Failure> {
    hand_over(bytes, media_type, name).map_err(|error| Failure::Unreadable(format!("{error:?}")))
}

fn hand_over(bytes: &[u8], media_type: &str, name: &str) -> Result<(), JsValue> {
    let kind = BlobPropertyBag::new();
    kind.set_type(media_type);
    let parts = Array::of1(&Uint8Array::from(bytes));
    let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &kind)?;
    let address = Url::create_object_url_with_blob(&blob)?;
    let link: HtmlAnchorElement = document().create_element("a")?.dyn_into()?;
    link.set_href(&address);
    link.set_download(name);
    link.click();
    Url::revoke_object_url(&address)
}
