//! What is wrong with SQL, and where.

use std::fmt;
use std::ops::Range;

use datafusion::error::DataFusionError;
use miette::Diagnostic as _;
use scorewright_domain::{Fault, LimitUnit, ProjectFile};

use crate::error::{NOT_QUARANTINE, WarehouseError};

/// SQL that the engine refused or could not finish.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
#[error("{message}")]
pub struct SqlFault {
    /// What is wrong.
    pub message: String,
    /// Line and column it starts at, both from 1.
    pub place: Option<(u64, u64)>,
    /// How to fix it.
    #[help]
    pub help: Option<String>,
    /// Key of the limit in `[limits]` that it exceeds: the SQL may be right, and needs more than it may take.
    pub limit: Option<&'static str>,
    /// Whether it met a damaged file of a table: the SQL may be right.
    pub is_damage: bool,
}

impl SqlFault {
    /// A fault without a place.
    pub fn new(message: impl Into<String>) -> Self {
        let message = message.into();
        Self { message, place: None, help: None, limit: None, is_damage: false }
    }

    /// The word in the SQL that it is about, as bytes of its text.
    pub fn span_in(&self, file: &ProjectFile) -> Option<Range<usize>> {
        let (line, column) = self.place?;
        let start = file.offset(line, column);
        let rest = &file.text[start..];
        let length = rest.find(|letter| !is_of_name(letter)).unwrap_or(rest.len());
        Some(start..start + length.max(1).min(rest.len()))
    }

    /// The same fault, shown in the file the SQL came from.
    pub fn in_file(&self, file: &ProjectFile) -> Fault {
        let fault = file.fault(self.span_in(file), self.message.clone());
        let fault = match &self.help {
            Some(help) => fault.help(help.clone()),
            None => fault,
        };
        self.mark(fault)
    }

    /// A fault that is shown otherwise, known for what this one is: SQL that exceeds a limit, or met a damaged file.
    pub fn mark(&self, fault: Fault) -> Fault {
        let fault = self.limit.into_iter().fold(fault, Fault::of_limit);
        match &self.help {
            Some(help) if self.is_damage => fault.of_damage().help(help.clone()),
            _ => fault,
        }
    }
}

/// What a query takes more of than it may.
impl SqlFault {
    fn of_limit(key: &'static str, message: impl fmt::Display, help: &str) -> Self {
        Self {
            help: Some(format!("{help}; or raise `{key}` in `[limits]` of `scorewright.toml`")),
            limit: Some(key),
            ..Self::new(format!("{message} (limit `{key}`)"))
        }
    }

    pub(super) fn out_of_memory(bytes: u64) -> Self {
        let bytes = LimitUnit::Bytes.in_words(bytes);
        let message = format!(
            "this SQL needs more than {bytes} of memory, also alone and with spilling joins"
        );
        let help = "join fewer rows at once, or group before joining, in a model of its own";
        Self::of_limit("memory", message, help)
    }

    pub(super) fn out_of_time(seconds: u64) -> Self {
        let seconds = LimitUnit::Count.in_words(seconds);
        let message = format!("this SQL has not ended within {seconds} s");
        let help =
            "look for a join that multiplies rows, and for a recursion or a series without end";
        Self::of_limit("query_seconds", message, help)
    }

    pub(super) fn out_of_temporary_space(bytes: u64) -> Self {
        let bytes = LimitUnit::Bytes.in_words(bytes);
        let message = format!("this SQL writes more than {bytes} of temporary files");
        let help =
            "look for a join that multiplies rows, and for a recursion or a series without end";
        Self::of_limit("temporary_bytes", message, help)
    }

    pub(super) fn table_too_large(bytes: u64) -> Self {
        let bytes = LimitUnit::Bytes.in_words(bytes);
        let message = format!("the table of this SQL has more than {bytes}");
        let help = "look for a join that multiplies rows";
        Self::of_limit("table_bytes", message, help)
    }
}

impl SqlFault {
    /// Whether it reads a table that this user may not read.
    pub(super) fn is_of_unreadable_table(&self) -> bool {
        // No other fault has this help.
        self.help.as_deref() == Some(NOT_QUARANTINE)
    }
}

impl From<WarehouseError> for SqlFault {
    fn from(error: WarehouseError) -> Self {
        let help = error.help().map(|help| help.to_string());
        let is_damage = matches!(error, WarehouseError::Damaged { .. });
        Self { help, is_damage, ..Self::new(error.to_string()) }
    }
}

