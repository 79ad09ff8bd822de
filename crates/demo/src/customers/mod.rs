//! Who the customers are, when they came and left, and what each system calls them.

pub(crate) mod customer;
pub(crate) mod ids;
pub(crate) mod lifecycle;
pub(crate) mod names;
pub(crate) mod size;
