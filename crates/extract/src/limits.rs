//! What an extract may be at most, so that no input fills the memory or runs for ever.
//!
//! ```text
//! written: as a file has them -> keys: bounds and units -> setting: as readers ask them -> exceeded: what is too much
//! ```

mod setting;

mod keys;
mod written;

mod exceeded;

pub use exceeded::Exceeded;
pub use keys::{LimitEntry, LimitUnit};
pub use setting::Limits;
