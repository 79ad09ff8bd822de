//! Names and texts as SQL writes them, so that neither is ever taken for SQL.

use std::fmt;

/// A name that SQL must take letter by letter: `"Opened at"`.
///
/// ```
/// use scorewright_domain::SqlName;
/// assert_eq!(SqlName("net \"of\" tax").to_string(), r#""net ""of"" tax""#);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SqlName<'a>(pub &'a str);

impl fmt::Display for SqlName<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "\"{}\"", self.0.replace('"', "\"\""))
    }
}

/// A text as a value of SQL: `'it''s'`.
///
/// ```
/// use scorewright_domain::SqlText;
/// assert_eq!(SqlText("it's").to_string(), "'it''s'");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SqlText<'a>(pub &'a str);

impl fmt::Display for SqlText<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "'{}'", self.0.replace('\'', "''"))
    }
}
