//! What an extract may be at most, so that no input fills the memory or runs for ever.
//!
//! ```text
//! written: as a file has them -> keys: bounds and units -> limit_values: as readers ask them -> exceeded: what is too much
//! ```

mod limit_values;

mod keys;
mod written;

mod exceeded;

pub use exceeded::Exceeded;
pub use keys::{LimitEntry, LimitUnit};
pub use limit_values::Limits;
