//! What a column does with values of every kind.

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Decimal128Type, Float64Type, Int64Type};
use scorewright_domain::Reason;

use super::*;
use crate::source::tests::source;

pub(super) fn column(text: &str) -> TypedColumn {
    let source =
        source(&format!("title = \"T\"\nfiles = \"*\"\nformat = \"csv\"\n[columns.a]\n{text}"));
    TypedColumn::new(
        &source.columns["a"],
        source.is_required("a"),
        source.is_key("a").then_some(256),
    )
}

#[test]
fn a_refused_value_leaves_a_row_of_its_own() {
    let mut column = column("type = \"integer\"\nmin = 0\nmax = 10");
    assert_eq!(column.push_text(b" 7 "), Ok(()));
    assert_eq!(column.push_text(b"11"), Err(Reason::OutOfRange));
    assert_eq!(column.push_text(b"x"), Err(Reason::NotAnInteger));
    assert_eq!(column.push_text(b""), Ok(()));
    let array = column.finish().unwrap();
    let numbers: Vec<Option<i64>> = array.as_primitive::<Int64Type>().iter().collect();
    assert_eq!(numbers, [Some(7), None, None, None]);
    assert_eq!(column.finish().unwrap().len(), 0, "empty after it");
}

#[test]
fn a_text_is_mapped_before_it_is_judged() {
    let mut column = column(
        "type = \"integer\"\nrequired = true\naccepted = [\"5\", \"1\"]\n\
         map = { \"Very satisfied\" = \"5\", \"n/a\" = \"\" }",
    );
    assert_eq!(column.push_text(b"Very satisfied"), Ok(()));
    assert_eq!(column.push_text(b"4"), Err(Reason::NotAccepted));
    assert_eq!(column.push_text(b"n/a"), Err(Reason::MissingValue));
    assert_eq!(column.push_text(b"1"), Ok(()));
}

#[test]
fn a_null_token_is_no_value_and_other_texts_are_kept_as_they_are() {
    let mut column = column("type = \"text\"\nnull = [\"?\"]");
    for text in ["?", "", " padded "] {
        assert_eq!(column.push_text(text.as_bytes()), Ok(()));
    }
    let array = column.finish().unwrap();
    let texts: Vec<Option<&str>> = array.as_string::<i32>().iter().collect();
    assert_eq!(texts, [None, Some(""), Some(" padded ")]);
}

#[test]
fn a_hashed_text_is_equal_where_the_text_is_equal() {
    let mut column = column("type = \"text\"\npersonal = \"hash\"");
    for text in ["ann@example.com", "bob@example.com", "ann@example.com"] {
        column.push_text(text.as_bytes()).unwrap();
    }
    let array = column.finish().unwrap();
    let texts = array.as_string::<i32>();
    assert_eq!(texts.value(0), texts.value(2));
    assert_ne!(texts.value(0), texts.value(1));
    assert_eq!(texts.value(0).len(), 32);
}

// Digits: Python's `hashlib.sha256(b"ann@acme.example").hexdigest()[:32]`.
#[test]
fn a_hashed_address_is_the_same_in_any_case_and_what_is_none_is_no_value() {
    let mut column = column("type = \"text\"\npersonal = \"hash_address\"");
    for text in ["Ann@Acme.Example ", "ann@acme.example", "none", "", "ann@"] {
        assert_eq!(column.push_text(text.as_bytes()), Ok(()), "{text}");
    }
    let array = column.finish().unwrap();
    let texts: Vec<Option<&str>> = array.as_string::<i32>().iter().collect();
    let ann = Some("b759382850d65342f8994576b7d68f61");
    assert_eq!(texts, [ann, ann, None, None, None]);
}

// Expected seconds, cents and days: Python's `Decimal` and `date`.
// By hand: 12.3456 and 0.3 to two digits.
#[test]
fn what_is_rounded_is_written_as_declared_and_counted() {
    let mut prices = column(
        "type = \"decimal\"\nscale = 2\nround = true\ndecimal_mark = \",\"\nthousands = \".\"",
    );
    for text in ["12,3456", "1.234,50"] {
        assert_eq!(prices.push_text(text.as_bytes()), Ok(()), "{text}");
    }
    for text in ["1234.567", "1.23", "x"] {
        assert_eq!(prices.push_text(text.as_bytes()), Err(Reason::NotADecimal), "{text}");
    }
    let mut rates = column("type = \"decimal\"\nscale = 2\nround = true\nmax = 1");
    let unscaled = 30_000_000_000_000_004;
    assert_eq!(rates.push(FieldValue::Decimal { unscaled, scale: 17 }), Ok(()));
    assert_eq!(rates.push_text(b"2.005"), Err(Reason::OutOfRange));
    assert_eq!((prices.rounded(), rates.rounded()), (1, 1));
    let numbers = prices.finish().unwrap();
    let numbers: Vec<Option<i128>> = numbers.as_primitive::<Decimal128Type>().iter().collect();
    assert_eq!(numbers, [Some(1_235), Some(123_450), None, None, None]);
    let numbers = rates.finish().unwrap();
    assert_eq!(numbers.as_primitive::<Decimal128Type>().value(0), 30);
}

