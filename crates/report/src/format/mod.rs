//! Numbers, days and names as text. Every rounding of a page happens here.

mod number;

mod count;
mod duration;

mod decimal;

mod day;
mod text;

pub(crate) use count::{count, count_words, number_word};
pub(crate) use day::{
    compared_with, day_of_week, day_short, day_words, history_words, instant_words, last_whole_day,
    period_mention, period_name, period_short, period_words,
};
pub(crate) use decimal::finite;
pub use number::figure_words;
pub(crate) use number::{NO_VALUE, NumberFormat, share_of};
pub(crate) use text::{ascii, capital, clean, clean_text, joined, short_title, shorten};
