//! Segments that are stated by name, and the others.

use std::collections::BTreeMap;

use jiff::civil::date;
use scorewright_domain::ProjectFile;
use scorewright_warehouse::Session;

use super::{FormerValues, measure};
use crate::calendar::Calendar;
use crate::coverage::MetricCoverage;
use crate::metric::read_metrics;

const ORDERS: &str =
    "order_id,customer_id,region,ordered_at:timestamp,ended_at:timestamp,net:decimal
o1,c1,DE,2026-11-02T10:00:00Z,,10.00
o2,c2,DE,2026-11-03T10:00:00Z,,5.00
o3,c3,it's,2026-11-03T10:00:00Z,,7.00
o4,c4,US,2026-11-04T10:00:00Z,,3.00
o5,c4,CA,2026-11-05T10:00:00Z,,2.00
o6,c5,,2026-11-06T10:00:00Z,,1.00
";

/// The figure of everybody and of each region in the one week there is.
fn by_region(keys: &str) -> BTreeMap<String, f64> {
    let session = Session::without_data().unwrap();
    session.add_fixture(&"fact.order".parse().unwrap(), ORDERS).unwrap();
    let text = format!(
        "title = \"T\"\nsays = \"T\"\nunit = \"count\"\ndirection = \"neutral\"\nfact = \"fact.order\"\n\
         by = [\"region\"]\nsegments = {{ region = [\"DE\", \"it's\"] }}\ngrains = [\"week\"]\n{keys}"
    );
    let metrics = read_metrics(&[ProjectFile::new("pipelines/metrics/t.toml", text)]).unwrap();
    let calendar = Calendar::new(date(2026, 11, 9), "UTC").unwrap();
    let measured = measure(
        &metrics,
        &session,
        &MetricCoverage::whole(calendar),
        usize::MAX,
        &FormerValues::default(),
    )
    .unwrap();
    let of = |value: scorewright_domain::KpiValue| (value.segment.value, value.value.unwrap());
    measured.values.into_iter().map(of).collect()
}

fn expected(figures: [f64; 5]) -> BTreeMap<String, f64> {
    ["", "(none)", "(other)", "DE", "it's"].map(str::to_owned).into_iter().zip(figures).collect()
}

#[test]
fn all_that_are_not_named_are_one_segment() {
    let events = "time = \"ordered_at\"\n";
    let total = by_region(&format!("kind = \"total\"\n{events}numerator = \"sum(net)\"\n"));
    assert_eq!(total, expected([28.0, 1.0, 5.0, 15.0, 7.0]));
    // c4 ordered twice, once from each of the others: one customer.
    let customers = "kind = \"total\"\nnumerator = \"count(DISTINCT customer_id)\"\n";
    assert_eq!(by_region(&format!("{customers}{events}")), expected([5.0, 1.0, 1.0, 2.0, 1.0]));
    let median = "kind = \"quantile\"\nvalue = \"net\"\nstatistics = [\"median\"]\n";
    assert_eq!(by_region(&format!("{median}{events}")), expected([4.0, 1.0, 2.5, 7.5, 7.0]));
}

#[test]
fn what_is_there_at_the_end_is_of_the_same_segments() {
    let state =
        "kind = \"state\"\nfrom = \"ordered_at\"\nuntil = \"ended_at\"\nnumerator = \"count(*)\"\n";
    assert_eq!(by_region(state), expected([6.0, 1.0, 2.0, 2.0, 1.0]));
    let movement = "kind = \"movement\"\nentity = \"order_id\"\nfrom = \"ordered_at\"\nuntil = \"ended_at\"\n\
                    numerator = \"count(*) FILTER (WHERE at_end)\"\n";
    assert_eq!(by_region(movement), expected([6.0, 1.0, 2.0, 2.0, 1.0]));
}