#[test]
fn minor_units_and_durations_are_exact_whether_typed_or_not() {
    let mut cents = column("type = \"decimal\"\nscale = 3\nminor_units = 2");
    for cell in [
        FieldValue::Text(b"1234"),
        FieldValue::Integer(1234),
        FieldValue::Decimal { unscaled: 12_340, scale: 1 },
    ] {
        assert_eq!(cents.push(cell), Ok(()));
    }
    assert_eq!(cents.push(FieldValue::Text(b"1234.5")), Ok(()), "half a cent has a place");
    assert_eq!(cents.push(FieldValue::Text(b"1234.55")), Err(Reason::NotADecimal));
    let numbers = cents.finish().unwrap();
    let numbers: Vec<Option<i128>> = numbers.as_primitive::<Decimal128Type>().iter().collect();
    assert_eq!(numbers, [Some(12_340), Some(12_340), Some(12_340), Some(12_345), None]);

    let mut hours =
        column("type = \"duration\"\nformat = [\"h:mm\", \"hours\"]\ndecimal_mark = \",\"");
    for cell in [
        FieldValue::Text(b"-3:12"),
        FieldValue::Text(b"1,5"),
        FieldValue::Decimal { unscaled: 15, scale: 1 },
    ] {
        assert_eq!(hours.push(cell), Ok(()));
    }
    assert_eq!(hours.push(FieldValue::Text(b"1.5")), Err(Reason::NotADuration));
    let seconds = hours.finish().unwrap();
    let seconds: Vec<Option<i64>> = seconds.as_primitive::<Int64Type>().iter().collect();
    assert_eq!(seconds, [Some(-11_520), Some(5_400), Some(5_400), None]);
}

#[test]
fn numbers_are_moments_only_as_a_format_says() {
    let mut epoch = column("type = \"timestamp\"\nformat = \"epoch_seconds\"");
    assert_eq!(epoch.push(FieldValue::Integer(86_400)), Ok(()));
    assert_eq!(epoch.push(FieldValue::Decimal { unscaled: 5, scale: 1 }), Ok(()));
    let mut iso = column("type = \"timestamp\"");
    assert_eq!(iso.push(FieldValue::Integer(86_400)), Err(Reason::NotATimestamp));
}

#[test]
fn times_have_a_range_too() {
    let mut days = column("type = \"date\"\nmin = 2020-01-01\nmax = \"2026-11-22\"");
    assert_eq!(days.push_text(b"2026-11-22"), Ok(()));
    assert_eq!(days.push_text(b"2026-11-23"), Err(Reason::OutOfRange));
    assert_eq!(days.push_text(b"1970-01-01"), Err(Reason::OutOfRange));
    let mut moments = column(
        "type = \"timestamp\"\ntime_zone = \"Europe/Berlin\"\nmin = \"2026-01-01 08:00\"\nmax = 2026-07-01",
    );
    assert_eq!(moments.push_text(b"2026-01-01 07:59:59"), Err(Reason::OutOfRange));
    assert_eq!(moments.push_text(b"2026-07-01 23:59:59.999999"), Ok(()), "the whole day in Berlin");
    assert_eq!(moments.push_text(b"2026-07-01T22:00:00Z"), Err(Reason::OutOfRange));
    let mut spans = column("type = \"duration\"\nformat = \"h:mm\"\nmin = 0\nmax = \"PT8H\"");
    assert_eq!(spans.push_text(b"8:00"), Ok(()));
    assert_eq!(spans.push_text(b"8:01"), Err(Reason::OutOfRange));
    assert_eq!(spans.push_text(b"-0:01"), Err(Reason::OutOfRange));
}

