//! What holds for every value: what is written as a column declares is read back, and nothing breaks it.

use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::tests::column;
use arrow::datatypes::Decimal128Type;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Int64Type, TimestampMicrosecondType};

/// How an accountant may write numbers: decimal mark, separator, symbol.
const STYLES: [(char, &str, &str); 6] = [
    (',', ".", "€"),
    ('.', ",", "US$"),
    (',', "\u{202f}", "kr"),
    ('.', "'", "CHF"),
    ('.', "_", ""),
    (',', "", "EUR"),
];

/// Digits in groups of three from the right.
fn grouped(digits: &str, separator: &str) -> String {
    let digits: Vec<char> = digits.chars().collect();
    let first = digits.len() % 3;
    let groups = digits[first..].chunks(3).map(|group| group.iter().collect::<String>());
    let first: String = digits[..first].iter().collect();
    Some(first)
        .into_iter()
        .filter(|first| !first.is_empty())
        .chain(groups)
        .collect::<Vec<_>>()
        .join(separator)
}

/// A number of two digits after the mark, with sign and symbol in one of the places they stand in.
fn written(cents: i64, style: (char, &str, &str), form: u8) -> String {
    let (mark, separator, symbol) = style;
    let (whole, fraction) = (cents.unsigned_abs() / 100, cents.unsigned_abs() % 100);
    let whole =
        if form & 1 == 0 { whole.to_string() } else { grouped(&whole.to_string(), separator) };
    let bare = format!("{whole}{mark}{fraction:02}");
    match (cents < 0, form / 2 % 4) {
        (false, 0) => format!("{symbol}{bare}"),
        (false, _) => format!("{bare} {symbol}"),
        (true, 0) => format!("-{symbol}{bare}"),
        (true, 1) => format!("{symbol} -{bare}"),
        (true, 2) => format!("({bare} {symbol})"),
        (true, _) => format!("{bare}-\u{a0}{symbol}"),
    }
}

/// Places whose clocks jump by an hour, by half an hour, at midnight, or not at all.
const ZONES: [&str; 5] = [
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Asia/Kolkata",
];
const FORMATS: [&str; 4] =
    ["%Y-%m-%d %H:%M:%S", "%d/%m/%Y %I:%M:%S %p", "%d/%b/%Y %H:%M:%S", "%A, %B %d, %Y %H:%M:%S"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_number_in_any_declared_style_is_the_same_number(
        cents in -999_999_999_999_999_999_i64..=999_999_999_999_999_999,
        style in 0..STYLES.len(),
        form in 0_u8..8,
    ) {
        let (mark, separator, symbol) = STYLES[style];
        let mut settings = format!("type = \"decimal\"\nscale = 2\ndecimal_mark = \"{mark}\"\n");
        if !separator.is_empty() {
            settings += &format!("thousands = \"{separator}\"\n");
        }
        if !symbol.is_empty() {
            settings += &format!("currency = [\"$\", \"{symbol}\"]\n");
        }
        let text = written(cents, STYLES[style], form);
        let mut column = column(&settings);
        prop_assert_eq!(column.push_text(text.as_bytes()), Ok(()), "{}", text);
        let found = column.finish().unwrap();
        prop_assert_eq!(found.as_primitive::<Decimal128Type>().value(0), i128::from(cents), "{}", text);
    }

    // jiff turns the instant into the local time that is written, and says whether the clock shows it twice.
    #[test]
    fn a_local_time_is_the_instant_it_was(
        second in -2_000_000_000_i64..4_000_000_000,
        zone in 0..ZONES.len(),
        format in 0..FORMATS.len(),
        is_later in any::<bool>(),
    ) {
        let place = TimeZone::get(ZONES[zone]).unwrap();
        let instant = jiff::Timestamp::from_second(second).unwrap();
        let local = place.to_datetime(instant);
        let text = local.strftime(FORMATS[format]).to_string();
        let rule = if is_later { "later" } else { "earlier" };
        let settings = format!(
            "type = \"timestamp\"\nformat = \"{}\"\ntime_zone = \"{}\"\nambiguous = \"{rule}\"",
            FORMATS[format], ZONES[zone],
        );
        let mut column = column(&settings);
        prop_assert_eq!(column.push_text(text.as_bytes()), Ok(()), "{}", text);
        let found = column.finish().unwrap().as_primitive::<TimestampMicrosecondType>().value(0);
        let ambiguous = place.to_ambiguous_timestamp(local);
        let expected = if is_later { ambiguous.later() } else { ambiguous.earlier() }.unwrap();
        prop_assert_eq!(found, expected.as_microsecond(), "{}", text);
        prop_assert_eq!(place.to_datetime(jiff::Timestamp::from_microsecond(found).unwrap()), local);
    }

    #[test]
    fn a_count_since_1970_is_the_instant_it_was(micros in -2_208_988_800_000_000_i64..9_214_560_000_000_000_i64) {
        let (seconds, fraction) = (micros.unsigned_abs() / 1_000_000, micros.unsigned_abs() % 1_000_000);
        let sign = if micros < 0 { "-" } else { "" };
        let mut column = column("type = \"timestamp\"\nformat = \"epoch_seconds\"");
        prop_assert_eq!(column.push_text(format!("{sign}{seconds}.{fraction:06}000").as_bytes()), Ok(()));
        prop_assert_eq!(column.finish().unwrap().as_primitive::<TimestampMicrosecondType>().value(0), micros);
    }

    #[test]
    fn a_duration_is_as_long_as_it_was(seconds in -1_000_000_000_i64..1_000_000_000) {
        let sign = if seconds < 0 { "-" } else { "" };
        let length = seconds.abs();
        let clock = format!("{sign}{}:{:02}:{:02}", length / 3_600, length / 60 % 60, length % 60);
        let mut column = column("type = \"duration\"\nformat = [\"h:mm:ss\", \"seconds\"]");
        prop_assert_eq!(column.push_text(clock.as_bytes()), Ok(()));
        prop_assert_eq!(column.push_text(seconds.to_string().as_bytes()), Ok(()));
        let found = column.finish().unwrap();
        prop_assert_eq!(found.as_primitive::<Int64Type>().values().to_vec(), vec![seconds; 2]);
    }

    #[test]
    fn no_text_breaks_a_column(text in hostile(), settings in 0..SETTINGS.len()) {
        let mut column = column(SETTINGS[settings]);
        let outcome = column.push_text(&text);
        column.push_text(b"").unwrap();
        let is_text = std::str::from_utf8(&text).is_ok();
        if is_text || !SETTINGS[settings].contains("\"text\"") {
            let found = column.finish().unwrap();
            prop_assert_eq!(found.len(), 2, "every push adds a row");
            prop_assert!(outcome.is_ok() || found.is_null(0), "a refused value leaves none");
        }
    }
}

