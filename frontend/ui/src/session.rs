//! Who is at this screen. The access token lives in memory only; a cookie that no script can read
//! brings a new one. A flag in the browser's storage says whether asking for it makes sense, so
//! that guests never ask.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use contract::accounts::{Me, Membership, Session, SignIn};
use contract::factors::{SecondFactorNeeded, SignInAnswer};
use contract::invitations::SignUpInvited;
use contract::people::UpdateMe;
use domain::Permission;
use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, Shared};
use leptos::prelude::*;
use uuid::Uuid;
use wasm_bindgen::prelude::*;

use crate::api::{self, Failure};
use crate::browser::{keep, kept, leave_for};

const SIGNED_IN: &str = "ringside.signed_in";
const ORGANISATION: &str = "ringside.organisation";

struct State {
    me: ArcRwSignal<Option<Me>>,
    organisation: ArcRwSignal<Option<Uuid>>,
    token: RefCell<Option<String>>,
    refreshing: RefCell<Option<Shared<LocalBoxFuture<'static, bool>>>>,
}

thread_local! {
    static STATE: State = State {
        me: ArcRwSignal::new(None),
        organisation: ArcRwSignal::new(None),
        token: RefCell::new(None),
        refreshing: RefCell::new(None),
    };
}

/// The person signed in; `None` for a guest. Tracks.
#[must_use]
pub fn me() -> Option<Me> {
    STATE.with(|state| state.me.get())
}

/// Whether somebody is signed in. Tracks.
#[must_use]
pub fn signed_in() -> bool {
    STATE.with(|state| state.me.with(Option::is_some))
}

/// The organisation the person acts in. Tracks.
#[must_use]
pub fn organisation() -> Option<Uuid> {
    STATE.with(|state| state.organisation.get())
}

pub(crate) fn organisation_untracked() -> Option<Uuid> {
    STATE.with(|state| state.organisation.get_untracked())
}

/// The membership the person acts by. Tracks.
#[must_use]
pub fn membership() -> Option<Membership> {
    let chosen = organisation()?;
    me()?.memberships.into_iter().find(|membership| membership.organisation.id == chosen)
}

/// Whether the person may do it in the whole of the chosen organisation, by role, teams and grants.
/// Tracks.
#[must_use]
pub fn can(permission: Permission) -> bool {
    membership().is_some_and(|membership| membership.permissions.contains(&permission))
}

/// Whether the person may do it in the chosen organisation, if only for single events or venues: the
/// server shows no more than those. Tracks.
#[must_use]
pub fn can_somewhere(permission: Permission) -> bool {
    can(permission) || membership().is_some_and(|membership| membership.somewhere.contains(&permission))
}

/// Takes what the server has just told of the person: they belong somewhere new.
pub fn renew(me: Me) {
    let newest = me.memberships.iter().map(|membership| membership.organisation.id);
    let newest = newest.collect::<Vec<_>>();
    STATE.with(|state| {
        if state.organisation.get_untracked().is_none_or(|chosen| !newest.contains(&chosen)) {
            state.organisation.set(newest.first().copied());
        }
        state.me.set(Some(me));
    });
}

/// Acts in another organisation from now on; remembered.
pub fn act_in(organisation: Uuid) {
    keep(ORGANISATION, Some(&organisation.to_string()));
    // Chosen again it is nothing new: pages do not begin anew.
    STATE.with(|state| {
        if state.organisation.get_untracked() != Some(organisation) {
            state.organisation.set(Some(organisation));
        }
    });
}

/// The access token, for the live connection and for downloads.
#[must_use]
pub fn token() -> Option<String> {
    STATE.with(|state| state.token.borrow().clone())
}

/// Whether this browser believes that somebody is signed in.
pub(crate) fn expected() -> bool {
    kept(SIGNED_IN).is_some()
}

/// Goes on with an earlier session, if this browser had one. Await it before the first page.
pub async fn restore() {
    if kept(SIGNED_IN).is_some() {
        refresh().await;
    }
}

/// Where somebody signs in who then goes on to `next`, a path of this site.
#[must_use]
pub fn sign_in_address(next: &str) -> String {
    format!("/account/sign-in?next={}", js_sys::encode_uri_component(next))
}

/// Leaves for the page where people sign in; it leads back to where they are now.
pub fn ask_to_sign_in() {
    leave_for(&sign_in_address(&crate::browser::here()));
}

/// Signs in, or gives the question that has to be answered first.
///
/// # Errors
/// [`Failure`] with `wrong_credentials` when address or password are wrong.
pub async fn sign_in(email: String, password: String) -> Result<Option<SecondFactorNeeded>, Failure> {
    let credentials = SignIn { email, password, token_in_body: false };
    match api::people::sign_in(&credentials).await? {
        SignInAnswer::SignedIn(session) => {
            begin(*session);
            Ok(None)
        }
        SignInAnswer::Needed(needed) => Ok(Some(needed)),
    }
}