#[test]
fn texts_are_as_long_as_they_may_be_and_keys_no_longer_than_ids_are() {
    let mut short = column("type = \"text\"\nmax_length = 3");
    assert_eq!(short.push_text("äöü".as_bytes()), Ok(()), "characters, not bytes");
    assert_eq!(short.push_text(b"abcd"), Err(Reason::TooLong));
    let source = source(
        "title = \"T\"\nfiles = \"*\"\nformat = \"csv\"\nkey = [\"a\"]\n[columns.a]\ntype = \"text\"",
    );
    let mut key = TypedColumn::new(&source.columns["a"], true, source.is_key("a").then_some(256));
    assert_eq!(key.push_text(&[b'x'; 256]), Ok(()));
    assert_eq!(key.push_text(&[b'x'; 257]), Err(Reason::TooLong));
}

#[test]
fn a_typed_value_of_another_type_is_refused() {
    let mut column = column("type = \"decimal\"\nscale = 2");
    assert_eq!(column.push(FieldValue::Integer(3)), Ok(()));
    assert_eq!(
        column.push(FieldValue::Decimal { unscaled: 12_345, scale: 3 }),
        Err(Reason::NotADecimal)
    );
    assert_eq!(column.push(FieldValue::Day(3)), Err(Reason::NotADecimal));
    assert_eq!(column.push(FieldValue::Text(b"1.25")), Ok(()));
}

#[test]
fn of_an_address_only_its_domain_is_kept() {
    let mut addresses = column("type = \"text\"\npersonal = \"domain\"");
    for text in ["Ann@Acme.Example", "\"a@b\"@birch.example ", "nobody", "nobody@", ""] {
        assert_eq!(addresses.push_text(text.as_bytes()), Ok(()), "{text}");
    }
    let found = addresses.finish().unwrap();
    let found: Vec<Option<&str>> = found.as_string::<i32>().iter().collect();
    assert_eq!(found, [Some("acme.example"), Some("birch.example"), None, None, None]);
    let mut needed = column("type = \"text\"\npersonal = \"domain\"\nrequired = true");
    assert_eq!(needed.push_text(b"nobody"), Err(Reason::MissingValue));
}

#[test]
fn a_date_that_stands_for_none_is_no_value_only_where_null_names_it() {
    let mut ends = column(
        "type = \"timestamp\"\ntime_zone = \"Europe/Berlin\"\nformat = [\"iso\", \"%d.%m.%Y %H:%M\"]\nnull = [\"\", \"9999-12-31\"]",
    );
    assert_eq!(ends.push_text(b"9999-12-31 00:00:00"), Ok(()));
    assert_eq!(ends.push_text(b"31.12.9999 23:59"), Ok(()));
    assert_eq!(ends.push_text(b"1899-12-30 00:00"), Err(Reason::PlaceholderDate));
    assert_eq!(ends.push_text(b"2026-11-22 10:00"), Ok(()));
    assert_eq!(ends.finish().unwrap().null_count(), 3);
    let mut days = column("type = \"date\"");
    for text in ["0001-01-01", "1582-10-10", "9999-12-31"] {
        assert_eq!(days.push_text(text.as_bytes()), Err(Reason::PlaceholderDate), "{text}");
    }
}

// Expected: Python's `float(text)`.
#[test]
fn a_float_is_the_nearest_number_and_always_finite() {
    let mut ratios = column("type = \"float\"\nmin = -1\nmax = 1.5e3");
    for text in ["0.6666666666666666", "6.02e2", " -0.5 ", "-0", "1500", ""] {
        assert_eq!(ratios.push_text(text.as_bytes()), Ok(()), "{text}");
    }
    for text in ["NaN", "inf", "1e999", "0x10", "1,5", "1_000", ".", "e5"] {
        assert_eq!(ratios.push_text(text.as_bytes()), Err(Reason::NotAFloat), "{text}");
    }
    assert_eq!(ratios.push_text(b"1500.0000000000002"), Err(Reason::OutOfRange));
    assert_eq!(ratios.push(FieldValue::Decimal { unscaled: 125, scale: 2 }), Ok(()));
    let found = ratios.finish().unwrap();
    let found: Vec<Option<f64>> = found.as_primitive::<Float64Type>().iter().collect();
    let expected =
        [Some(0.666_666_666_666_666_6), Some(602.0), Some(-0.5), Some(0.0), Some(1500.0)];
    assert_eq!(found[..5], expected);
    assert!(found[3].is_some_and(f64::is_sign_positive), "zero has one sign");
    assert_eq!((found[5], found[15]), (None, Some(1.25)));
}
