//! What a file must have before it is read.

use jiff::SignedDuration;

use super::faults::Faults;
use crate::source::{Arrival, Source};

/// Longest time that a file may have to stay as it is.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 30);

pub(super) fn check(source: &Source, faults: &mut Faults) {
    let Some(arrival) = &source.arrival else { return };
    let Arrival { done_marker, minimum_age } = arrival;
    if done_marker.is_none() && minimum_age.is_none() {
        let help = "set `done_marker = \"{file}.done\"` or `minimum_age = \"10m\"`, or remove it";
        faults.at("arrival", "", "`[arrival]` says nothing", help);
    }
    if done_marker.is_some() && !is_marker(arrival) {
        let help = "write the name of the extract as `{file}`, with letters before or after: `{file}.done`";
        faults.at(
            "arrival",
            "done_marker",
            "`done_marker` does not name a file beside the extract",
            help,
        );
    }
    let is_age = |age: SignedDuration| age.is_positive() && age <= LONGEST;
    if minimum_age.is_some() && !arrival.age().is_some_and(is_age) {
        let message = "`minimum_age` is no time of up to 30 days";
        faults.at("arrival", "minimum_age", message, "`90s`, `10m`, `2h` or `1h 30m`");
    }
}

fn is_marker(arrival: &Arrival) -> bool {
    let around = arrival.around().map(|(before, after)| format!("{before}{after}"));
    around.is_some_and(|name| {
        !name.is_empty() && !name.contains(['/', '{', '}']) && !name.contains(char::is_control)
    })
}

#[cfg(test)]
mod tests {
    use crate::source_file::verify::tests::fault_of;

    #[test]
    fn what_an_extract_must_have_is_said_and_can_be_had() {
        for (arrival, message, place) in [
            ("[arrival]", "`[arrival]` says nothing", "[arrival]"),
            (
                "[arrival]\ndone_marker = \"done\"",
                "`done_marker` does not name a file beside the extract",
                "\"done\"",
            ),
            (
                "[arrival]\ndone_marker = \"{file}\"",
                "`done_marker` does not name a file beside the extract",
                "\"{file}\"",
            ),
            (
                "[arrival]\ndone_marker = \"../{file}.done\"",
                "`done_marker` does not name a file beside the extract",
                "\"../{file}.done\"",
            ),
            (
                "[arrival]\nminimum_age = \"10\"",
                "`minimum_age` is no time of up to 30 days",
                "\"10\"",
            ),
            (
                "[arrival]\nminimum_age = \"-10m\"",
                "`minimum_age` is no time of up to 30 days",
                "\"-10m\"",
            ),
            (
                "[arrival]\nminimum_age = \"721h\"",
                "`minimum_age` is no time of up to 30 days",
                "\"721h\"",
            ),
            ("[arrival]\nminimum_agee = \"1h\"", "unknown key `minimum_agee`", "minimum_agee"),
        ] {
            let expected = (message.to_owned(), place.to_owned());
            assert_eq!(fault_of(arrival, "[columns.id]\ntype = \"text\"\n"), expected, "{arrival}");
        }
    }
}
