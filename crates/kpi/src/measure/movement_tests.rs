//! Who came, left and moved, in each segment.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use jiff::{ToSpan, Zoned};
use proptest::prelude::*;
use scorewright_domain::ProjectFile;
use scorewright_warehouse::Session;

use super::{FormerValues, measure};
use crate::calendar::Calendar;
use crate::coverage::MetricCoverage;
use crate::metric::read_metrics;

const FLOWS: [(&str, &str); 6] = [
    ("opening", "at_start"),
    ("new", "at_end AND NOT at_start"),
    ("moved_in", "moved_in"),
    ("moved_out", "moved_out"),
    ("gone", "at_start AND NOT at_end"),
    ("closing", "moved_in OR at_end AND NOT moved_out"),
];

/// The flows of each month and segment, in the order of `FLOWS`.
fn flows(tenures: &str) -> BTreeMap<(String, String), [i64; 6]> {
    let session = Session::without_data().unwrap();
    let header = "customer_id,segment,started_at:timestamp,ended_at:timestamp\n";
    let fact = "fact.customer_tenure".parse().unwrap();
    session.add_fixture(&fact, &format!("{header}{tenures}")).unwrap();
    let files = FLOWS.map(|(name, condition)| {
        ProjectFile::new(
            format!("pipelines/metrics/{name}.toml"),
            format!(
                "title = \"T\"\nsays = \"T\"\nunit = \"count\"\ndirection = \"neutral\"\nkind = \"movement\"\n\
                 fact = \"fact.customer_tenure\"\nentity = \"customer_id\"\nfrom = \"started_at\"\nuntil = \"ended_at\"\n\
                 by = [\"segment\"]\ngrains = [\"month\"]\nnumerator = \"count(*) FILTER (WHERE {condition})\"\n"
            ),
        )
    });
    let metrics = read_metrics(&files).unwrap();
    let calendar = Calendar::new(date(2026, 7, 1), "Europe/Berlin").unwrap();
    let values = measure(
        &metrics,
        &session,
        &MetricCoverage::whole(calendar),
        usize::MAX,
        &FormerValues::default(),
    )
    .unwrap()
    .values;
    let mut found = BTreeMap::new();
    for value in values {
        let flow = FLOWS.iter().position(|(name, _)| *name == value.metric).unwrap();
        let key = (value.period.label(), value.segment.to_string());
        let flows: &mut [i64; 6] = found.entry(key).or_default();
        flows[flow] = format!("{}", value.numerator.unwrap_or(0.0)).parse().unwrap();
    }
    found
}

#[test]
fn who_moves_between_segments_neither_comes_nor_leaves() {
    // January begins at 23:00 of 31 December in UTC, February at 23:00 of 31 January.
    let tenures = "\
grew,S,2025-06-01T00:00:00Z,2026-01-15T00:00:00Z
grew,L,2026-01-15T00:00:00Z,
there and back,S,2025-06-01T00:00:00Z,2026-01-10T00:00:00Z
there and back,L,2026-01-10T00:00:00Z,2026-01-20T00:00:00Z
there and back,S,2026-01-20T00:00:00Z,
grew and left,S,2025-06-01T00:00:00Z,2026-01-15T00:00:00Z
grew and left,L,2026-01-15T00:00:00Z,2026-01-25T00:00:00Z
came,S,2026-01-05T00:00:00Z,2026-01-15T00:00:00Z
came,L,2026-01-15T00:00:00Z,
returned larger,S,2025-06-01T00:00:00Z,2026-01-05T00:00:00Z
returned larger,L,2026-01-25T00:00:00Z,
passing,S,2026-01-05T00:00:00Z,2026-01-15T00:00:00Z
";
    let found = flows(tenures);
    let of = |segment: &str| found[&("2026-01".to_owned(), segment.to_owned())];
    // opening, new, moved in, moved out, gone, closing
    assert_eq!(of("all"), [4, 1, 0, 0, 1, 4]);
    assert_eq!(of("segment=S"), [4, 0, 0, 2, 1, 1]);
    assert_eq!(of("segment=L"), [0, 1, 2, 0, 0, 3]);
}

/// One customer after another, each in one segment at a time: days of absence, days of presence, and the segment.
fn chains() -> impl Strategy<Value = Vec<Vec<(u16, u16, u8)>>> {
    let stretch = (prop_oneof![Just(0), 1_u16..50], 1_u16..60, 0_u8..3);
    proptest::collection::vec(proptest::collection::vec(stretch, 1..6), 1..6)
}

/// First and last day of each stretch of presence, counted from the beginning of 2026, with its segment.
fn stretches(chain: &[(u16, u16, u8)]) -> Vec<(u16, u16, u8)> {
    let mut day = 0;
    chain
        .iter()
        .map(|(absent, present, segment)| {
            let from = day + absent;
            day = from + present;
            (from, day, *segment)
        })
        .collect()
}

fn noon(day: u16) -> Zoned {
    let first: Date = date(2026, 1, 1);
    first.checked_add(i64::from(day).days()).unwrap().at(12, 0, 0, 0).in_tz("UTC").unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn opening_and_movements_are_closing_in_every_segment(chains in chains()) {
        let lines = chains.iter().enumerate().flat_map(|(customer, chain)| {
            stretches(chain).into_iter().map(move |(from, until, segment)| {
                format!("{customer},{segment},{},{}\n", noon(from).timestamp(), noon(until).timestamp())
            })
        });
        let found = flows(&lines.collect::<String>());
        for ((month, segment), [opening, new, moved_in, moved_out, gone, closing]) in found {
            prop_assert_eq!(opening + new + moved_in - moved_out - gone, closing, "{} {}", month, segment);
            let (year, number) = month.split_once('-').unwrap();
            let first = date(year.parse().unwrap(), number.parse().unwrap(), 1);
            let [starts, ends] = [first, first.checked_add(1.month()).unwrap()]
                .map(|day| day.in_tz("Europe/Berlin").unwrap().timestamp());
            // Counted again, customer by customer.
            let there = |instant| {
                let holds = |(from, until, of): &(u16, u16, u8)| {
                    (segment == "all" || segment == format!("segment={of}"))
                        && noon(*from).timestamp() < instant && instant <= noon(*until).timestamp()
                };
                i64::try_from(chains.iter().filter(|chain| stretches(chain).iter().any(holds)).count()).unwrap()
            };
            prop_assert_eq!([opening, closing], [there(starts), there(ends)], "{} {}", month, segment);
        }
    }
}
