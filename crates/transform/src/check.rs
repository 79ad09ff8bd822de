//! What must hold of a table's rows.
//!
//! A [`Check`] is stated by a model's companion file ([`CheckFile`]) and becomes SQL by its
//! rule; a [`CustomCheck`] is SQL of the project's own. Both end in a
//! [`CheckOutcome`](scorewright_domain::CheckOutcome).

mod check_file;

mod rule;

mod count;

mod samples;

mod model_check;

mod table_counts;

mod custom_check;

pub(crate) use check_file::CheckFile;
pub(crate) use count::{query_count, tolerated};
pub use custom_check::CustomCheck;
pub use model_check::Check;
pub(crate) use table_counts::TableCounts;
