//! The composition: which areas there are, how they are reached, and how one reacts to another. No
//! rule of the business is here.

pub mod app;
pub mod cli;
mod database;
mod health;
mod keys;
mod letters;
mod notices;
pub mod openapi;
pub mod personal_data;
pub mod rooms;
pub mod seed;
mod serve;
mod tls;
pub mod verify;
mod web_apps;
pub mod wiring;
