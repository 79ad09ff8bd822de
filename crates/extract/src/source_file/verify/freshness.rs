//! How far a source reaches, and how far it should.

use jiff::{SignedDuration, Span, SpanRelativeTo};

use super::faults::Faults;
use crate::source::{Delivered, Load, Source, span};

/// Longest time that a source may be quiet or late.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 400);

pub(super) fn check(source: &Source, faults: &mut Faults) {
    for (key, text) in [("quiet", &source.quiet), ("grace", &source.grace)] {
        let is_time = |time: Span| {
            let length = time.to_duration(SpanRelativeTo::days_are_24_hours());
            length.is_ok_and(|length| !length.is_negative() && length <= LONGEST)
        };
        if text.is_some() && !span(text.as_deref()).is_some_and(is_time) {
            let message = format!("`{key}` is no time of up to 400 days");
            faults.at("", key, message, "`12h`, `1d`, `2w` or `1d 12h`");
        }
    }
    if source.quiet.is_some() && source.watermark.is_none() {
        let help = "name the column that says when a row happened: `watermark`";
        faults.at("", "quiet", "`quiet` needs a `watermark`", help);
    }
    if source.expect.is_some() && !says_how_far_it_reaches(source) {
        let help = "name the column that says when a row happened: `watermark`; or how it is known when a file was delivered: `delivered`";
        faults.at("", "expect", "`expect` needs a `watermark` or `delivered`", help);
    }
    let is_set = [("grace", source.grace.is_some()), ("required", source.required)];
    for (key, _) in is_set.into_iter().filter(|(_, is_set)| *is_set && source.expect.is_none()) {
        let help = "say how often it delivers: expect = \"daily\", \"weekly\", \"monthly\" or \"quarterly\"";
        faults.at("", key, format!("`{key}` needs `expect`"), help);
    }
}

/// Whether it can be known up to when everything was delivered.
pub fn says_how_far_it_reaches(source: &Source) -> bool {
    let has_moment = matches!(source.delivered, Some(Delivered::Name(_) | Delivered::Column(_)));
    let has_marker = source.arrival.as_ref().is_some_and(|arrival| arrival.done_marker.is_some());
    source.watermark.is_some() || has_moment || has_marker || source.load == Load::Snapshot
}

#[cfg(test)]
mod tests {
    use crate::source_file::verify::tests::fault_of;

    #[test]
    fn what_is_expected_can_be_known() {
        let columns = "[columns.id]\ntype = \"text\"\n[columns.at]\ntype = \"timestamp\"\n";
        for (keys, message, place) in [
            ("quiet = \"3d\"", "`quiet` needs a `watermark`", "\"3d\""),
            (
                "watermark = \"at\"\nquiet = \"3 moons\"",
                "`quiet` is no time of up to 400 days",
                "\"3 moons\"",
            ),
            (
                "watermark = \"at\"\nquiet = \"-1d\"",
                "`quiet` is no time of up to 400 days",
                "\"-1d\"",
            ),
            (
                "watermark = \"at\"\nquiet = \"401d\"",
                "`quiet` is no time of up to 400 days",
                "\"401d\"",
            ),
            ("expect = \"daily\"", "`expect` needs a `watermark` or `delivered`", "\"daily\""),
            ("watermark = \"at\"\ngrace = \"1d\"", "`grace` needs `expect`", "\"1d\""),
            ("watermark = \"at\"\nrequired = true", "`required` needs `expect`", "true"),
        ] {
            let expected = (message.to_owned(), place.to_owned());
            assert_eq!(fault_of(keys, columns), expected, "{keys}");
        }
    }
}
