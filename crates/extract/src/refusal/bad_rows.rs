//! Why rows of a file are bad, how often, and where first.

use std::collections::BTreeMap;

use scorewright_domain::group_digits;

/// How often a reason was found in a file, and where first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstSeen {
    /// Rows with this reason.
    pub rows: u64,
    /// Line of the first.
    pub line: u64,
    /// Column of the first, by its name in the extract.
    pub column: Option<String>,
}

/// Counts a bad row among the reasons of its file: those of the house, and the rules of its source.
pub fn count(
    reasons: &mut BTreeMap<String, FirstSeen>,
    reason: &str,
    line: u64,
    column: Option<&str>,
) {
    let column = || column.map(ToOwned::to_owned);
    let first = || FirstSeen { rows: 0, line, column: column() };
    reasons.entry(reason.to_owned()).or_insert_with(first).rows += 1;
}

/// What helps against too many bad rows: which they are, and where the first of each kind stands. No row is quoted: it
/// may be about a person, and this goes to the log.
pub(super) fn help(reasons: &BTreeMap<String, FirstSeen>, json_rows: Option<&str>) -> String {
    let mut lines: Vec<String> = reasons
        .iter()
        .map(|(code, seen)| {
            let column = seen
                .column
                .as_ref()
                .map(|column| format!(", column `{column}`"))
                .unwrap_or_default();
            let limit = behind(code);
            let rows = if seen.rows == 1 { "row" } else { "rows" };
            let (count, line) = (group_digits(&seen.rows.to_string()), seen.line);
            format!("{code}: {count} {rows}, first on line {line}{column}{limit}")
        })
        .collect();
    lines.extend(json_rows.map(|rows| {
        format!(
            "its rows are in a list: write `rows = \"{rows}\"` below `[json]` in the source file"
        )
    }));
    lines.push(
        "mend the source file where it describes the column wrongly, or ask the sender".into(),
    );
    lines.join("\n")
}

/// The limit that a reason comes from, if it comes from one.
fn behind(code: &str) -> &'static str {
    match code {
        "field_too_long" => "; longer than `field_bytes` in `[limits]` of `scorewright.toml`",
        "too_deep" => "; deeper than `json_depth` in `[limits]` of `scorewright.toml`",
        "too_long" => {
            "; longer than `max_length`, or a key longer than `key_bytes` in `[limits]` of `scorewright.toml`"
        }
        _ => "",
    }
}

#[allow(clippy::cast_precision_loss, reason = "counts of rows are far below 2^52")]
pub(super) fn percent(bad: u64, read: u64) -> f64 {
    bad as f64 * 100.0 / read.max(1) as f64
}
