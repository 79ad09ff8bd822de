//! Plain data and rules that every crate shares: no files, no SQL engine, no clock.
//!
//! Stages meet in these types, in the order in which data passes through them:
//!
//! ```text
//! ProjectFile            a text file of the project; what is wrong in it is a Fault
//!
//! Extract ─ Landing      a received file, and what became of its rows     landing, reason
//!    │
//! Built                  a table made by a model, with its checks         built
//!    │
//! KpiValue               a metric of one period and segment               kpi_value, period, segment, unit
//!    │
//! Standing               the value beside target, benchmark and past      standing
//!    │
//! Document ─ Receipt     a rendered page, and the proof of its delivery   document
//!
//! Event                  what a stage reports while it runs
//! ```

mod project_file;

mod table_name;

mod landing;
mod reason;

mod built;
mod check_id;

mod period;
mod segment;
mod unit;

mod interval_method;
mod kpi_value;
mod standing;

mod document;

mod event;

mod day;
mod digit_groups;
mod fingerprint;
mod nearest;
mod parallel;
mod sql_name;

pub use built::{Built, CheckOutcome, Severity};
pub use check_id::CheckId;
pub use digit_groups::group_digits;
pub use document::{Document, Receipt};
pub use event::{Event, Listener, Silent};
pub use fingerprint::{Fingerprint, FingerprintHasher, hash_digits, hex};
pub use interval_method::IntervalMethod;
pub use kpi_value::{KpiValue, NullReason};
pub use landing::{Books, Extract, Landing, QuarantinedRow};
pub use nearest::{did_you_mean, nearest};
pub use parallel::in_parallel;
pub use period::{BadPeriod, Grain, Period};
pub use project_file::{Fault, ProjectFile};
pub use reason::Reason;
pub use segment::Segment;
pub use sql_name::{SqlName, SqlText};
pub use standing::{Benchmark, Comparability, Evidence, GoalKind, Standing, Status, Target};
pub use table_name::{BadTableName, Layer, TableName};
pub use unit::{Direction, Unit};
