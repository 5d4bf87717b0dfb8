//! The browser's own side of notifications: the Notifications API (WHATWG), Service Workers and the Push API (W3C).

use contract::contact_methods::AddBrowser;
use js_sys::Reflect;
use serde_json::{Value, json};
use ui::browser::window;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::*;

/// The worker that shows them, and the pages it belongs to.
const WORKER: &str = "/account/push-worker.js";
const SCOPE: &str = "/account/";

#[wasm_bindgen]
extern "C" {
    type Registration;
    #[wasm_bindgen(method, getter, js_name = pushManager, catch)]
    fn push_manager(this: &Registration) -> Result<PushManager, JsValue>;
    #[wasm_bindgen(method, getter)]
    fn active(this: &Registration) -> Option<Worker>;

    type Worker;
    #[wasm_bindgen(method, js_name = postMessage, catch)]
    fn post_message(this: &Worker, message: &JsValue) -> Result<(), JsValue>;

    type PushManager;
    #[wasm_bindgen(method, js_name = getSubscription, catch)]
    async fn get_subscription(this: &PushManager) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    async fn subscribe(this: &PushManager, options: &JsValue) -> Result<JsValue, JsValue>;

    type Subscription;
    #[wasm_bindgen(method, catch)]
    async fn unsubscribe(this: &Subscription) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = ["navigator", "serviceWorker"], js_name = register, catch)]
    async fn register(script: &str, options: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["navigator", "serviceWorker"], js_name = getRegistration, catch)]
    async fn get_registration(scope: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = Notification, js_name = requestPermission, catch)]
    async fn request_permission() -> Result<JsValue, JsValue>;
}

/// What the browser lets us do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// It knows no notifications.
    Unsupported,
    /// Not until the page stands on the home screen, as on iPhone and iPad.
    OnHomeScreenOnly,
    /// The person has refused, for this site.
    Denied,
    /// Nobody has asked yet.
    Unasked,
    /// The person has agreed.
    Granted,
}

/// What the browser lets us do now.
pub fn permission() -> Permission {
    let has = |of: &JsValue, name: &str| Reflect::has(of, &name.into()).unwrap_or(false);
    let window = window();
    let (page, navigator): (&JsValue, JsValue) = (window.as_ref(), window.navigator().into());
    if !(has(page, "Notification") && has(page, "PushManager") && has(&navigator, "serviceWorker")) {
        return if is_apple_handheld() { Permission::OnHomeScreenOnly } else { Permission::Unsupported };
    }
    let said = Reflect::get(page, &"Notification".into())
        .and_then(|notification| Reflect::get(&notification, &"permission".into()));
    match said.ok().and_then(|said| said.as_string()).as_deref() {
        Some("granted") => Permission::Granted,
        Some("denied") => Permission::Denied,
        _ => Permission::Unasked,
    }
}

/// Asks the person; only a press may lead here.
pub async fn ask() -> Permission {
    // Where asking fails nothing has changed.
    let _ = request_permission().await;
    permission()
}

/// Why there is no subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoSubscription;

/// Has the browser subscribe with our key; one it has by another key is given up.
///
/// # Errors
/// The browser has no push service, or does not reach it.
pub async fn subscribe_with(key: &str) -> Result<AddBrowser, NoSubscription> {
    let scope = to_js(&json!({"scope": SCOPE}))?;
    let registration: Registration =
        register(WORKER, &scope).await.map_err(|_| NoSubscription)?.unchecked_into();
    let manager = registration.push_manager().map_err(|_| NoSubscription)?;
    ready().await?;
    let options = to_js(&json!({"userVisibleOnly": true, "applicationServerKey": key}))?;
    let made = match manager.subscribe(&options).await {
        Ok(made) => made,
        Err(_) => {
            if let Some(old) = current(&manager).await {
                let _ = old.unsubscribe().await;
            }
            manager.subscribe(&options).await.map_err(|_| NoSubscription)?
        }
    };
    let browser = read(&made).ok_or(NoSubscription)?;
    let known =
        json!({"endpoint": browser.endpoint, "p256dh": browser.p256dh, "auth": browser.auth, "key": key});
    tell(&registration, &known);
    Ok(browser)
}

