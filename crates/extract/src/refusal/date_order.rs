//! Dates of a file that can be read day first and month first.

use std::fmt;

use miette::Diagnostic;

/// A date that is two days, and nothing in the file says which; or one that contradicts another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateOrderFault {
    /// Canonical name of its column.
    pub column: String,
    /// The date as the file has it.
    pub text: String,
    /// Its line.
    pub line: u64,
    /// Another date that can only be read in another order, and its line.
    pub contradicted_by: Option<(String, u64)>,
    /// Formats of each order, and the day that `text` is under it.
    pub readings: Vec<(Vec<String>, String)>,
    /// The source's file.
    pub path: String,
}

impl fmt::Display for DateOrderFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { column, text, line, .. } = self;
        match &self.contradicted_by {
            None => {
                let days: Vec<&str> = self.readings.iter().map(|(_, day)| day.as_str()).collect();
                let days = days.join(" or ");
                write!(
                    out,
                    "nothing in it says whether its dates have the day or the month first: \
                     `{text}` in `{column}` on line {line} is {days}"
                )
            }
            Some((other, at)) => write!(
                out,
                "its dates have the day first and the month first: `{text}` in `{column}` on line {line} \
                 and `{other}` on line {at} cannot both be read in one order"
            ),
        }
    }
}

impl std::error::Error for DateOrderFault {}

impl Diagnostic for DateOrderFault {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let format = |(formats, day): &(Vec<String>, String)| {
            let formats: Vec<String> =
                formats.iter().map(|format| format!("\"{format}\"")).collect();
            let day = if day.is_empty() { String::new() } else { format!("# {day}\n") };
            format!("{day}format = [{}]\n", formats.join(", "))
        };
        let formats: String = self.readings.iter().map(format).collect();
        Some(Box::new(format!(
            "write the one that is right in `{}`, at `{}` and the other dates:\n{formats}\
             a file that has a day above 12 decides by itself",
            self.path, self.column
        )))
    }
}
