//! Passkeys in the browser (WebAuthn, level 3): makes them and has them sign.

use serde_json::Value;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = PublicKeyCredential, js_name = parseCreationOptionsFromJSON, catch)]
    fn parse_creation(options: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = PublicKeyCredential, js_name = parseRequestOptionsFromJSON, catch)]
    fn parse_request(options: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["navigator", "credentials"], js_name = create, catch)]
    async fn create(options: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["navigator", "credentials"], js_name = get, catch)]
    async fn get(options: &JsValue) -> Result<JsValue, JsValue>;
}

/// Why there is no passkey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoPasskey {
    /// The person closed the browser's question, or nobody answered it.
    Cancelled,
    /// The device has this passkey already.
    Known,
    /// This page's address is not the one passkeys are for.
    Elsewhere,
    /// This browser has none.
    Unsupported,
}

impl NoPasskey {
    /// The key of what to tell the person.
    #[must_use]
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::Cancelled => "proof.passkey_cancelled",
            Self::Known => "errors.passkey_known",
            Self::Elsewhere => "proof.passkey_elsewhere",
            Self::Unsupported => "proof.passkey_unsupported",
        }
    }

    /// By the name of what the browser threw.
    fn of(thrown: &JsValue) -> Self {
        let name = js_sys::Reflect::get(thrown, &"name".into()).ok().and_then(|name| name.as_string());
        match name.as_deref() {
            Some("NotAllowedError" | "AbortError" | "TimeoutError") => Self::Cancelled,
            Some("InvalidStateError") => Self::Known,
            Some("SecurityError") => Self::Elsewhere,
            _ => Self::Unsupported,
        }
    }
}

/// Has the device make a passkey; gives what the server wants to see of it.
///
/// # Errors
/// [`NoPasskey`], when none was made.
pub async fn make(options: &Value) -> Result<Value, NoPasskey> {
    let asked = question(parse_creation(&to_js(options)?))?;
    answer(&create(&asked).await.map_err(|thrown| NoPasskey::of(&thrown))?)
}

/// Has a passkey sign; gives what the server wants to see of it.
///
/// # Errors
/// [`NoPasskey`], when none signed.
pub async fn sign(options: &Value) -> Result<Value, NoPasskey> {
    let asked = question(parse_request(&to_js(options)?))?;
    answer(&get(&asked).await.map_err(|thrown| NoPasskey::of(&thrown))?)
}

fn question(parsed: Result<JsValue, JsValue>) -> Result<JsValue, NoPasskey> {
    let question = js_sys::Object::new();
    let parsed = parsed.map_err(|_| NoPasskey::Unsupported)?;
    // Setting a property of a plain object cannot fail.
    let _ = js_sys::Reflect::set(&question, &"publicKey".into(), &parsed);
    Ok(question.into())
}

/// A credential writes itself as JSON by its own `toJSON`.
fn answer(credential: &JsValue) -> Result<Value, NoPasskey> {
    let text = js_sys::JSON::stringify(credential).map_err(|_| NoPasskey::Unsupported)?;
    serde_json::from_str(&String::from(text)).map_err(|_| NoPasskey::Unsupported)
}

fn to_js(value: &Value) -> Result<JsValue, NoPasskey> {
    js_sys::JSON::parse(&value.to_string()).map_err(|_| NoPasskey::Unsupported)
}
