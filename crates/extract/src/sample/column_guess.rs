//! What a column most likely is, guessed from its name and from every value seen.

use super::column_sample::ColumnSample;
use super::fit::range;
use super::guess::Guess;
use super::kinds::{amount, choice, choices, claim, duration, mixed, time};
use super::naming::identity;
use super::personal::PersonalHint;

/// Texts that never are a value.
const NULLS: [&str; 11] =
    ["NULL", "null", "(null)", "\\N", "N/A", "n/a", "#N/A", "?", "-", "--", "(blank)"];
/// Texts that are no value among numbers and days, but may be one among words.
const NULLS_OF_FIGURES: [&str; 22] = [
    "Null",
    "N.A.",
    "n.a.",
    "k.A.",
    "k. A.",
    "keine Angabe",
    "s/o",
    "s.o.",
    "No answer",
    "no answer",
    "NA",
    "na",
    "NaN",
    "nan",
    "None",
    "none",
    "Blank",
    "BLANK",
    "blank",
    "unknown",
    "0000-00-00",
    "0000-00-00 00:00:00",
];

impl Guess {
    /// Guesses from every value seen; at most `most` rows may not fit.
    pub(crate) fn of(name: &str, seen: &ColumnSample, most: u32) -> Self {
        let about = PersonalHint::of(name, seen);
        let (seen, null) = without(seen, &NULLS);
        let text = |because: &str| Self {
            settings: "type = \"text\"".into(),
            null: null.clone(),
            because: because
                .split('\n')
                .filter(|line| !line.is_empty())
                .map(str::to_owned)
                .collect(),
            about,
            ..Self::default()
        };
        if seen.values.is_empty() {
            return text("no value was seen: text until one is");
        }
        if about.is_some() {
            return text("");
        }
        if let Some(why) = identity(name, &seen) {
            return text(why);
        }
        let (figures, more) = without(&seen, &NULLS_OF_FIGURES);
        let null_of_figures: Vec<String> = null.iter().chain(&more).cloned().collect();
        let of_figures = |figures: &ColumnSample| {
            let most = most.min(figures.filled() / 200);
            time(name, figures, most)
                .or_else(|| amount(figures, most))
                .or_else(|| duration(name, figures, most))
                .or_else(|| choices(figures))
        };
        let found = claim(name, &seen, most.min(figures.filled() / 200));
        let found = found.or_else(|| of_figures(&figures));
        if found.is_none()
            && let Some(asked) = without_words(&figures, &null_of_figures, of_figures)
        {
            return Self { null, ..asked };
        }
        match found {
            Some(found) if found.settings.starts_with("type = \"text\"") => Self { null, ..found },
            Some(found) => {
                let range = range(&found.settings, &figures).filter(|_| found.kind() != "boolean");
                Self { null: null_of_figures, range, ..found }
            }
            None => mixed(name, &figures)
                .map_or_else(|| text(""), |found| Self { null: null_of_figures, ..found }),
        }
    }
}

/// Figures with a word or two among them: whether these are no value is asked.
fn without_words(
    figures: &ColumnSample,
    null: &[String],
    guess: impl Fn(&ColumnSample) -> Option<Guess>,
) -> Option<Guess> {
    const WORDS: usize = 3;
    const LONGEST: usize = 24;
    let is_word = |value: &&String| !value.contains(|letter: char| letter.is_ascii_digit());
    let words: Vec<String> = figures.values.keys().filter(is_word).cloned().collect();
    let tokens: Vec<&str> = words.iter().map(|word| word.trim()).collect();
    let (left, _) = without(figures, &tokens);
    let is_token = |word: &String| word.chars().count() <= LONGEST && !word.contains('@');
    let is_few = (1..=WORDS).contains(&words.len())
        && left.filled() * 2 > figures.filled()
        && words.iter().all(is_token);
    let found = guess(&left)
        .filter(|found| is_few && found.question.is_none() && found.kind() != "text")?;
    let shown: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    let rows = figures.filled() - left.filled();
    let question = format!(
        "all but {rows} rows are {}, and these have {}: are they no value? It is text until you say",
        if matches!(found.kind(), "integer" | "decimal" | "float") { "numbers" } else { "times" },
        shown.join(", ")
    );
    let null = null.iter().cloned().chain(words).collect();
    let settings = Guess { null, ..found }.lines();
    Some(choice(question, &[("no value", &settings)]))
}

