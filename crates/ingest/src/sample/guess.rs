//! What a column most likely is, with the evidence.

use super::fit::{Fit, fit, range};
use super::name::has_word;
use super::personal::About;
use super::seen::Seen;
use super::{moment, number};
use crate::sample::page::quoted;

/// What a column is taken for, and why.
#[derive(Debug, Clone, Default)]
pub(crate) struct Guess {
    /// Lines of TOML below `from`.
    pub(crate) settings: String,
    /// Texts that mean "no value", beside the empty one.
    pub(crate) null: Vec<String>,
    /// Rows whose value does not fit, and the first of them.
    pub(crate) misfits: Option<Fit>,
    /// What decided.
    pub(crate) because: Vec<String>,
    /// Lines that a person may take instead.
    pub(crate) instead: Vec<String>,
    /// What only a person can decide.
    pub(crate) question: Option<String>,
    pub(crate) about: Option<About>,
    /// Smallest and largest value, where they say something.
    pub(crate) range: Option<(String, String)>,
}

/// Texts that never are a value.
const NULLS: [&str; 12] =
    ["NULL", "null", "Null", "(null)", "\\N", "N/A", "n/a", "#N/A", "?", "-", "--", "(blank)"];
/// Texts that are no value among numbers and days, but may be one among words.
const NULLS_OF_FIGURES: [&str; 12] = [
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
const CLAIMS: [&str; 6] = ["true", "false", "yes", "no", "t", "f"];

impl Guess {
    /// Guesses from every value seen; at most `most` rows may not fit.
    pub(crate) fn of(name: &str, seen: &Seen, most: u32) -> Self {
        let about = About::of(name, seen);
        let (seen, null) = without(seen, &NULLS);
        let text = |because: &str| Self {
            settings: "type = \"text\"".into(),
            null: null.clone(),
            because: because.split('\n').filter(|line| !line.is_empty()).map(str::to_owned).collect(),
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
        let most = most.min(figures.filled() / 200);
        let found = claim(name, &seen, most)
            .or_else(|| time(name, &figures, most))
            .or_else(|| amount(&figures, most))
            .or_else(|| duration(name, &figures, most));
        match found {
            Some(found) if found.settings.starts_with("type = \"text\"") => Self { null, ..found },
            Some(found) => {
                let range = range(&found.settings, &figures).filter(|_| found.kind() != "boolean");
                Self { null: null_of_figures, range, ..found }
            }
            None => text(""),
        }
    }

    /// The word after `type`.
    pub(crate) fn kind(&self) -> &str {
        self.settings.split('"').nth(1).unwrap_or("text")
    }

    fn fitting(settings: String, fit: Fit) -> Self {
        Self { settings, misfits: Some(fit).filter(|fit| fit.misfits > 0), ..Self::default() }
    }
}

/// The values without the given tokens, and those of the tokens that were there.
fn without(seen: &Seen, tokens: &[&str]) -> (Seen, Vec<String>) {
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

/// Why digits are a name here and not a count.
fn identity(name: &str, seen: &Seen) -> Option<&'static str> {
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

fn moment_of_digits(name: &str, seen: &Seen) -> bool {
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
fn is_time(name: &str) -> bool {
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
    has_word(name, &WORDS) && !has_word(name, &["minutes", "seconds", "hours", "days", "min", "duration"])
}

fn claim(name: &str, seen: &Seen, most: u32) -> Option<Guess> {
    let is_any =
        |value: &String, words: &[&str]| words.iter().any(|word| value.trim().eq_ignore_ascii_case(word));
    if seen.values.keys().all(|value| is_any(value, &CLAIMS)) {
        return Some(Guess::fitting("type = \"boolean\"".into(), fit("type = \"boolean\"", seen, most)?));
    }
    let is_letter = seen.values.len() == 2
        && seen.values.keys().all(|value| matches!(value.as_str(), "Y" | "N" | "y" | "n"));
    if is_letter {
        let pairs = seen.values.keys().map(|value| {
            let word = if value.eq_ignore_ascii_case("y") { "yes" } else { "no" };
            format!("{value} = \"{word}\"")
        });
        let settings = format!("type = \"boolean\"\nmap = {{ {} }}", pairs.collect::<Vec<_>>().join(", "));
        let fit = fit(&settings, seen, most)?;
        return Some(Guess::fitting(settings, fit));
    }
    let is_digit =
        seen.values.len() == 2 && seen.values.keys().all(|value| matches!(value.as_str(), "0" | "1"));
    (is_digit && has_word(name, &["is", "has", "was", "flag"])).then(|| Guess {
        because: vec!["only 0 and 1, and the name is a claim".into()],
        settings: "type = \"boolean\"".into(),
        ..Guess::default()
    })
}

/// Of all settings that fit nearly all values, the first that fits best.
fn best(candidates: impl IntoIterator<Item = String>, seen: &Seen, most: u32) -> Option<(String, Fit)> {
    let mut best: Option<(String, Fit)> = None;
    for settings in candidates {
        let most = best.as_ref().map_or(Some(most), |(_, fit)| fit.misfits.checked_sub(1));
        let Some(most) = most else { break };
        if let Some(fit) = fit(&settings, seen, most) {
            best = Some((settings, fit));
        }
    }
    best
}

fn time(name: &str, seen: &Seen, most: u32) -> Option<Guess> {
    let candidates = moment::candidates(seen, is_time(name));
    let (settings, fits) = best(candidates.iter().map(|candidate| candidate.settings.clone()), seen, most)?;
    let candidate = candidates.iter().find(|candidate| candidate.settings == settings)?;
    let Some(rival) = &candidate.rival else {
        return Some(zoned(Guess::fitting(settings, fits), seen));
    };
    if fit(rival, seen, fits.misfits).is_some() {
        return Some(undecided(candidate, rival, seen));
    }
    let proof = seen.values.keys().find(|value| {
        let one = Seen { values: [((*value).clone(), 1)].into_iter().collect(), ..Seen::default() };
        fit(rival, &one, 0).is_none() && fit(&settings, &one, 0).is_some()
    })?;
    let order = if candidate.is_day_first { "the day comes first" } else { "the month comes first" };
    let because = vec![format!("{order}: `{proof}` can be read in no other way")];
    Some(zoned(Guess { because, ..Guess::fitting(settings, fits) }, seen))
}

/// Says that a local time is taken as UTC, where the values name no offset.
fn zoned(mut guess: Guess, seen: &Seen) -> Guess {
    let has_offset = |value: &String| {
        let tail = value.get(10..).unwrap_or_default();
        value.ends_with('Z')
            || tail.contains('+')
            || tail.contains('-')
            || tail.contains("GMT")
            || tail.contains("UTC")
    };
    let is_count = guess.settings.contains("epoch_");
    if guess.kind() == "timestamp" && !is_count && !seen.values.keys().take(5).any(has_offset) {
        guess.instead.push(
            "time_zone = \"Europe/Berlin\"  # the values name no offset: without this they are taken as UTC"
                .into(),
        );
    }
    guess
}

/// Text for now, with both readings to choose from.
fn undecided(candidate: &moment::Candidate, rival: &str, seen: &Seen) -> Guess {
    let (day_first, month_first) = if candidate.is_day_first {
        (candidate.settings.as_str(), rival)
    } else {
        (rival, candidate.settings.as_str())
    };
    let example = seen.values.keys().next().map_or_else(String::new, |value| format!(" (`{value}`)"));
    choice(
        format!(
            "does the day or the month come first? No value is over 12{example}, so it is text until you say"
        ),
        &[("day first", day_first), ("month first", month_first)],
    )
}

fn choice(question: String, readings: &[(&str, &str)]) -> Guess {
    let lines = readings.iter().flat_map(|(name, settings)| {
        [format!("{name}, in place of the type above:")]
            .into_iter()
            .chain(settings.lines().map(str::to_owned))
    });
    Guess {
        settings: "type = \"text\"".into(),
        question: Some(question),
        instead: lines.collect(),
        ..Guess::default()
    }
}

fn amount(seen: &Seen, most: u32) -> Option<Guess> {
    let candidates = number::candidates(seen);
    let (settings, found) = best(candidates.iter().cloned(), seen, most)?;
    let is_rival =
        |other: &&String| number::is_rival(&settings, other) && fit(other, seen, found.misfits).is_some();
    // Without a mark in any value there is nothing that two readings could differ about.
    let marked = seen.values.keys().find(|value| value.contains([',', '.', '\'']));
    if let (Some(example), Some(rival)) = (marked, candidates.iter().find(is_rival)) {
        let question = format!(
            "is `{example}` a thousand and more, or a number with three decimals? It is text until you say"
        );
        return Some(choice(question, &[("one reading", &settings), ("the other", rival)]));
    }
    let mut guess = Guess::fitting(settings, found);
    if guess.settings.contains("\"%\"") {
        guess.because.push("the percent sign is taken off: 12.5 % is stored as 12.5".into());
    }
    Some(guess)
}

fn duration(name: &str, seen: &Seen, most: u32) -> Option<Guess> {
    const WORDS: [&str; 12] = [
        "duration",
        "hours",
        "elapsed",
        "spent",
        "resolution",
        "wait",
        "handle",
        "handling",
        "response",
        "reply",
        "talk",
        "hold",
    ];
    let (settings, found) = best(moment::durations(seen), seen, most)?;
    if moment::is_longer_than_a_day(seen) || has_word(name, &WORDS) {
        let because = vec!["hours and minutes of a duration, stored as seconds".into()];
        return Some(Guess { because, ..Guess::fitting(settings, found) });
    }
    let lines =
        ["if it is how long something took, in place of the type above:"].into_iter().chain(settings.lines());
    Some(Guess {
        settings: "type = \"text\"".into(),
        because: vec!["a time of day: kept as text".into()],
        instead: lines.map(str::to_owned).collect(),
        ..Guess::default()
    })
}

impl Guess {
    /// Settings for personal data, and for texts that mean nothing.
    pub(crate) fn lines(&self) -> String {
        let mut lines = self.settings.clone();
        if !self.null.is_empty() {
            let tokens: Vec<String> = self.null.iter().map(|token| quoted(token)).collect();
            lines += &format!("\nnull = [\"\", {}]", tokens.join(", "));
        }
        match self.about {
            Some(About::Mail) => lines += "\npersonal = \"hash\"",
            Some(About::Person(_)) => lines += "\npersonal = \"drop\"",
            Some(About::PerhapsName | About::FreeText) | None => {}
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guess(name: &str, values: &[&str]) -> Guess {
        Guess::of(name, &Seen::of(name, values), 0)
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
            (&["29/2/2016 01:16", "1/3/2016 12:00"], "type = \"timestamp\"; format = \"%d/%m/%Y %H:%M\""),
            (&["2/29/2016", "3/1/2016"], "type = \"date\"; format = \"%m/%d/%Y\""),
            (&["31.12.26", "01.01.27"], "type = \"date\"; format = \"%d.%m.%y\""),
            (&["05/24/2016 12:00:00 AM"], "type = \"timestamp\"; format = \"%m/%d/%Y %I:%M:%S %p\""),
            (&["22-Nov-2026", "01-Dec-2026"], "type = \"date\"; format = \"%d-%b-%Y\""),
            (&["Nov 22, 2026"], "type = \"date\"; format = \"%b %d, %Y\""),
            (&["19970101", "19980630"], "type = \"date\"; format = \"%Y%m%d\""),
        ] {
            assert_eq!(settings("opened_at", values), expected, "{values:?}");
        }
        assert_eq!(settings("units", &["19970101", "19980630"]), "type = \"integer\"");
    }

    #[test]
    fn the_order_of_day_and_month_is_proven_or_asked() {
        let proven = guess("day", &["3/4/2026", "13/4/2026"]);
        assert_eq!(proven.because, ["the day comes first: `13/4/2026` can be read in no other way"]);
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
        let found = Guess::of("count", &Seen::of("count", &values), 5);
        assert_eq!(found.settings, "type = \"integer\"");
        assert_eq!(found.misfits, Some(Fit { misfits: 1, first: Some("one".into()) }));
    }
}
