//! What pages are made of. Each component has its folder with its style; all are shown on
//! `/styleguide` of the shop.

pub mod agree;
pub mod badge;
pub mod button;
pub mod chip;
pub mod confirm_identity;
pub mod connection;
pub mod countdown;
pub mod empty;
pub mod field;
pub mod icon;
pub mod notice;
pub mod notice_feed;
pub mod prove;
pub mod remote;
pub mod stepper;
pub mod switches;
pub mod title;

pub use agree::{Agree, Agreement};
pub use badge::{Badge, Tone};
pub use button::{Button, Kind, LinkButton};
pub use chip::Chip;
pub use confirm_identity::ConfirmIdentity;
pub use connection::ConnectionLight;
pub use countdown::Countdown;
pub use empty::Empty;
pub use field::{Field, Toggle};
pub use icon::{Glyph, Icon};
pub use notice::{FailureNotice, Notice};
pub use notice_feed::{Bell, NoticeFeed};
pub use prove::Prove;
pub use remote::Remote;
pub use stepper::Stepper;
pub use switches::{LanguageSwitch, ThemeSwitch};
pub use title::Title;