/// The values without the given tokens, and those of the tokens that were there.
fn without(seen: &ColumnSample, tokens: &[&str]) -> (ColumnSample, Vec<String>) {
    let is_token = |value: &str| tokens.contains(&value.trim());
    let mut null: Vec<String> = Vec::new();
    let mut left = seen.clone();
    left.values.retain(|value, count| {
        if !is_token(value) {
            return true;
        }
        left.empty += *count;
        null.push(value.clone());
        false
    });
    (left, null)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::fit::Fit;

    fn guess(name: &str, values: &[&str]) -> Guess {
        Guess::of(name, &ColumnSample::of(name, values), 0)
    }

    fn settings(name: &str, values: &[&str]) -> String {
        guess(name, values).lines().replace('\n', "; ")
    }

    #[test]
    fn types_come_from_all_values() {
        for (name, values, expected) in [
            ("count", &["1", "-2", "", "3000"][..], "type = \"integer\""),
            ("count", &["1", "2", "x"], "type = \"text\""),
            ("weight", &["1.5", "2", "0.125"], "type = \"decimal\"; scale = 3"),
            ("ticket_id", &["1", "2"], "type = \"text\""),
            ("digits", &["007", "123"], "type = \"text\""),
            ("closed", &["true", "False", ""], "type = \"boolean\""),
            ("over_18", &["Y", "N"], "type = \"boolean\"; map = { Y = \"yes\", N = \"no\" }"),
            ("is_open", &["1", "0"], "type = \"boolean\""),
            ("opened", &["1", "0"], "type = \"integer\""),
            (
                "score",
                &["5", "NULL", "?", "NA"],
                "type = \"integer\"; null = [\"\", \"NULL\", \"?\", \"NA\"]",
            ),
            ("quarter", &["Q3", "Q4"], "type = \"text\""),
            (
                "price",
                &["€5", "€7"],
                "type = \"decimal\"; scale = 2; decimal_mark = \".\"; currency = [\"€\"]",
            ),
            ("country", &["NA", "DE", "-"], "type = \"text\"; null = [\"\", \"-\"]"),
            ("empty", &["", " "], "type = \"text\""),
        ] {
            assert_eq!(settings(name, values), expected, "{name} {values:?}");
        }
    }

    #[test]
    fn days_and_times_are_read_as_they_are_written() {
        for (values, expected) in [
            (&["2026-11-22", "2026-01-02"][..], "type = \"date\""),
            (&["2026-11-22 10:00:00", "2026-01-02T03:04:05Z"], "type = \"timestamp\""),
            (
                &["29/2/2016 01:16", "1/3/2016 12:00"],
                "type = \"timestamp\"; format = \"%d/%m/%Y %H:%M\"",
            ),
            (&["2/29/2016", "3/1/2016"], "type = \"date\"; format = \"%m/%d/%Y\""),
            (&["31.12.26", "01.01.27"], "type = \"date\"; format = \"%d.%m.%y\""),
            (
                &["05/24/2016 12:00:00 AM"],
                "type = \"timestamp\"; format = \"%m/%d/%Y %I:%M:%S %p\"",
            ),
            (&["22-Nov-2026", "01-Dec-2026"], "type = \"date\"; format = \"%d-%b-%Y\""),
            (&["Nov 22, 2026"], "type = \"date\"; format = \"%b %d, %Y\""),
            (&["19970101", "19980630"], "type = \"date\"; format = \"%Y%m%d\""),
        ] {
            assert_eq!(settings("opened_at", values), expected, "{values:?}");
        }
        assert_eq!(settings("units", &["19970101", "19980630"]), "type = \"integer\"");
    }

    #[test]
    fn choices_that_begin_with_a_number_are_numbers() {
        let scale = ["9", "10 - extremely likely", "0 - not at all", "9"];
        assert_eq!(settings("q1", &scale), "type = \"integer\"; leading_number = true");
        assert_eq!(settings("stop", &["10 Downing", "10 Main"]), "type = \"text\"");
    }

    #[test]
    fn a_word_among_figures_is_asked_about() {
        assert_eq!(
            settings("score", &["9", "10", "k.A.", "7", "k.A."]),
            "type = \"integer\"; null = [\"\", \"k.A.\"]"
        );
        let asked = guess("score", &["9", "10", "late", "7", "late"]);
        assert_eq!(asked.lines(), "type = \"text\"");
        assert!(
            asked
                .question
                .unwrap()
                .starts_with("all but 2 rows are numbers, and these have `late`")
        );
        assert_eq!(asked.readings, ["type = \"integer\"\nnull = [\"\", \"late\"]"]);
        assert_eq!(settings("name", &["Null", "Adams"]), "type = \"text\"", "a name");
    }

    #[test]
    fn a_point_before_three_digits_is_asked_about() {
        let asked = guess("betrag", &["1.234", "2.500", "12"]);
        assert_eq!(asked.settings, "type = \"text\"");
        assert!(asked.question.unwrap().contains("`1.234`"));
        assert!(
            asked
                .instead
                .contains(&"if it is a thousand and more, in place of the type above:".to_owned())
        );
        assert_eq!(settings("weight", &["1.5", "2.125"]), "type = \"decimal\"; scale = 3");
    }

    #[test]
    fn days_written_in_several_ways_are_asked_about() {
        let asked = guess("opened", &["45292.5", "13/01/2026 10:00", "45293", "open"]);
        assert_eq!(asked.settings, "type = \"text\"");
        let formats = "format = [\"excel\", \"%d/%m/%Y %H:%M\"]".to_owned();
        assert!(asked.instead.contains(&formats), "{:?}", asked.instead);
    }

    #[test]
    fn the_order_of_day_and_month_is_proven_or_asked() {
        let proven = guess("day", &["3/4/2026", "13/4/2026"]);
        assert_eq!(
            proven.because,
            ["the day comes first: `13/4/2026` can be read in no other way"]
        );
        let asked = guess("day", &["3/4/2026", "12/4/2026"]);
        assert_eq!(asked.settings, "type = \"text\"");
        assert!(asked.question.unwrap().starts_with("does the day or the month come first?"));
        assert!(asked.instead.contains(&"format = \"%d/%m/%Y\"".to_owned()));
        assert!(asked.instead.contains(&"format = \"%m/%d/%Y\"".to_owned()));
    }

    #[test]
    fn personal_values_are_hashed_or_dropped() {
        assert_eq!(settings("requester", &["Ann"]), "type = \"text\"; personal = \"drop\"");
        assert_eq!(settings("mail", &["a@b.example"]), "type = \"text\"; personal = \"hash\"");
    }

    #[test]
    fn a_few_values_may_not_fit() {
        let mut values = vec!["1"; 999];
        values.push("one");
        let found = Guess::of("count", &ColumnSample::of("count", &values), 5);
        assert_eq!(found.settings, "type = \"integer\"");
        assert_eq!(found.misfits, Some(Fit { misfits: 1, first: Some("one".into()) }));
    }
}
