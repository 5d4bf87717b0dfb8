//! What this browser holds: the seats on their way to checkout, and the secrets of orders it placed.
//! Kept for as long as the tab lives, so that a reload loses nothing.

use contract::holds::Hold;
use serde::{Deserialize, Serialize};
use ui::browser::{keep_in_tab, kept_in_tab};

const BASKET: &str = "ringside.basket";

/// Seats on their way to checkout.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Basket {
    /// The claim.
    pub hold: Hold,
    /// The event's slug, to go back.
    pub event: String,
    /// The Idempotency-Key of the order: made once, kept over retries and reloads.
    pub intent: String,
}

/// The basket, if there is one.
#[must_use]
pub fn load() -> Option<Basket> {
    serde_json::from_str(&kept_in_tab(BASKET)?).ok()
}

/// Puts seats into the basket.
pub fn fill(hold: Hold, event: String) {
    let basket = Basket { hold, event, intent: ui::api::new_intent() };
    if let Ok(text) = serde_json::to_string(&basket) {
        keep_in_tab(BASKET, Some(&text));
    }
}

/// Empties the basket.
pub fn empty() {
    keep_in_tab(BASKET, None);
}

/// The secret of an order, from its link or from when it was placed here.
#[must_use]
pub fn access(order: &str) -> Option<String> {
    let location = ui::browser::window().location();
    let from_link = location.hash().ok().and_then(|hash| hash.strip_prefix("#access=").map(str::to_owned));
    if let Some(secret) = &from_link {
        keep_access(order, secret);
    }
    from_link.or_else(|| kept_in_tab(&format!("ringside.order.{order}")))
}

/// Remembers the secret of an order.
pub fn keep_access(order: &str, secret: &str) {
    keep_in_tab(&format!("ringside.order.{order}"), Some(secret));
}
