//! Functions of our own, beside those of the engine: local days, business hours, JSON.
//!
//! ```text
//! LocalTime of a version ──> local_rules: the zone, and each schedule ready to be asked
//!                                │
//! calendar_unit, time_values ────┼──> local_date, local_period, date_diff, business_seconds
//! json_path ─────────────────────┴──> json_text, json_get, and with them -> and ->>
//! ```
//!
//! None of them knows a clock: the same values give the same answer.

mod sql_function;

mod local_rules;

mod calendar_unit;
mod time_values;

mod business_seconds;
mod date_diff;
mod local_date;
mod local_period;

mod json_functions;
mod json_path;
mod json_scan;

mod md5_text;

mod interval_times;

mod operators;

use std::sync::Arc;

use datafusion::execution::FunctionRegistry;
use datafusion::logical_expr::ScalarUDF;
use datafusion::prelude::SessionContext;

pub(super) use calendar_unit::CalendarUnit;
pub(super) use date_diff::DiffUnit;
pub(super) use json_path::JsonTextPath;
pub(super) use local_rules::LocalRules;
use sql_function::SqlFunction;

/// Makes them known to an engine.
///
/// - `rules`: zone and schedules; without them, what needs them says so when it is planned.
pub(super) fn register(
    context: &mut SessionContext,
    rules: Option<&Arc<LocalRules>>,
) -> datafusion::error::Result<()> {
    let rules = rules.cloned();
    for function in [
        SqlFunction::new("local_date", 1, local_date::LocalDate(rules.clone())),
        SqlFunction::new("local_period", 2, local_period::LocalPeriod(rules.clone())),
        SqlFunction::new("date_diff", 3, date_diff::DateDiff(rules.clone())),
        SqlFunction::new("business_seconds", 3, business_seconds::BusinessSeconds(rules)),
        SqlFunction::new("json_text", 2, json_functions::JsonFunction::Text),
        SqlFunction::new("json_get", 2, json_functions::JsonFunction::Json),
        SqlFunction::new("md5", 1, md5_text::Md5),
    ] {
        FunctionRegistry::register_udf(context, Arc::new(ScalarUDF::from(function)))?;
    }
    context.register_expr_planner(Arc::new(operators::Operators))
}

#[cfg(test)]
mod tests;
