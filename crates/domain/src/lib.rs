//! The words of the house: plain data and rules, no file, SQL or clock.
//!
//! Stages meet in these types: an [`Extract`] becomes a [`Landing`], SQL turns
//! landings into [`Built`] tables, facts become [`KpiValue`]s, judged they are
//! [`Standing`]s, shown they are [`Document`]s, delivered they leave a
//! [`Receipt`].

mod fingerprint;
mod nearest;
mod sql_name;

mod digit_groups;
mod project_file;
mod table_name;

mod event;
mod landing;
mod reason;

mod built;

mod day;
mod period;
mod segment;
mod unit;

mod interval_method;
mod kpi_value;
mod standing;

mod document;

pub use built::{Built, CheckOutcome, Severity};
pub use digit_groups::group_digits;
pub use document::{Document, Receipt};
pub use event::{Event, Listener, Silent};
pub use fingerprint::{Fingerprint, FingerprintHasher, hash_digits, hex};
pub use interval_method::IntervalMethod;
pub use kpi_value::{KpiValue, NullReason};
pub use landing::{Books, Extract, Landing, QuarantinedRow};
pub use nearest::nearest;
pub use period::{BadPeriod, Grain, Period};
pub use project_file::{Fault, ProjectFile};
pub use reason::Reason;
pub use segment::Segment;
pub use sql_name::{SqlName, SqlText};
pub use standing::{Benchmark, Comparability, Evidence, GoalKind, Standing, Status, Target};
pub use table_name::{BadTableName, Layer, TableName};
pub use unit::{Direction, Unit};
