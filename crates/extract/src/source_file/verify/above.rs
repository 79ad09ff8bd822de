//! Proves what a source says of values that stand above the rows.

use regex::Regex;

use super::faults::Faults;
use crate::source::{Column, FileFormat, Source};

pub(super) fn check(source: &Source, column: &Column, section: &str, faults: &mut Faults) {
    let Some(pattern) = &column.above else { return };
    if !Regex::new(pattern).is_ok_and(|it| it.captures_len() > 1) {
        let help = "its first group finds the value: 'Start date: (\\d{8})'";
        faults.at(section, "above", "`above` is not a regular expression with a group", help);
    }
    if !column.from.0.is_empty() {
        let help = "keep one: a value stands in each row, or above all of them";
        faults.at(section, "above", "a column has `from` or `above`", help);
    }
    let has_text_above = |format: &FileFormat| matches!(format, FileFormat::Csv | FileFormat::Xlsx);
    if !source.format.0.iter().all(has_text_above) {
        let help = "remove it: objects of JSON and Parquet have nothing above their rows";
        faults.at(section, "above", "`above` is for CSV and spreadsheets", help);
    }
}
