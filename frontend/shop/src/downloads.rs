//! Files the person keeps, and pictures that need a header to be fetched.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

/// An address for bytes in memory, for `<img>` and downloads; `None` where the browser refuses.
#[must_use]
pub fn address_of(bytes: &[u8], media_type: &str) -> Option<String> {
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes).into());
    let kind = BlobPropertyBag::new();
    kind.set_type(media_type);
    let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &kind).ok()?;
    Url::create_object_url_with_blob(&blob).ok()
}

/// Gives bytes to the person as a file.
pub fn save(bytes: &[u8], media_type: &str, name: &str) {
    let Some(address) = address_of(bytes, media_type) else { return };
    let anchor = leptos::prelude::document().create_element("a").ok();
    if let Some(anchor) = anchor.and_then(|anchor| anchor.dyn_into::<HtmlAnchorElement>().ok()) {
        anchor.set_href(&address);
        anchor.set_download(name);
        anchor.click();
    }
    let _ = Url::revoke_object_url(&address);
}

/// Opens the system's sheet for sharing a link, or copies it; gives whether it was copied.
pub async fn share(title: &str, link: &str) -> bool {
    let navigator: JsValue = ui::browser::window().navigator().into();
    let method = |of: &JsValue, name: &str| {
        js_sys::Reflect::get(of, &name.into()).ok().and_then(|it| it.dyn_into::<js_sys::Function>().ok())
    };
    if let Some(share) = method(&navigator, "share") {
        let what = js_sys::Object::new();
        let _ = js_sys::Reflect::set(&what, &"title".into(), &title.into());
        let _ = js_sys::Reflect::set(&what, &"url".into(), &link.into());
        if let Ok(promise) = share.call1(&navigator, &what) {
            // Closing the sheet without sharing rejects the promise; that is not a failure.
            let _ = wasm_bindgen_futures::JsFuture::from(js_sys::Promise::from(promise)).await;
            return false;
        }
    }
    let clipboard = js_sys::Reflect::get(&navigator, &"clipboard".into()).unwrap_or(JsValue::UNDEFINED);
    match method(&clipboard, "writeText").and_then(|write| write.call1(&clipboard, &link.into()).ok()) {
        Some(promise) => wasm_bindgen_futures::JsFuture::from(js_sys::Promise::from(promise)).await.is_ok(),
        None => false,
    }
}
