//! What reaches a person, by which ways, and when they want quiet.

pub(crate) mod quiet;
pub(crate) mod ways;
