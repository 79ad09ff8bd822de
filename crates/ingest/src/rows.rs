//! Rows between files and tables: which columns they have, what tells them apart, where they go.

pub(crate) mod moments;
pub(crate) mod row_hashes;
pub(crate) mod row_sample;
pub(crate) mod table;

pub(crate) mod partition;

pub(crate) mod row_group;
