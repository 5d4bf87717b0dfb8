//! See the map in README.md.
