//! The reports of a version: composed, rendered, and delivered to their readers.

pub(crate) mod identity;

pub(crate) mod facts;

pub(crate) mod render;

mod issue;

pub(crate) mod sample;

pub(crate) mod publish;
