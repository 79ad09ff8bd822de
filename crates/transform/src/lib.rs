//! SQL that stays SQL: models in, checked tables out.
//!
//! A [`Model`] is one plain SELECT; its path is its table. [`Pipeline::read`]
//! finds the order from the SQL itself, [`Pipeline::plan`] checks every model
//! without data, and [`Pipeline::build`] writes, audits and puts the tables
//! that changed. `pipelines/identity.toml` makes three tables of its own: who is
//! who among the names that the systems have for customers.

mod audit;
mod build;
mod check;
mod custom_check;
mod graph;
mod identity;
mod model;
mod pipeline;
mod report;

pub use check::{Check, CheckFault};
pub use custom_check::CustomCheck;
pub use model::{Materialization, Model, ModelFile};
pub use pipeline::Pipeline;
pub use report::{BuildError, BuildReport, FailedModel};

#[cfg(test)]
mod model_cases;
#[cfg(test)]
mod tests;
