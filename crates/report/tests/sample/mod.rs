//! Two hand-made runs: a believable company, and one whose every name and number is hostile.
#![allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    missing_docs,
    clippy::needless_pass_by_value,
    clippy::unwrap_used,
    reason = "shared by several tests and an example"
)]

mod files;
mod line;

mod company;
mod facts;
pub mod hostile;

pub use company::*;
pub use facts::*;
pub use files::*;
pub use line::*;
