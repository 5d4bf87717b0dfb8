//! Files people choose.

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

/// The text a file holds.
///
/// # Errors
/// When the browser cannot read it.
pub async fn text_of(file: &File) -> Result<String, JsValue> {
    let text: js_sys::Function = Reflect::get(file, &"text".into())?.dyn_into()?;
    let promise: js_sys::Promise = text.call0(file)?.dyn_into()?;
    JsFuture::from(promise).await?.as_string().ok_or(JsValue::NULL)
}
