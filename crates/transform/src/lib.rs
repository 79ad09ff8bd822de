//! SQL that stays SQL: models in, checked tables out.
//!
//! A [`Model`] is one plain SELECT; its path is its table. [`Pipeline::read`] finds the order
//! from the SQL itself, [`Pipeline::plan`] checks every model without data, and
//! [`Pipeline::build`] makes the tables that changed, checks them and puts them into the
//! transaction. `pipelines/identity.toml` makes three tables of its own: which names in which
//! systems belong to which customer.
//!
//! ```text
//! pipelines/models/*.sql, *.toml ─> model ────┐
//! pipelines/identity.toml ───────> identity ──┼─> pipeline ─────────> build ────────> tables
//! pipelines/checks/*.sql ────────> check ─────┘   read, order, plan   make, audit     and a BuildReport
//!
//! pipelines/seeds/*.csv, *.toml ─> seed ────> model: the rows are those of the file
//! pipelines/schedules.toml ──────> schedules: business hours, which SQL names
//! ```

mod schedules;

mod check;

mod companion;

mod seed;

mod model;

mod identity;

mod tables_read;

mod pipeline;

mod build;

pub use build::{BuildError, BuildReport, FailedModel, FormerVersion, PlannedModel, RebuildReason};
pub use check::{Check, CustomCheck};
pub use companion::{Materialization, ModelFile};
pub use model::Model;
pub use pipeline::{Pipeline, RunSelection, SoundPipeline};
pub use schedules::read_schedules;

#[cfg(test)]
mod model_cases;
#[cfg(test)]
mod tests;