/// Columns of all kinds and ways to write them.
const SETTINGS: [&str; 14] = [
    "type = \"text\"\nmax_length = 5",
    "type = \"integer\"\nmin = -5",
    "type = \"integer\"\nthousands = \",\"",
    "type = \"decimal\"\nscale = 17",
    "type = \"decimal\"\nthousands = \".\"\ndecimal_mark = \",\"\ncurrency = [\"€\", \"kr.\"]\nmax = 10",
    "type = \"decimal\"\nminor_units = 2",
    "type = \"boolean\"",
    "type = \"timestamp\"",
    "type = \"timestamp\"\ntime_zone = \"Europe/Berlin\"\nmissing = \"after\"\nmax = 2027-01-01",
    "type = \"timestamp\"\nformat = [\"%d/%b/%y %I:%M %p\", \"%a %d %B %Y %H:%M %z\", \"epoch_milliseconds\"]",
    "type = \"timestamp\"\nformat = [\"excel\", \"epoch_seconds\"]",
    "type = \"date\"\nformat = [\"%Y%m%d\", \"excel\", \"iso\"]",
    "type = \"duration\"\nformat = [\"h:mm\", \"h:mm:ss\"]",
    "type = \"duration\"\nformat = \"hours\"\ndecimal_mark = \",\"\nthousands = \" \"",
];

/// Bytes of all kinds, and texts made of the pieces that numbers and times are made of.
fn hostile() -> impl Strategy<Value = Vec<u8>> {
    const PIECES: [&str; 32] = [
        "-",
        "+",
        "(",
        ")",
        ".",
        ",",
        ":",
        "/",
        " ",
        "0",
        "1",
        "9",
        "12",
        "59",
        "60",
        "1900",
        "2026",
        "e5",
        "NaN",
        "inf",
        "€",
        "kr.",
        "\u{2212}",
        "\u{202f}",
        "１２",
        "Mar",
        "AM",
        "PM",
        "Z",
        "9223372036854775808",
        "T",
        "\0",
    ];
    let pieces = proptest::collection::vec(0..PIECES.len(), 0..12);
    let pieces = pieces
        .prop_map(|found| found.into_iter().map(|at| PIECES[at]).collect::<String>().into_bytes());
    let digits = (1_usize..400).prop_map(|length| "9".repeat(length).into_bytes());
    prop_oneof![pieces, proptest::collection::vec(any::<u8>(), 0..40), digits]
}
