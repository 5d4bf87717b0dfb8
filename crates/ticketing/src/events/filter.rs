//! What a list of events is asked for.

use domain::state::EventState;
use garde::Validate;
use serde::Deserialize;
use utoipa::IntoParams;

/// Which events a list shows.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    /// Only events in this state.
    #[garde(skip)]
    pub state: Option<EventState>,
    /// Only events whose title or slug contains this.
    #[garde(inner(length(chars, max = 100)))]
    pub q: Option<String>,
}
