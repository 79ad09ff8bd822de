//! How a command ends: a status that a scheduler can act on, and why.

mod status;

mod failure;

mod statuses_of_errors;

mod panics;

#[cfg(debug_assertions)]
mod disturbed;

#[cfg(debug_assertions)]
pub(crate) use disturbed::disturb_as_asked;
pub(crate) use failure::Failure;
pub(crate) use panics::{keep_panics, kept_panics};
pub(crate) use status::ExitStatus;