impl From<DataFusionError> for SqlFault {
    fn from(error: DataFusionError) -> Self {
        // A table that is opened when it is named says itself why it cannot be.
        if let DataFusionError::External(cause) = error.find_root()
            && let Some(fault) = cause.downcast_ref::<Self>()
        {
            return fault.clone();
        }
        let Some(diagnostic) = error.diagnostic() else {
            if is_write_statement(&error.strip_backtrace()) {
                return Self::new(
                    "only a SELECT is answered here: nothing can be created, changed or copied",
                );
            }
            let text = plain(&without_values(&error));
            let place = place_in(&text);
            if has_too_many_digits(&text) {
                let message = "a number in this SQL has more digits than its type".to_owned();
                let help = "CAST(x AS DECIMAL(18, 4)) before it is multiplied; a sum of whole numbers that long: CAST(x AS DECIMAL(38, 0))";
                return Self { place, help: Some(help.to_owned()), ..Self::new(message) };
            }
            let message = several_statements(&text)
                .or_else(|| wrong_type(&text))
                .or_else(|| unsupported(&text))
                .or_else(|| unknown_column(&text))
                .unwrap_or(text);
            return Self { place, help: valid_fields(&error), ..Self::new(message) };
        };
        let helps = diagnostic.helps.iter().map(|help| help.message.clone());
        let notes = diagnostic.notes.iter().map(|note| note.message.clone());
        let help: Vec<String> = helps.chain(notes).chain(valid_fields(&error)).collect();
        Self {
            place: diagnostic.span.map(|span| (span.start.line, span.start.column)),
            help: (!help.is_empty()).then(|| help.join("\n")),
            ..Self::new(lower_first(&diagnostic.message))
        }
    }
}

/// Whether a letter may stand in the name of a column or table.
fn is_of_name(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_' || letter == '.'
}

/// Whether the engine refused because it may only read.
fn is_write_statement(text: &str) -> bool {
    ["DDL", "DML", "Statement"].iter().any(|kind| text.contains(&format!("{kind} not supported: ")))
}

/// The engine's text without the values it met: it quotes the one that cannot be cast or parsed, which may be
/// somebody's, and this goes to the log.
fn without_values(error: &DataFusionError) -> String {
    let text = error.strip_backtrace();
    let is_of_rows = matches!(
        error.find_root(),
        DataFusionError::ArrowError(..)
            | DataFusionError::Execution(_)
            | DataFusionError::External(_)
            | DataFusionError::ParquetError(_)
    );
    if is_of_rows { mask_values(&text) } else { text }
}

/// A text without what stands between its first and last quote, and without long numbers.
fn mask_values(text: &str) -> String {
    let is_quote = |letter: char| matches!(letter, '\'' | '"' | '`');
    let masked = match (text.find(is_quote), text.rfind(is_quote)) {
        (Some(first), Some(last)) if first < last => {
            format!("{}…{}", &text[..=first], &text[last..])
        }
        (Some(only), _) => format!("{}…", &text[..=only]),
        _ => text.to_owned(),
    };
    mask_numbers(&masked)
}

/// A text without numbers of five digits and more.
fn mask_numbers(text: &str) -> String {
    const SHORT: usize = 4;
    let mut masked = String::new();
    let mut digits = String::new();
    for letter in text.chars().map(Some).chain([None]) {
        if let Some(digit) = letter.filter(char::is_ascii_digit) {
            digits.push(digit);
            continue;
        }
        masked += if digits.len() > SHORT { "…" } else { &digits };
        digits.clear();
        masked.extend(letter);
    }
    masked
}

/// The columns that do exist, which the engine names only in its plain text.
fn valid_fields(error: &DataFusionError) -> Option<String> {
    let text = error.strip_backtrace();
    let (_, fields) = text.split_once("Valid fields are ")?;
    let fields = fields.lines().next()?.trim_end_matches('.').replace('"', "");
    Some(format!("columns there: {fields}"))
}

/// The engine's text without its own prefixes.
fn plain(text: &str) -> String {
    let prefixes = [
        "Error during planning: ",
        "SQL error: ",
        "ParserError(\"",
        "TokenizerError(\"",
        "Schema error: ",
        "Execution error: ",
        "Internal error: ",
        "This feature is not implemented: ",
    ];
    let mut text = text.trim();
    while let Some(rest) = prefixes.iter().find_map(|prefix| text.strip_prefix(prefix)) {
        text = rest;
    }
    lower_first(text.trim_end_matches("\")").lines().next().unwrap_or(text))
}

