//! Guesses at passwords. Each try is counted before the password is looked at, so that many at once
//! count one by one, and taken back when it was right. After some free ones the wait doubles each time, up
//! to a quarter of an hour, never for ever. Counted are address and network together, and the address
//! alone, for those who guess from everywhere. A device that the owner has signed in with before shows a
//! cookie and is counted by itself: whoever guesses elsewhere cannot keep the owner out. Addresses nobody
//! has are counted alike. How many were wrong in a row also tells how far the next right one is believed
//! (`risk`), until a session begins.

mod cookie;
mod queries;
mod service;

pub(crate) use cookie::keep;
pub(crate) use queries::forget;
pub(crate) use service::{forgive, succeeded, try_once, warn, wrong_lately};
