//! How old a period may be whose mail is sent without being asked for: `stale_after` of `[mail]`.

use jiff::{Span, SpanFieldwise};

/// Days after the end of a period in which it is mailed where the report does not say.
pub(super) const DEFAULT: i64 = 40;

/// Days beyond the longest period of a grain in which every period is mailed, whatever the report says.
pub(super) const LEAST_BEYOND: i64 = 10;

/// Most days that a report may say.
const MOST: i64 = 3660;

/// A time of whole days as people write it; `None` when it is none, or too long.
pub(super) fn days(text: &str) -> Option<i64> {
    let span: Span = text.parse().ok()?;
    let (days, weeks) = (span.get_days(), span.get_weeks());
    let is_whole_days = SpanFieldwise(span) == SpanFieldwise(Span::new().days(days).weeks(weeks));
    let days = i64::from(days) + 7 * i64::from(weeks);
    (is_whole_days && (0..=MOST).contains(&days)).then_some(days)
}
