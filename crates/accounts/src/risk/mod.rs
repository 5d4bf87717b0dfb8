//! How likely it is that a sign-in with the right password is somebody else's. One judgement, made of the
//! devices and networks the person signed in from before, the place of their last sign-in, and the wrong
//! passwords tried lately: it decides whether a second factor is asked for, and whether the owner gets
//! a letter.

mod jobs;
mod place;
mod queries;
mod service;

pub(crate) use jobs::jobs;
pub(crate) use place::{Place, network_of};
pub(crate) use service::{judge_sign_in, remember};
