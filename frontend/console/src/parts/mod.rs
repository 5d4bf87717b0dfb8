//! What several pages of the console share.

pub mod amount;
pub mod channel;
pub mod copy;
pub mod dialog;
pub mod download;
pub mod drawer;
pub mod file;
pub mod form_end;
pub mod leave;
pub mod letter;
pub mod listing;
pub mod map_preview;
pub mod score;
pub mod select;
pub mod sending;
pub mod sparkline;
pub mod sure;
pub mod words;
pub mod zoned;
