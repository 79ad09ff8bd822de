//! What customers pay at the start of a period and at its end, and how the one becomes the other.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::date;
use proptest::prelude::*;
use scorewright_domain::{KpiValue, ProjectFile};
use scorewright_warehouse::Session;

use super::{FormerValues, measure};
use crate::calendar::Calendar;
use crate::coverage::MetricCoverage;
use crate::metric::read_metrics;

const HEADER: &str = "customer_id,segment,started_at:timestamp,ended_at:timestamp,mrr:decimal\n";

/// The flows of a month in money; all but the first and the last are movements.
const FLOWS: [(&str, &str); 9] = [
    ("opening", "sum(amount_at_start)"),
    ("new", "sum(amount_at_end) FILTER (WHERE at_end AND NOT at_start AND NOT was_before)"),
    ("reactivation", "sum(amount_at_end) FILTER (WHERE at_end AND NOT at_start AND was_before)"),
    (
        "expansion",
        "sum(amount_at_end - amount_at_start) FILTER (WHERE at_start AND at_end AND amount_at_end > amount_at_start)",
    ),
    (
        "contraction",
        "sum(amount_at_end - amount_at_start) FILTER (WHERE at_start AND at_end AND amount_at_end < amount_at_start)",
    ),
    ("churn", "-sum(amount_at_start) FILTER (WHERE at_start AND NOT at_end)"),
    ("moved_in", "sum(amount_at_end) FILTER (WHERE moved_in)"),
    ("moved_out", "-sum(amount_at_end) FILTER (WHERE moved_out)"),
    ("closing", "sum(amount_at_end) FILTER (WHERE moved_in OR at_end AND NOT moved_out)"),
];

fn metric(name: &str, unit: &str, lines: &str) -> ProjectFile {
    let text = format!(
        "title = 'T'\nsays = 'T'\nunit = '{unit}'\ndirection = 'neutral'\nkind = 'movement'\n\
         fact = 'fact.subscription'\nentity = 'customer_id'\nfrom = 'started_at'\nuntil = 'ended_at'\namount = 'mrr'\n\
         by = ['segment']\ngrains = ['month']\n{lines}"
    );
    ProjectFile::new(format!("pipelines/metrics/{name}.toml"), text)
}

fn measured(subscriptions: &str, files: &[ProjectFile]) -> Vec<KpiValue> {
    let session = Session::without_data().unwrap();
    let fact = "fact.subscription".parse().unwrap();
    session.add_fixture(&fact, &format!("{HEADER}{subscriptions}")).unwrap();
    let metrics = read_metrics(files).unwrap();
    let coverage = MetricCoverage::whole(Calendar::new(date(2026, 7, 1), "UTC").unwrap());
    measure(&metrics, &session, &coverage, usize::MAX, &FormerValues::default()).unwrap().values
}

/// The flows of each month and segment, in cents and in the order of `FLOWS`.
fn flows(subscriptions: &str) -> BTreeMap<(String, String), [i64; 9]> {
    let files = FLOWS
        .map(|(name, sql)| metric(name, "money", &format!("numerator = \"coalesce({sql}, 0)\"\n")));
    let mut found = BTreeMap::new();
    for value in measured(subscriptions, &files) {
        let flow = FLOWS.iter().position(|(name, _)| *name == value.metric).unwrap();
        let key = (value.period.label(), value.segment.to_string());
        let flows: &mut [i64; 9] = found.entry(key).or_default();
        let cents = value.numerator.unwrap_or(0.0) * 100.0;
        flows[flow] = format!("{cents:.0}").parse().unwrap();
    }
    found
}

