//! Fight nights of the organisation and how their sale goes.

use contract::endpoint::{Endpoint, Nothing};
use contract::endpoints;
use contract::events::{CreateEvent, Event, UpdateEvent};
use contract::figures::Figures;
use contract::page::Page;
use domain::state::EventState;

use crate::api::{Failure, to};

/// One page of events, newest first; empty `state` and `q` mean all.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn list(state: &str, q: &str, after: &str) -> Result<Page<Event>, Failure> {
    to(endpoints::LIST_EVENTS).query("state", state).query("q", q).query("after", after).send().await
}

/// One event.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn find(event: &str) -> Result<Event, Failure> {
    to(endpoints::GET_EVENT).at(&[event]).send().await
}

/// Sets up a draft.
///
/// # Errors
/// [`Failure`]; with `invalid_fields` it names the fields.
pub async fn create(event: &CreateEvent, intent: &str) -> Result<Event, Failure> {
    to(endpoints::CREATE_EVENT).body(event).intent(intent).send().await
}

/// Changes an event.
///
/// # Errors
/// [`Failure`]; with `changed_meanwhile` somebody else was faster.
pub async fn update(event: &str, change: &UpdateEvent) -> Result<Event, Failure> {
    to(endpoints::UPDATE_EVENT).at(&[event]).body(change).send().await
}

/// The operation that brings an event into `state`; `None` where nothing does.
#[must_use]
pub fn operation(from: EventState, to: EventState) -> Option<Endpoint<Nothing, Event>> {
    from.may_become(to).then_some(match to {
        EventState::Draft => endpoints::UNPUBLISH_EVENT,
        EventState::Published => endpoints::PUBLISH_EVENT,
        EventState::OnSale => endpoints::OPEN_SALE,
        EventState::Closed => endpoints::CLOSE_SALE,
        EventState::Cancelled => endpoints::CANCEL_EVENT,
    })
}

/// Brings an event into another state by `operation`.
///
/// # Errors
/// [`Failure`]; with `wrong_state` somebody else was faster, with `price_missing` a zone has no price.
pub async fn act(event: &str, operation: Endpoint<Nothing, Event>, intent: &str) -> Result<Event, Failure> {
    to(operation).at(&[event]).intent(intent).send().await
}

/// How its sale goes.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn figures(event: &str) -> Result<Figures, Failure> {
    to(endpoints::GET_FIGURES).at(&[event]).send().await
}
