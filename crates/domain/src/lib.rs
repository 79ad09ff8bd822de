//! The words of the house: plain data and rules, no file, SQL or clock.
//!
//! Stages meet in these types: an [`Extract`] becomes a [`Landing`], SQL turns
//! landings into [`Built`] tables, facts become [`KpiValue`]s, judged they are
//! [`Standing`]s, shown they are [`Document`]s, delivered they leave a
//! [`Receipt`].

mod built;
mod day;
mod document;
mod event;
mod kpi_value;
mod landing;
mod period;
mod project_file;
mod segment;
mod standing;
mod table_name;
mod unit;

pub use built::{Built, CheckOutcome, Severity};
pub use document::{Document, Receipt};
pub use event::{Event, Listener, Silent};
pub use kpi_value::{KpiValue, NullReason};
pub use landing::{Books, Extract, Landing, QuarantinedRow};
pub use period::{BadPeriod, Grain, Period};
pub use project_file::{Fault, ProjectFile, nearest};
pub use segment::Segment;
pub use standing::{Benchmark, Comparability, Evidence, GoalKind, Standing, Status, Target};
pub use table_name::{BadTableName, TableName};
pub use unit::{Direction, Unit};