/// Begins the session of whoever has just come back from a provider, or gives the question that has to be
/// answered first.
///
/// # Errors
/// [`Failure`] with `sign_on_over` when it took too long or began in another browser.
pub async fn finish_sign_on() -> Result<Option<SecondFactorNeeded>, Failure> {
    match api::sign_on::finish().await? {
        SignInAnswer::SignedIn(session) => {
            begin(*session);
            Ok(None)
        }
        SignInAnswer::Needed(needed) => Ok(Some(needed)),
    }
}

/// Goes on with a session that began by an answer to a question.
pub(crate) fn go_on(session: Session) {
    begin(session);
}

/// Proves an address by what the letter's link carries, and begins the first session.
///
/// # Errors
/// [`Failure`] with `link_spent`.
pub async fn verify(token: String) -> Result<(), Failure> {
    begin(api::people::verify(token).await?);
    Ok(())
}

/// Opens an account by an invitation, joins, and begins the first session.
///
/// # Errors
/// [`Failure`] with `address_in_use` where there is an account already, or with fields.
pub async fn sign_up_invited(wish: &SignUpInvited) -> Result<(), Failure> {
    begin(api::invitations::sign_up(wish).await?);
    Ok(())
}

/// Changes what the account says about the person.
///
/// # Errors
/// [`Failure`] with fields.
pub async fn update(wish: &UpdateMe) -> Result<(), Failure> {
    let me = api::people::update_me(wish).await?;
    STATE.with(|state| state.me.set(Some(me)));
    Ok(())
}

/// Signs out here, even when the server cannot be told.
pub async fn sign_out() {
    let told = api::people::sign_out().await;
    end();
    if let Err(failure) = told {
        leptos::logging::warn!("the server was not told: {failure:?}");
    }
}

fn begin(session: Session) {
    keep(SIGNED_IN, Some("1"));
    STATE.with(|state| {
        *state.token.borrow_mut() = Some(session.access_token);
        let remembered = kept(ORGANISATION).and_then(|id| id.parse().ok());
        let mut organisations = session.me.memberships.iter().map(|membership| membership.organisation.id);
        let chosen = remembered
            .filter(|id| organisations.clone().any(|own| own == *id))
            .or_else(|| organisations.next());
        if state.organisation.get_untracked() != chosen {
            state.organisation.set(chosen);
        }
        if state.me.with_untracked(|me| me.as_ref() != Some(&session.me)) {
            state.me.set(Some(session.me));
        }
    });
    crate::live::signed_in();
}

fn end() {
    keep(SIGNED_IN, None);
    STATE.with(|state| {
        *state.token.borrow_mut() = None;
        state.organisation.set(None);
        state.me.set(None);
    });
}

/// The access token is good no more: gets the next one, or ends what this page knows of a session that was
/// ended elsewhere.
pub(crate) async fn lost() {
    if expected() {
        refresh().await;
    } else {
        end();
    }
}

/// Trades the cookie for a new access token; calls that come meanwhile share the answer.
/// Gives whether somebody is signed in.
pub(crate) async fn refresh() -> bool {
    let shared = STATE.with(|state| {
        let mut refreshing = state.refreshing.borrow_mut();
        refreshing.get_or_insert_with(|| refresh_alone().boxed_local().shared()).clone()
    });
    let signed_in = shared.await;
    STATE.with(|state| *state.refreshing.borrow_mut() = None);
    signed_in
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["navigator", "locks"], js_name = request, catch)]
    fn request_lock(name: &str, work: &JsValue) -> Result<js_sys::Promise, JsValue>;
}

/// A refresh token is good for one use, and all tabs share it: only one tab at a time may trade it.
async fn refresh_alone() -> bool {
    let answer = Rc::new(Cell::new(false));
    let inside = answer.clone();
    let work = Closure::once_into_js(move || -> js_sys::Promise {
        wasm_bindgen_futures::future_to_promise(async move {
            inside.set(trade().await);
            Ok(JsValue::UNDEFINED)
        })
    });
    match request_lock("ringside.session", &work) {
        Ok(promise) => wasm_bindgen_futures::JsFuture::from(promise).await.is_ok() && answer.get(),
        // Browsers offer locks to secure pages only.
        Err(_) => trade().await,
    }
}

async fn trade() -> bool {
    match api::people::refresh().await {
        Ok(session) => {
            begin(session);
            true
        }
        Err(Failure::Refused(_)) => {
            end();
            false
        }
        Err(Failure::Offline | Failure::Unreadable(_)) => false,
    }
}
