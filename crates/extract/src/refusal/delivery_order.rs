//! Two files of which nothing says which was delivered later.

use std::fmt;
use std::path::PathBuf;

use miette::Diagnostic;

use super::truncate::shortened;

/// Why it is not known whether a file was delivered before or after another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliveryOrderFault {
    /// Its name does not fit the pattern that finds the order in names.
    Unfit {
        /// The pattern.
        pattern: String,
        /// The source's file.
        path: String,
    },
    /// Another file delivers the same period.
    SamePeriod {
        /// The period.
        period: String,
        /// The other file.
        other: PathBuf,
        /// The source's file.
        path: String,
    },
    /// Another file has a row of the same key, equally new, with other values.
    SameKey {
        /// Line of the row in this file.
        line: u64,
        /// The other file.
        other: PathBuf,
        /// Line of the row in the other file.
        other_line: u64,
        /// The source's file.
        path: String,
    },
}

impl fmt::Display for DeliveryOrderFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unfit { pattern, .. } => {
                write!(
                    out,
                    "its name does not say when it was delivered: it does not fit `{pattern}`"
                )
            }
            Self::SamePeriod { period, other, .. } => write!(
                out,
                "`{}` delivers `{}` too, and nothing says which of them is the later one",
                other.display(),
                shortened(period)
            ),
            Self::SameKey { line, other, other_line, .. } => write!(
                out,
                "its line {line} and line {other_line} of `{}` have the same key and are equally new, and differ; \
                 nothing says which file is the later one",
                other.display()
            ),
        }
    }
}

impl std::error::Error for DeliveryOrderFault {}

impl Diagnostic for DeliveryOrderFault {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(match self {
            Self::Unfit { path, .. } => Box::new(format!(
                "name the file by the pattern of `delivered` in `{path}`, or mend the pattern"
            )),
            Self::SamePeriod { path, .. } => Box::new(format!(
                "say it in `{path}`: `delivered = {{ name = '_v(\\d+)' }}` where names have a number or a day\n\
                 or take the later file out of the folder, run, and put it back: a file that a later run sees first is later"
            )),
            Self::SameKey { path, .. } => Box::new(format!(
                "say it in `{path}`: `delivered = {{ name = '_(\\d{{4}}-\\d{{2}}-\\d{{2}})' }}` where names have a number or a day, \
                 `delivered = {{ column = \"exported_at\" }}` where rows say it\n\
                 or take the later file out of the folder, run, and put it back: a file that a later run sees first is later"
            )),
        })
    }
}
