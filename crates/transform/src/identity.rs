//! Who is who: the customer behind each name that any system has for one.
//!
//! `pipelines/identity.toml` declares which columns of which tables name a
//! customer ([`Identity`]). The build [`gather`]s their keys as numbers, finds
//! the [`owners`](owners::owners), and writes [`Part`] by part.

mod build;
mod file;
mod gather;
mod owners;
mod plan;
mod resolved;
mod rules;
mod tables;

pub(crate) use build::Who;
pub(crate) use plan::plan;
pub(crate) use rules::Identity;
pub(crate) use tables::Part;
#[cfg(test)]
pub(crate) use tests::cases;

#[cfg(test)]
mod tests;
