//! Texts for people: long numbers, the word that was most likely meant, and secrets that are not shown.

pub(crate) mod digit_groups;

pub(crate) mod formula;

pub(crate) mod hidden;

pub(crate) mod nearest;

pub(crate) mod secrets;