const SUBSCRIPTIONS: &str = "\
grows,S,2025-06-01T00:00:00Z,2026-01-15T00:00:00Z,40
grows,S,2026-01-15T00:00:00Z,,60
shrinks and moves,S,2025-06-01T00:00:00Z,2026-01-10T00:00:00Z,100
shrinks and moves,L,2026-01-10T00:00:00Z,,70
leaves,L,2025-06-01T00:00:00Z,2026-01-20T00:00:00Z,50
has two,L,2025-06-01T00:00:00Z,,10
has two,L,2025-06-01T00:00:00Z,2026-01-05T00:00:00Z,5
comes,S,2026-01-20T00:00:00Z,,25
returns,S,2025-02-01T00:00:00Z,2025-05-01T00:00:00Z,30
returns,S,2026-01-20T00:00:00Z,,35
passes,S,2026-01-05T00:00:00Z,2026-01-15T00:00:00Z,99
";

#[test]
fn amounts_at_start_become_those_at_end() {
    let found = flows(SUBSCRIPTIONS);
    let of =
        |segment: &str| found[&("2026-01".to_owned(), segment.to_owned())].map(|cents| cents / 100);
    // opening, new, reactivation, expansion, contraction, churn, moved in, moved out, closing
    assert_eq!(of("all"), [205, 25, 35, 20, -35, -50, 0, 0, 200]);
    assert_eq!(of("segment=S"), [140, 25, 35, 20, -30, 0, 0, -70, 120]);
    assert_eq!(of("segment=L"), [65, 0, 0, 0, -5, -50, 70, 0, 80]);
}

#[test]
fn what_the_customers_of_the_start_pay_at_the_end_counts_them_and_not_their_money() {
    let start =
        "denominator = 'sum(amount_at_start)'\nsample = 'count(*) FILTER (WHERE at_start)'\n";
    let files = [
        metric(
            "nrr",
            "ratio",
            &format!("numerator = 'sum(amount_at_end) FILTER (WHERE at_start)'\n{start}"),
        ),
        metric(
            "grr",
            "share",
            &format!("numerator = 'sum(least(amount_at_start, amount_at_end))'\n{start}"),
        ),
    ];
    let values = measured(SUBSCRIPTIONS, &files);
    let of = |name: &str, segment: &str| {
        let is_it = |value: &&KpiValue| {
            value.metric == name
                && value.period.label() == "2026-01"
                && value.segment.value == segment
        };
        let value = values.iter().find(is_it).unwrap();
        (value.value.unwrap(), value.n.unwrap())
    };
    // 60 + 70 + 0 + 10 of 205, and 40 + 70 + 0 + 10; in S 60 + 70 of 140.
    assert_eq!(of("nrr", ""), (140.0 / 205.0, 4));
    assert_eq!(of("grr", ""), (120.0 / 205.0, 4));
    assert_eq!(of("nrr", "S"), (130.0 / 140.0, 2));
}

/// What each customer of January pays at its start and at its end.
const FLOWS_OF_JANUARY: &str = "customer_id,segment,at:date,x:decimal,y:decimal
grows,S,2026-01-15,60,40
shrinks and moves,S,2026-01-15,70,100
leaves,L,2026-01-15,0,50
has two,L,2026-01-15,10,15
comes,S,2026-01-15,0,0
returns,S,2026-01-15,0,0
passes,S,2026-01-15,0,0
";