/// Whether numbers were multiplied until no type, or no number of the type, holds the product.
fn has_too_many_digits(text: &str) -> bool {
    let is_of_decimals = text.contains("Decimal128") && text.contains("would exceed max");
    is_of_decimals || text.contains("Arithmetic overflow: Overflow happened on")
}

/// A function that was given what it cannot take, of which the engine lists every way it could be called.
fn wrong_type(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("unction '")?;
    let (function, rest) = rest.split_once('\'')?;
    rest.strip_prefix(" failed to match any signature")?;
    let received = rest.split_once("but received ").map_or("", |(_, rest)| rest);
    let received = match received.split([' ', ',']).next().unwrap_or_default() {
        "String" => "texts",
        "Boolean" => "yes and no",
        "Date" | "Timestamp" => "times",
        _ => "these values",
    };
    Some(format!("`{function}` cannot be used on {received}"))
}

/// A part of SQL that the engine does not have, which it shows as its parser sees it.
fn several_statements(text: &str) -> Option<String> {
    let is_one = !text.contains("only supports a single SQL statement");
    (!is_one).then(|| "one SELECT is answered here, and there are several statements".to_owned())
}

fn unsupported(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("nsupported ast node in sqltorel: ")?;
    let value = rest.split_once("value: \"").and_then(|(_, rest)| rest.split_once('"'));
    Some(match value {
        Some((value, _)) => {
            format!("`{value}` cannot stand at this place in SQL: write a constant")
        }
        None => "this part of SQL is not supported".to_owned(),
    })
}

/// A column that is not there, where the engine names it only in its plain text.
fn unknown_column(text: &str) -> Option<String> {
    let (name, _) = text.strip_prefix("no field named ")?.split_once('.')?;
    Some(format!("column '{}' not found", name.replace('"', "")))
}

/// The text with a small first letter, unless it begins with an abbreviation.
fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    match (letters.next(), text.chars().nth(1)) {
        (Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().to_string() + letters.as_str()
        }
        _ => text.to_owned(),
    }
}

/// Reads `at Line: 3, Column: 14`, or `Location(3,14)`, out of a message that carries its place only as text.
fn place_in(message: &str) -> Option<(u64, u64)> {
    let (line, column) = match message.rsplit_once("Line: ") {
        Some((_, rest)) => rest.split_once(", Column: ")?,
        None => message.split_once("Location(")?.1.split_once(',')?,
    };
    let digits =
        |text: &str| text.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok();
    Some((digits(line)?, digits(column)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_cannot_be_cast_is_not_quoted() {
        for (said, masked) in [
            (
                "Cannot cast string 'Ann's \"x\"' to value of Int64 type",
                "Cannot cast string '…' to value of Int64 type",
            ),
            ("Error parsing timestamp from 'a\nb: error", "Error parsing timestamp from '…"),
            (
                "436641234567 is too large to store in a Decimal128 of precision 9",
                "… is too large to store in a Decimal128 of precision 9",
            ),
            ("Divide by zero error", "Divide by zero error"),
        ] {
            assert_eq!(mask_values(said), masked);
        }
    }

    // Texts of the engine, version 55.
    #[test]
    fn the_engine_speaks_of_sql_and_not_of_itself() {
        let sum = "Function 'sum' failed to match any signature, errors: Error during planning: Function 'sum' \
            requires Decimal, but received String (DataType: Utf8).,Error during planning: and so on";
        assert_eq!(wrong_type(sum).as_deref(), Some("`sum` cannot be used on texts"));
        let zone = "Unsupported ast node in sqltorel: Identifier(Ident { value: \"region\", quote_style: None, \
            span: Span(Location(20,26)..Location(20,32)) })";
        assert_eq!(
            unsupported(zone).as_deref(),
            Some("`region` cannot stand at this place in SQL: write a constant")
        );
        assert_eq!(place_in(zone), Some((20, 26)));
        assert_eq!(place_in("at Line: 3, Column: 14"), Some((3, 14)));
        assert_eq!(wrong_type("no such column"), None);
        for long in [
            "cannot get result type for decimal operation Decimal128(37, 34) * Decimal128(18, 17): Invalid argument \
                error: Output scale of Decimal128(37, 34) * Decimal128(18, 17) would exceed max scale of 38",
            "arrow error: Arithmetic overflow: Overflow happened on: 9000000000000 * 9000000000000",
        ] {
            assert!(has_too_many_digits(long) && !has_too_many_digits(zone));
        }
        assert_eq!(
            unknown_column("no field named at_close. Valid fields are moved.at_end").as_deref(),
            Some("column 'at_close' not found")
        );
    }
}
