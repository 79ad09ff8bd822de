//! Settings that may read a column of days or times.

use super::column_sample::ColumnSample;

/// One way to read the values, and the one that exchanges day and month, if that can be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FormatCandidate {
    pub(crate) settings: String,
    pub(crate) rival: Option<String>,
    pub(crate) is_day_first: bool,
}

const TIMES: [&str; 13] = [
    "",
    " %H:%M",
    " %H:%M:%S",
    " %H:%M:%S%.f",
    " %I:%M %p",
    " %I:%M:%S %p",
    " %I:%M%p",
    "T%H:%M",
    "T%H:%M:%S",
    ", %H:%M",
    ", %H:%M:%S",
    ", %I:%M %p",
    ", %I:%M:%S %p",
];
const OFFSETS: [&str; 2] = [" %z", "%z"];
const WITH_WORDS: [&str; 10] = [
    "%d %b %Y",
    "%d-%b-%Y",
    "%d-%b-%y",
    "%d/%b/%Y",
    "%d. %b %Y",
    "%b %d, %Y",
    "%b %d %Y",
    "%d %B %Y",
    "%B %d, %Y",
    "%a, %d %b %Y",
];

/// Settings worth trying, the plainest first; none for values that are no moments.
pub(crate) fn candidates(seen: &ColumnSample, is_named_so: bool) -> Vec<FormatCandidate> {
    let mut found = Vec::new();
    if !seen.values.keys().take(5).any(|value| may_be(value)) {
        return if is_named_so { of_digits(seen) } else { found };
    }
    for kind in ["date", "timestamp"] {
        found.push(FormatCandidate {
            settings: format!("type = \"{kind}\""),
            rival: None,
            is_day_first: false,
        });
    }
    for separator in ["/", "-", "."] {
        for year in ["%Y", "%y"] {
            let day_first = ["%d", "%m", year].join(separator);
            let month_first = ["%m", "%d", year].join(separator);
            add(&mut found, &day_first, Some(&month_first), true);
            add(&mut found, &month_first, Some(&day_first), false);
        }
        add(&mut found, &["%Y", "%m", "%d"].join(separator), None, false);
    }
    for day in WITH_WORDS {
        add(&mut found, day, None, false);
    }
    found.push(moment("%a %b %d %H:%M:%S %z %Y", None, false));
    found.retain(|candidate| may_read(&candidate.settings, seen));
    found
}

/// Whether the marks of a format stand in some value, without which it reads none.
fn may_read(settings: &str, seen: &ColumnSample) -> bool {
    let format = settings.split_once("format = ").map_or("", |(_, format)| format);
    let format = format.replace("%.f", "");
    let is_there = |mark: &char| seen.values.keys().any(|value| value.contains(*mark));
    ['/', '-', '.', ':', ','].iter().filter(|mark| format.contains(**mark)).all(is_there)
}

/// Settings worth trying on values of several kinds: whichever reads some of them.
pub(crate) fn each_way(seen: &ColumnSample, is_named_so: bool) -> Vec<String> {
    let is_number = |value: &String| value.trim().parse::<f64>().is_ok();
    let (mut numbers, mut others) = (seen.clone(), seen.clone());
    numbers.values.retain(|value, _| is_number(value));
    others.values.retain(|value, _| may_be(value));
    let is_there = |sample: &ColumnSample| !sample.values.is_empty();
    if (numbers.filled() + others.filled()) * 2 < seen.filled() {
        return Vec::new();
    }
    let mut found = Vec::new();
    if is_there(&others) {
        found.extend(candidates(&others, false));
    }
    if is_there(&numbers) && (is_named_so || is_there(&others)) {
        found.extend(of_digits(&numbers));
    }
    found.into_iter().map(|candidate| candidate.settings).collect()
}

/// Days and times written in digits alone: only believed of a column that is named like one.
fn of_digits(seen: &ColumnSample) -> Vec<FormatCandidate> {
    let within = |low: f64, high: f64| {
        seen.values
            .keys()
            .all(|value| value.parse().is_ok_and(|number: f64| (low..high).contains(&number)))
    };
    let new = |kind: &str, format: &str| {
        vec![FormatCandidate {
            settings: format!("type = \"{kind}\"\nformat = \"{format}\""),
            rival: None,
            is_day_first: false,
        }]
    };
    let has_length = |length: usize| seen.values.keys().all(|value| value.len() == length);
    // Years 2001 to 2036 in seconds and milliseconds; 1954 to 2064 in days of Excel.
    if has_length(8) && within(19_000_101.0, 21_000_101.0) {
        new("date", "%Y%m%d")
    } else if has_length(14) && within(19_000_101_000_000.0, 21_000_101_000_000.0) {
        new("timestamp", "%Y%m%d%H%M%S")
    } else if within(1e9, 2.1e9) {
        new("timestamp", "epoch_seconds")
    } else if within(1e12, 2.1e12) {
        new("timestamp", "epoch_milliseconds")
    } else if within(20_000.0, 60_000.0) {
        new(
            if seen.values.keys().any(|value| value.contains('.')) { "timestamp" } else { "date" },
            "excel",
        )
    } else {
        Vec::new()
    }
}

/// Every time of day that may follow a day.
fn add(found: &mut Vec<FormatCandidate>, day: &str, rival: Option<&str>, is_day_first: bool) {
    for time in TIMES {
        let with = |day: &str| format!("{day}{time}");
        found.push(moment(&with(day), rival.map(with).as_deref(), is_day_first));
        if time.contains("%H") {
            found.extend(OFFSETS.map(|offset| {
                let with = |day: &str| format!("{day}{time}{offset}");
                moment(&with(day), rival.map(with).as_deref(), is_day_first)
            }));
        }
    }
}

fn moment(format: &str, rival: Option<&str>, is_day_first: bool) -> FormatCandidate {
    let kind = if format.contains("%H") || format.contains("%I") { "timestamp" } else { "date" };
    let settings = |format: &str| format!("type = \"{kind}\"\nformat = \"{format}\"");
    FormatCandidate { settings: settings(format), rival: rival.map(settings), is_day_first }
}

/// Whether a text has the marks of a day: digits in groups, or a month in words.
fn may_be(value: &str) -> bool {
    let groups = value
        .split(|letter: char| !letter.is_ascii_digit())
        .filter(|group| !group.is_empty())
        .count();
    let has_letters = value.chars().filter(|letter| letter.is_alphabetic()).count() >= 3;
    (6..=40).contains(&value.trim().len()) && (groups >= 3 || (groups >= 2 && has_letters))
}

/// Settings for values like `14:05`: how long something took, in hours and minutes.
pub(crate) fn durations(seen: &ColumnSample) -> Vec<String> {
    let is_clock = |value: &String| {
        value.contains(':')
            && value.chars().all(|letter| letter.is_ascii_digit() || ":-+ ".contains(letter))
    };
    if !seen.values.keys().take(5).any(is_clock) {
        return Vec::new();
    }
    ["h:mm", "h:mm:ss"].map(|format| format!("type = \"duration\"\nformat = \"{format}\"")).to_vec()
}

/// Whether a value of hours and minutes cannot be a time of day.
pub(crate) fn is_longer_than_a_day(seen: &ColumnSample) -> bool {
    seen.values.keys().any(|value| {
        let hours = value.trim().split(':').next().unwrap_or_default();
        hours.starts_with('-') || hours.parse::<u32>().is_ok_and(|hours| hours > 23)
    })
}
