//! Kinds of values that are not mere text, each proven by the reader that a run will use.

use super::column_sample::ColumnSample;
use super::fit::{Fit, fit};
use super::guess::Guess;
use super::name::has_word;
use super::naming::is_time;
use super::{moment, number};

const CLAIMS: [&str; 6] = ["true", "false", "yes", "no", "t", "f"];

/// Claims: words, letters or digits that say yes or no.
pub(super) fn claim(name: &str, seen: &ColumnSample, most: u32) -> Option<Guess> {
    let is_any = |value: &String, words: &[&str]| {
        words.iter().any(|word| value.trim().eq_ignore_ascii_case(word))
    };
    if seen.values.keys().all(|value| is_any(value, &CLAIMS)) {
        return Some(Guess::fitting(
            "type = \"boolean\"".into(),
            fit("type = \"boolean\"", seen, most)?,
        ));
    }
    let is_letter = seen.values.len() == 2
        && seen.values.keys().all(|value| matches!(value.as_str(), "Y" | "N" | "y" | "n"));
    if is_letter {
        let pairs = seen.values.keys().map(|value| {
            let word = if value.eq_ignore_ascii_case("y") { "yes" } else { "no" };
            format!("{value} = \"{word}\"")
        });
        let settings =
            format!("type = \"boolean\"\nmap = {{ {} }}", pairs.collect::<Vec<_>>().join(", "));
        let fit = fit(&settings, seen, most)?;
        return Some(Guess::fitting(settings, fit));
    }
    let is_digit = seen.values.len() == 2
        && seen.values.keys().all(|value| matches!(value.as_str(), "0" | "1"));
    (is_digit && has_word(name, &["is", "has", "was", "flag"])).then(|| Guess {
        because: vec!["only 0 and 1, and the name is a claim".into()],
        settings: "type = \"boolean\"".into(),
        ..Guess::default()
    })
}

