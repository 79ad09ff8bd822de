//! How numbers, days and names are said. Every rounding of a page happens here.

mod day;
mod duration;
mod number;
mod text;

pub(crate) use day::{
    compared_with, day_short, day_words, history_words, instant_words, period_mention, period_name,
    period_short, period_words,
};
pub(crate) use number::{Numbers, count, count_words, number_word, percentage};
pub(crate) use text::{ascii, capital, clean, clean_text, joined, short_title, shorten};

/// What stands where there is no value.
pub(crate) const NO_VALUE: &str = "n/a";