#[test]
fn the_interval_draws_customers() {
    let numerator = "numerator = 'coalesce(sum(amount_at_end) FILTER (WHERE at_start), 0)'\n";
    let start =
        "denominator = 'sum(amount_at_start)'\nsample = 'count(*) FILTER (WHERE at_start)'\n";
    let of_intervals =
        measured(SUBSCRIPTIONS, &[metric("nrr", "ratio", &format!("{numerator}{start}"))]);
    let text = "title = 'T'\nsays = 'T'\nunit = 'ratio'\ndirection = 'neutral'\nkind = 'ratio'\nfact = 'fact.flow'\n\
        time = 'at'\nnumerator = 'sum(x)'\ndenominator = 'sum(y)'\nsample = 'count(*)'\ncluster = 'customer_id'\n\
        by = ['segment']\ngrains = ['month']\n";
    let session = Session::without_data().unwrap();
    session.add_fixture(&"fact.flow".parse().unwrap(), FLOWS_OF_JANUARY).unwrap();
    let metrics = read_metrics(&[ProjectFile::new("pipelines/metrics/nrr.toml", text)]).unwrap();
    let coverage = MetricCoverage::whole(Calendar::new(date(2026, 7, 1), "UTC").unwrap());
    let of_flows = measure(&metrics, &session, &coverage, usize::MAX, &FormerValues::default());
    let interval = |values: &[KpiValue], segment: &str| {
        let is_it =
            |value: &&KpiValue| value.period.label() == "2026-01" && value.segment.value == segment;
        let value = values.iter().find(is_it).unwrap();
        (value.low, value.high, value.interval)
    };
    let of_flows = of_flows.unwrap().values;
    for segment in ["", "S", "L"] {
        let drawn = interval(&of_intervals, segment);
        assert_eq!(drawn, interval(&of_flows, segment), "{segment}");
        assert!(drawn.0.is_some_and(|low| low < drawn.1.unwrap()), "{segment}");
    }
}

#[test]
fn money_at_the_start_is_no_sample_and_an_amount_has_no_other_kind() {
    let file = metric(
        "nrr",
        "ratio",
        "numerator = 'sum(amount_at_end)'\ndenominator = 'sum(amount_at_start)'\n",
    );
    let told = read_metrics(&[file]).unwrap_err().to_string();
    assert!(told.starts_with("`denominator` does not count rows"), "{told}");
}

/// One customer after another, each paying one amount in one segment at a time.
fn chains() -> impl Strategy<Value = Vec<Vec<(u16, u16, u8, u8)>>> {
    let stretch = (prop_oneof![Just(0), 1_u16..50], 1_u16..60, 0_u8..3, 0_u8..4);
    proptest::collection::vec(proptest::collection::vec(stretch, 1..6), 1..6)
}

/// First and last day of each stretch, counted from the beginning of 2026, with its segment and its amount.
fn stretches(chain: &[(u16, u16, u8, u8)]) -> Vec<(u16, u16, u8, u8)> {
    let mut day = 0;
    let held = chain.iter().map(|(absent, present, segment, amount)| {
        let from = day + absent;
        day = from + present;
        (from, day, *segment, *amount)
    });
    held.collect()
}

fn noon(day: u16) -> jiff::Timestamp {
    let first = date(2026, 1, 1).checked_add(i64::from(day).days()).unwrap();
    first.at(12, 0, 0, 0).in_tz("UTC").unwrap().timestamp()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn opening_and_movements_are_closing_in_every_segment(chains in chains()) {
        let lines = chains.iter().enumerate().flat_map(|(customer, chain)| {
            stretches(chain).into_iter().map(move |(from, until, segment, amount)| {
                format!("{customer},{segment},{},{},{amount}\n", noon(from), noon(until))
            })
        });
        for ((month, segment), found) in flows(&lines.collect::<String>()) {
            let [opening, movements @ .., closing] = found;
            prop_assert_eq!(opening + movements.iter().sum::<i64>(), closing, "{} {}", month, segment);
            let (year, number) = month.split_once('-').unwrap();
            let first = date(year.parse().unwrap(), number.parse().unwrap(), 1);
            let [starts, ends] = [first, first.checked_add(1.month()).unwrap()]
                .map(|day| day.in_tz("UTC").unwrap().timestamp());
            // Counted again, stretch by stretch.
            let paid = |instant| {
                let holds = |(from, until, of, _): &(u16, u16, u8, u8)| {
                    (segment == "all" || segment == format!("segment={of}"))
                        && noon(*from) < instant && instant <= noon(*until)
                };
                let all = chains.iter().flat_map(|chain| stretches(chain));
                all.filter(holds).map(|(.., amount)| i64::from(amount) * 100).sum::<i64>()
            };
            prop_assert_eq!([opening, closing], [paid(starts), paid(ends)], "{} {}", month, segment);
        }
    }
}
