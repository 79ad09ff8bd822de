//! What a column's name says of its values: that they name something, or say when.

use super::column_sample::ColumnSample;
use super::moment;
use super::name::has_word;

/// Why digits are a name here and not a count.
pub(super) fn identity(name: &str, seen: &ColumnSample) -> Option<&'static str> {
    let is_digits = |value: &String| value.bytes().all(|byte| byte.is_ascii_digit());
    if !seen.values.keys().all(is_digits) {
        return None;
    }
    if seen.values.keys().any(|value| value.len() > 1 && value.starts_with('0'))
        && !moment_of_digits(name, seen)
    {
        return Some("text, because the zeros in front would be lost");
    }
    if is_identity(name) {
        return Some("text, because it names something: nobody adds it up");
    }
    seen.values
        .keys()
        .any(|value| value.len() > 18)
        .then_some("text, because it has more digits than a number holds")
}

fn moment_of_digits(name: &str, seen: &ColumnSample) -> bool {
    is_time(name) && !moment::candidates(seen, true).is_empty()
}

/// Whether a column's name says that its values name something.
pub(crate) fn is_identity(name: &str) -> bool {
    const LAST: [&str; 14] = [
        "id",
        "ids",
        "key",
        "uuid",
        "guid",
        "number",
        "nr",
        "no",
        "code",
        "zip",
        "postcode",
        "plz",
        "reference",
        "ref",
    ];
    let last = name.rsplit('_').next().unwrap_or(name);
    LAST.contains(&last) || has_word(name, &["zip", "postcode"])
}

/// Whether a column's name says that its values say when.
pub(super) fn is_time(name: &str) -> bool {
    const WORDS: [&str; 19] = [
        "at",
        "on",
        "date",
        "time",
        "day",
        "created",
        "updated",
        "modified",
        "changed",
        "closed",
        "opened",
        "timestamp",
        "ts",
        "since",
        "until",
        "datum",
        "start",
        "end",
        "epoch",
    ];
    has_word(name, &WORDS)
        && !has_word(name, &["minutes", "seconds", "hours", "days", "min", "duration"])
}
