//! What matters most asks for a recent proof of who somebody is. An app that shows
//! [`crate::components::ConfirmIdentity`] has each refused call wait for that proof and sends it again;
//! an app without it shows the refusal.

use std::cell::RefCell;
use std::rc::Rc;

use contract::{ErrorCode, Problem};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use gloo_net::http::{Response, ResponseBuilder};
use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// What becomes of a call that was refused: sent again (`None`), or refused as it was.
type Mend = Rc<dyn Fn(Response) -> LocalBoxFuture<'static, Option<Response>>>;

#[derive(Default)]
struct State {
    mend: RefCell<Option<Mend>>,
    /// Those who wait for the one answer.
    waiting: RefCell<Vec<Function>>,
}

thread_local! {
    static STATE: State = State::default();
}

/// How calls are mended in this app, if they are.
pub(crate) fn mending() -> Option<Mend> {
    STATE.with(|state| state.mend.borrow().clone())
}

/// From now on `ask` is called when a call needs a proof; [`settle`] tells what came of it.
pub fn install(ask: impl Fn() + 'static) {
    let ask = Rc::new(ask);
    let mend = move |response: Response| {
        let ask = Rc::clone(&ask);
        async move {
            let (status, text) = (response.status(), response.text().await.unwrap_or_default());
            let needed = serde_json::from_str::<Problem>(&text)
                .is_ok_and(|problem| problem.code == ErrorCode::ConfirmationNeeded);
            if needed && proved(&*ask).await {
                return None;
            }
            let refusal: Result<Response, _> =
                ResponseBuilder::new().status(status).body(Some(text.as_str()));
            // A response of a text and a status that just came cannot fail to be made.
            refusal.ok()
        }
        .boxed_local()
    };
    STATE.with(|state| *state.mend.borrow_mut() = Some(Rc::new(mend)));
}

/// Asks, or waits with those who asked before.
async fn proved(ask: &dyn Fn()) -> bool {
    let promise = Promise::new(&mut |resolve, _| {
        let first = STATE.with(|state| {
            let mut waiting = state.waiting.borrow_mut();
            waiting.push(resolve);
            waiting.len() == 1
        });
        if first {
            ask();
        }
    });
    JsFuture::from(promise).await.is_ok_and(|answer| answer.is_truthy())
}

/// All who wait go on: with the proof, or refused.
pub fn settle(proved: bool) {
    let waiting = STATE.with(|state| std::mem::take(&mut *state.waiting.borrow_mut()));
    for resolve in waiting {
        // The resolver of a promise never throws.
        let _ = resolve.call1(&JsValue::UNDEFINED, &proved.into());
    }
}
