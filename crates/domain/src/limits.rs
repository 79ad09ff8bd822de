//! What an extract and a query may be at most, so that no input fills the memory or runs for ever.
//!
//! ```text
//! written: as a file has them -> keys: bounds and units -> limit_values: as readers ask them
//! ```

mod limit_values;

mod keys;
mod written;

pub use keys::{LimitEntry, LimitUnit, is_limit};
pub use limit_values::{Limits, SqlLimits};