/// Of all settings that fit nearly all values, the first that fits best.
fn best(
    candidates: impl IntoIterator<Item = String>,
    seen: &ColumnSample,
    most: u32,
) -> Option<(String, Fit)> {
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

/// Days and moments, where their order of day and month is proven.
pub(super) fn time(name: &str, seen: &ColumnSample, most: u32) -> Option<Guess> {
    let candidates = moment::candidates(seen, is_time(name));
    let (settings, fits) =
        best(candidates.iter().map(|candidate| candidate.settings.clone()), seen, most)?;
    let candidate = candidates.iter().find(|candidate| candidate.settings == settings)?;
    let Some(rival) = &candidate.rival else {
        return Some(zoned(Guess::fitting(settings, fits), seen));
    };
    if fit(rival, seen, fits.misfits).is_some() {
        return Some(undecided(candidate, rival, seen));
    }
    let proof = seen.values.keys().find(|value| {
        let one = ColumnSample::single(value);
        fit(rival, &one, 0).is_none() && fit(&settings, &one, 0).is_some()
    })?;
    let order =
        if candidate.is_day_first { "the day comes first" } else { "the month comes first" };
    let because = vec![format!("{order}: `{proof}` can be read in no other way")];
    Some(zoned(Guess { because, ..Guess::fitting(settings, fits) }, seen))
}

/// Days and moments written in several ways, which only a person can know to be one thing.
pub(super) fn mixed(name: &str, seen: &ColumnSample) -> Option<Guess> {
    const WAYS: usize = 3;
    const VALUES: usize = 500;
    let mut left = seen.clone();
    left.values.truncate(VALUES);
    let tried = left.filled();
    let mut found: Vec<(String, String)> = Vec::new();
    while found.len() < WAYS && left.filled() > 0 {
        let Some((kind, format)) = most_common(name, &left) else { break };
        let settings = format!("type = \"{kind}\"\nformat = \"{format}\"");
        left.values.retain(|value, _| fit(&settings, &ColumnSample::single(value), 0).is_none());
        found.push((kind, format));
    }
    let is_most = left.filled() * 2 < tried;
    if found.len() < 2 || !is_most {
        return None;
    }
    let is_moment = found.iter().any(|(kind, _)| kind == "timestamp");
    let formats: Vec<String> = found.iter().map(|(_, format)| format!("\"{format}\"")).collect();
    let settings = format!(
        "type = \"{}\"\nformat = [{}]",
        if is_moment { "timestamp" } else { "date" },
        formats.join(", ")
    );
    let rest = match left.values.keys().next() {
        Some(value) => format!("; {} rows such as `{value}` fit none", left.filled()),
        None => String::new(),
    };
    let question =
        format!("are these days, written in {} ways{rest}? It is text until you say", found.len());
    Some(choice(question, &[("days", &settings)]))
}

/// Kind and format that read most of the values, if they read more than a few.
fn most_common(name: &str, seen: &ColumnSample) -> Option<(String, String)> {
    let mut best: Option<(u32, (String, String))> = None;
    for settings in moment::each_way(seen, is_time(name)) {
        let Some(fits) = fit(&settings, seen, u32::MAX) else { continue };
        let read = seen.filled() - fits.misfits;
        if read > best.as_ref().map_or(0, |(most, _)| *most) {
            let mut words = settings.split('"').skip(1).step_by(2);
            let kind = words.next()?.to_owned();
            best = Some((read, (kind, words.next().unwrap_or("iso").to_owned())));
        }
    }
    best.map(|(_, found)| found)
}

/// Says that a local time is taken as UTC, where the values name no offset.
fn zoned(mut guess: Guess, seen: &ColumnSample) -> Guess {
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
fn undecided(candidate: &moment::FormatCandidate, rival: &str, seen: &ColumnSample) -> Guess {
    let (day_first, month_first) = if candidate.is_day_first {
        (candidate.settings.as_str(), rival)
    } else {
        (rival, candidate.settings.as_str())
    };
    let example =
        seen.values.keys().next().map_or_else(String::new, |value| format!(" (`{value}`)"));
    choice(
        format!(
            "does the day or the month come first? No value is over 12{example}, so it is text until you say"
        ),
        &[("day first", day_first), ("month first", month_first)],
    )
}

pub(super) fn choice(question: String, readings: &[(&str, &str)]) -> Guess {
    let lines = readings.iter().flat_map(|(name, settings)| {
        [format!("{name}, in place of the type above:")]
            .into_iter()
            .chain(settings.lines().map(str::to_owned))
    });
    Guess {
        settings: "type = \"text\"".into(),
        question: Some(question),
        instead: lines.collect(),
        readings: readings.iter().map(|(_, settings)| (*settings).to_owned()).collect(),
        ..Guess::default()
    }
}

/// Numbers as programs write what they divided: with more digits than anybody means, or with an exponent.
fn float(seen: &ColumnSample) -> Option<Guess> {
    const DIGITS: usize = 10;
    let is_long = |value: &&String| {
        let fraction = value.split_once('.').map_or("", |(_, fraction)| fraction);
        fraction.len() >= DIGITS || value.contains(['e', 'E'])
    };
    let example = seen.values.keys().find(is_long)?;
    let settings = "type = \"float\"";
    fit(settings, seen, 0)?;
    Some(Guess {
        because: vec![format!(
            "`{example}` is a number as programs write it: a ratio or a measure"
        )],
        instead: [
            "if it is money, in place of the type above:",
            "type = \"decimal\"",
            "scale = 2",
            "round = true",
        ]
        .map(str::to_owned)
        .to_vec(),
        settings: settings.into(),
        ..Guess::default()
    })
}

/// Numbers, where their marks can be read in one way only.
pub(super) fn amount(seen: &ColumnSample, most: u32) -> Option<Guess> {
    if let Some(float) = float(seen) {
        return Some(float);
    }
    let candidates = number::candidates(seen);
    let (settings, found) = best(candidates.iter().cloned(), seen, most)?;
    let is_rival = |other: &&String| {
        number::is_rival(&settings, other) && fit(other, seen, found.misfits).is_some()
    };
    // Without a mark in any value there is nothing that two readings could differ about.
    let marked = seen.values.keys().find(|value| value.contains([',', '.', '\'']));
    if let (Some(example), Some(rival)) = (marked, candidates.iter().find(is_rival)) {
        let question = format!(
            "is `{example}` a thousand and more, or a number with three decimals? It is text until you say"
        );
        let readings =
            [&settings, rival].map(|reading| (number::meaning(reading), reading.as_str()));
        return Some(choice(question, &readings));
    }
    let mut guess = Guess::fitting(settings, found);
    if guess.settings.contains("\"%\"") {
        guess.because.push("the percent sign is taken off: 12.5 % is stored as 12.5".into());
    }
    Some(guess)
}

/// Choices of a survey that begin with their number, no two with the same.
pub(super) fn choices(seen: &ColumnSample) -> Option<Guess> {
    const MOST: usize = 11;
    let settings = "type = \"integer\"\nleading_number = true";
    let number = |value: &String| {
        let digits: String = value.trim().chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<u32>().ok().filter(|number| *number <= 10)
    };
    let numbers: Option<std::collections::BTreeSet<u32>> = seen.values.keys().map(number).collect();
    let has_words = |value: &String| value.contains(char::is_alphabetic);
    let is_scale = numbers?.len() == seen.values.len() && seen.values.len() <= MOST;
    (is_scale && seen.values.keys().any(has_words) && fit(settings, seen, 0).is_some()).then(|| {
        Guess {
            settings: settings.into(),
            because: vec!["choices that begin with their number, which is kept".into()],
            ..Guess::default()
        }
    })
}

/// Durations, where the name or a value longer than a day says so.
pub(super) fn duration(name: &str, seen: &ColumnSample, most: u32) -> Option<Guess> {
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
    let lines = ["if it is how long something took, in place of the type above:"]
        .into_iter()
        .chain(settings.lines());
    Some(Guess {
        settings: "type = \"text\"".into(),
        because: vec!["a time of day: kept as text".into()],
        instead: lines.map(str::to_owned).collect(),
        ..Guess::default()
    })
}
