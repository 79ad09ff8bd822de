//! One writer for each system, and the extracts it exports.

pub(crate) mod accounts;
pub(crate) mod emails;
pub(crate) mod employees;
pub(crate) mod opportunities;
pub(crate) mod orders;
pub(crate) mod ratings;
pub(crate) mod responses;
pub(crate) mod subscriptions;
pub(crate) mod tickets;
