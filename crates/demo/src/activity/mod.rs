//! What customers do: tickets, survey answers, subscriptions.

pub(crate) mod comments;
pub(crate) mod desk;
pub(crate) mod subscription;
pub(crate) mod survey;
pub(crate) mod ticket;