/// Whether the browser is subscribed.
pub async fn subscribed() -> bool {
    match registered().await.and_then(|registration| registration.push_manager().ok()) {
        Some(manager) => current(&manager).await.is_some(),
        None => false,
    }
}

/// Ends the browser's subscription, if it has one.
pub async fn unsubscribe() {
    let Some(registration) = registered().await else { return };
    tell(&registration, &Value::Null);
    let Ok(manager) = registration.push_manager() else { return };
    if let Some(old) = current(&manager).await {
        // The server knows of it no more: what is left is the browser's own affair.
        let _ = old.unsubscribe().await;
    }
}

async fn registered() -> Option<Registration> {
    let found = get_registration(SCOPE).await.ok()?;
    (!found.is_undefined()).then(|| found.unchecked_into())
}

async fn current(manager: &PushManager) -> Option<Subscription> {
    let found = manager.get_subscription().await.ok()?;
    (!found.is_null()).then(|| found.unchecked_into())
}

/// Waits until the worker of this page runs.
async fn ready() -> Result<(), NoSubscription> {
    let navigator: JsValue = window().navigator().into();
    let workers = Reflect::get(&navigator, &"serviceWorker".into()).map_err(|_| NoSubscription)?;
    let ready = Reflect::get(&workers, &"ready".into()).map_err(|_| NoSubscription)?;
    let ready: js_sys::Promise = ready.dyn_into().map_err(|_| NoSubscription)?;
    wasm_bindgen_futures::JsFuture::from(ready).await.map(|_| ()).map_err(|_| NoSubscription)
}

/// The worker renews the subscription by what it is told here.
fn tell(registration: &Registration, known: &Value) {
    let message = to_js(&json!({"remember": known}));
    if let (Some(worker), Ok(message)) = (registration.active(), message) {
        // A worker that does not hear it renews by what the browser itself remembers.
        let _ = worker.post_message(&message);
    }
}

/// A subscription writes itself as JSON by its own `toJSON`.
fn read(subscription: &JsValue) -> Option<AddBrowser> {
    let text = js_sys::JSON::stringify(subscription).ok()?;
    let said: Value = serde_json::from_str(&String::from(text)).ok()?;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    Some(AddBrowser {
        endpoint: text(&said["endpoint"])?,
        p256dh: text(&said["keys"]["p256dh"])?,
        auth: text(&said["keys"]["auth"])?,
        label: label(&user_agent()),
    })
}

fn to_js(value: &Value) -> Result<JsValue, NoSubscription> {
    js_sys::JSON::parse(&value.to_string()).map_err(|_| NoSubscription)
}

fn user_agent() -> String {
    window().navigator().user_agent().unwrap_or_else(|_| String::new())
}

fn is_apple_handheld() -> bool {
    let agent = user_agent();
    // An iPad says that it is a Mac, but no Mac is touched.
    let touched = Reflect::get(&window().navigator().into(), &"maxTouchPoints".into());
    let touched = touched.ok().and_then(|points| points.as_f64()).is_some_and(|points| points > 1.0);
    agent.contains("iPhone") || agent.contains("iPad") || (agent.contains("Macintosh") && touched)
}

/// `Chrome on Windows`, by what the browser says it is: first named are those that also say the name of another.
fn label(agent: &str) -> String {
    let of = |known: &[(&str, &'static str)], other: &'static str| {
        known.iter().find(|(sign, _)| agent.contains(sign)).map_or(other, |(_, name)| *name)
    };
    let browser = of(
        &[
            ("Edg", "Edge"),
            ("OPR/", "Opera"),
            ("SamsungBrowser", "Samsung Internet"),
            ("Firefox/", "Firefox"),
            ("FxiOS", "Firefox"),
            ("Chrome/", "Chrome"),
            ("CriOS", "Chrome"),
            ("Safari/", "Safari"),
        ],
        "Browser",
    );
    let system = of(
        &[
            ("Windows", "Windows"),
            ("Android", "Android"),
            ("iPhone", "iPhone"),
            ("iPad", "iPad"),
            ("Macintosh", "Mac"),
            ("CrOS", "ChromeOS"),
            ("Linux", "Linux"),
        ],
        "",
    );
    if system.is_empty() { browser.to_owned() } else { format!("{browser}, {system}") }
}
