//! Texts for people: long numbers, and the word that was most likely meant.

pub(crate) mod digit_groups;

pub(crate) mod nearest;
