//! Plain data and rules that every crate shares: no files, no SQL engine, no clock.
//!
//! Stages meet in these types, in the order in which data passes through them:
//!
//! ```text
//! ProjectFile            a text file of the project; what is wrong in it is a Fault
//!
//! Extract ─ Landing      a received file, and what became of its rows     landing, left_out, reason, absent_column
//!    │
//! SourceReach            how far a source has delivered                   source_reach
//!    │
//! Built                  a table made by a model, with its checks         built
//!    │
//! KpiValue               a metric of one period and segment               figures, time
//!    │
//! Standing               the value beside target, benchmark and past      figures
//!    │
//! Document ─ Receipt     a rendered page, and the proof of its delivery   document, owed_issue
//!
//! Event                  what a stage reports while it runs
//! ```

mod text;

mod names;
mod project_file;

mod environment;

mod absent_column;
mod landing;
mod left_out;
mod reason;

mod built;
mod check_outcome;

mod time;

mod figures;

mod source_reach;

mod limits;
mod profile;
mod variables;

mod document;
mod owed_issue;

mod event;

mod parallel;

pub use absent_column::{AbsentColumn, absent_columns};
pub use built::Built;
pub use check_outcome::{CheckOutcome, CheckVerdict, Severity};
pub use document::{Document, Receipt};
pub use environment::{Environment, UnsetVariable, reference as environment_reference};
pub use event::{Event, Listener, Silent};
pub use figures::benchmark::{Benchmark, Comparability};
pub use figures::change_test::{ChangeTest, TestedChange};
pub use figures::coverage::{Coverage, CoverageState};
pub use figures::declared_change::{ChangedPart, DeclaredChange};
pub use figures::interval_method::IntervalMethod;
pub use figures::kpi_value::{KpiValue, NullReason};
pub use figures::segment::Segment;
pub use figures::standing::{Comparison, Evidence, Standing, Status};
pub use figures::target::{GoalKind, Target};
pub use figures::unit::{Direction, Unit};
pub use landing::{Books, Extract, KnownLoad, Landing, QuarantinedRow, ReplacedContent};
pub use left_out::LeftOutExtract;
pub use limits::{LimitEntry, LimitUnit, Limits, SqlLimits, is_limit};
pub use names::check_id::CheckId;
pub use names::fingerprint::{Fingerprint, FingerprintHasher, hash_digits, hex};
pub use names::left_out_columns::{LEFT_OUT, LEFT_OUT_AT};
pub use names::sql_name::{SqlName, SqlText};
pub use names::table_name::{BadTableName, Layer, TableName};
pub use owed_issue::{OwedDelivery, OwedIssue};
pub use parallel::{STACK, in_parallel};
pub use profile::Profile;
pub use project_file::{Fault, ProjectFile};
pub use reason::Reason;
pub use source_reach::SourceReach;
pub use text::digit_groups::group_digits;
pub use text::formula::{has_formula, starts_like_formula};
pub use text::hidden::is_hidden;
pub use text::nearest::{did_you_mean, nearest};
pub use time::day::TomlDay;
pub use time::day_window::{BadDayWindow, DayWindow};
pub use time::local_time::{LocalTime, LocalTimeUse};
pub use time::open_hours::OpenHours;
pub use time::period::{BadPeriod, Grain, Period};
pub use time::schedule::{Schedule, ScheduleTerm};
pub use variables::{Variable, Variables};
