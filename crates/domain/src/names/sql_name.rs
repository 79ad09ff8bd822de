//! Quoted names and texts of SQL, so that neither is ever read as SQL.

use std::fmt;

/// A quoted identifier of SQL: `"Opened at"`.
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

/// A text literal of SQL: `'it''s'`.
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
