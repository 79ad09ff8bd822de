//! What delivery promises, tried through its public items.

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod hold;
#[cfg(test)]
mod mail;
#[cfg(test)]
mod outbox;
#[cfg(test)]
mod sending;
#[cfg(test)]
#[path = "../../../../tests/smtp/mod.rs"]
mod smtp;
#[cfg(test)]
#[path = "../../../../tests/web/mod.rs"]
mod web;
#[cfg(test)]
mod webhook;
