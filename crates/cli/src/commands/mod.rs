//! One file for each command: what it reads, what it asks the crates for, and what it prints.

pub(crate) mod demo;
pub(crate) mod init;

pub(crate) mod add;

pub(crate) mod check;
pub(crate) mod limits;
pub(crate) mod metrics;
pub(crate) mod plan;

pub(crate) mod run;

pub(crate) mod query;

pub(crate) mod explain;

pub(crate) mod render;

pub(crate) mod quarantine;

pub(crate) mod outbox;
pub(crate) mod send;

pub(crate) mod status;

pub(crate) mod diff;
pub(crate) mod snapshots;
pub(crate) mod verify;

pub(crate) mod repair;
pub(crate) mod rollback;

pub(crate) mod gc;

pub(crate) mod completions;
pub(crate) mod decode_parquet;
