//! Links in letters: whoever follows one proves that they read the mail of the address. Each is good
//! once, and for a while. Whoever types an address can cause a letter to it, so the more there were
//! lately, the longer the next one waits.

pub(crate) mod queries;
mod service;

pub(crate) use service::{Link, forget_after, issue, note, redeem, withdraw};
