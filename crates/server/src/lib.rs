//! See the map in README.md.

pub mod seed;
