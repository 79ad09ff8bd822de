//! Rows into files, a few of them with a defect.

pub(crate) mod defects;
pub(crate) mod file;
pub(crate) mod row;
