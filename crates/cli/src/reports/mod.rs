//! The reports of a version: composed, rendered, and delivered to their readers.

pub(crate) mod identity;

pub(crate) mod facts;

pub(crate) mod mail_server;

mod site;

mod within_memory;
pub(crate) use within_memory::within_memory;

mod folders;
pub(crate) use folders::{delivery_folders, delivery_routes};

pub(crate) mod render;

mod issue;

pub(crate) mod expected;

pub(crate) mod sample;

pub(crate) mod publish;

pub(crate) mod owed;

pub(crate) mod rehearsal;

pub(crate) mod stale;
