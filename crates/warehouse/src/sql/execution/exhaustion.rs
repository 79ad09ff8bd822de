//! Why a query did not come to its end, as far as another try could help.

use datafusion::error::DataFusionError;

use crate::sql::sql_fault::SqlFault;

/// A query that did not come to its end.
#[derive(Debug)]
pub(crate) enum Unfinished {
    /// Memory did not suffice: a try that needs less may end.
    OutOfMemory,
    /// No other try will help.
    Failed(SqlFault),
}

impl Unfinished {
    /// - `temporary_bytes`: the limit of temporary files, for the message.
    pub(crate) fn of(error: DataFusionError, temporary_bytes: u64) -> Self {
        if is_out_of_temporary_space(&error) {
            Self::Failed(SqlFault::out_of_temporary_space(temporary_bytes))
        } else if is_out_of_memory(&error) {
            Self::OutOfMemory
        } else {
            Self::Failed(error.into())
        }
    }

    /// A panic of the engine. Where the build side of a cross join exhausts the memory, a second poll of it panics and
    /// hides the cause.
    pub(super) fn of_panic(message: &str) -> Self {
        if message.contains("partition not used yet") {
            Self::OutOfMemory
        } else {
            let what = "the query engine met a case it was not written for";
            Self::Failed(SqlFault::new(format!("{what}: write this SQL in another way")))
        }
    }
}

impl From<SqlFault> for Unfinished {
    fn from(fault: SqlFault) -> Self {
        Self::Failed(fault)
    }
}

/// Whether memory did not suffice. Only one of the forms in which the engine says so has a type of its own.
fn is_out_of_memory(error: &DataFusionError) -> bool {
    const TEXTS: [&str; 2] =
        ["Not enough memory to continue external sort", "Left side produced no data to spill"];
    matches!(error.find_root(), DataFusionError::ResourcesExhausted(_)) || says(error, &TEXTS)
}

/// Whether more was spilled than is allowed.
fn is_out_of_temporary_space(error: &DataFusionError) -> bool {
    says(error, &["The used disk space during the spilling process has exceeded"])
}

fn says(error: &DataFusionError, texts: &[&str]) -> bool {
    let message = error.to_string();
    texts.iter().any(|text| message.contains(text))
}
