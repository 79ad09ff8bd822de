//! What a faulty metric says, and what holds for every measurement.

use jiff::civil::date;
use miette::Diagnostic;
use scorewright_domain::{IntervalMethod, KpiValue, NullReason, ProjectFile};
use scorewright_warehouse::Session;

use super::{FormerValues, measure};
use crate::calendar::Calendar;
use crate::coverage::MetricCoverage;
use crate::faults::ProjectFaults;
use crate::metric::read_metrics;

const ORDERS: &str = "order_id,customer_id,segment,ordered_at:timestamp,net:decimal,weight:float
o1,c1,E,2026-11-02T10:00:00Z,10.50,1.5
o2,c1,E,2026-11-03T10:00:00Z,20.25,1.5
o3,c2,E,2026-11-03T10:00:00Z,99.00,1.5
o4,c3,S,2026-11-04T10:00:00Z,5.00,1.5
o5,c4,S,2026-11-05T10:00:00Z,7.75,1.5
";

const AVERAGE: &str = r#"title = "Average"
says = "Average"
unit = "money"
direction = "higher_is_better"
kind = "ratio"
fact = "fact.order"
time = "ordered_at"
numerator = "sum(net)"
denominator = "count(*)"
by = ["segment"]
grains = ["week", "all"]
"#;

fn session() -> Session {
    let session = Session::without_data().unwrap();
    session.add_fixture(&"fact.order".parse().unwrap(), ORDERS).unwrap();
    session
}

fn measured(text: &str) -> Result<Vec<KpiValue>, ProjectFaults> {
    let metrics =
        read_metrics(&[ProjectFile::new("pipelines/metrics/average.toml", text)]).unwrap();
    measure(
        &metrics,
        &session(),
        &MetricCoverage::whole(Calendar::new(date(2026, 11, 9), "Europe/Berlin").unwrap()),
        usize::MAX,
        &FormerValues::default(),
    )
    .map(|measured| measured.values)
}

/// Message, help, and the text pointed at.
fn refused(text: &str) -> (String, String, String) {
    let faults = measured(text).unwrap_err();
    let label = faults.labels().and_then(|mut labels| labels.next());
    let pointed_at = label.map_or("", |label| &text[label.offset()..label.offset() + label.len()]);
    (
        faults.to_string(),
        faults.help().map(|help| help.to_string()).unwrap_or_default(),
        pointed_at.to_owned(),
    )
}

#[test]
fn an_unknown_column_is_pointed_at_in_the_metric_file() {
    let (message, help, pointed_at) = refused(&AVERAGE.replace("sum(net)", "sum(nett) - 1"));
    assert_eq!(pointed_at, "nett");
    assert!(message.contains("nett"), "{message}");
    assert!(help.contains("net"), "{help}");
    assert!(!help.contains("_week") && !help.contains("_local"), "{help}");
}

#[test]
fn an_unknown_dimension_time_and_fact_are_pointed_at() {
    assert_eq!(refused(&AVERAGE.replace("[\"segment\"]", "[\"segmnt\"]")).2, "segmnt");
    assert_eq!(refused(&AVERAGE.replace("ordered_at", "orderd_at")).2, "orderd_at");
    assert_eq!(refused(&AVERAGE.replace("fact.order\"", "fact.ordr\"")).2, "fact.ordr");
}

#[test]
fn an_unknown_column_of_latest_of_is_pointed_at_and_the_nearest_named() {
    for kind in ["ratio", "total", "quantile"] {
        let text = match kind {
            "total" => AVERAGE.replace("denominator = \"count(*)\"\n", ""),
            "quantile" => AVERAGE
                .replace("numerator = \"sum(net)\"\ndenominator = \"count(*)\"", "value = \"net\""),
            _ => AVERAGE.to_owned(),
        };
        let text = text.replace("\"ratio\"", &format!("\"{kind}\""));
        let (message, help, pointed_at) =
            refused(&format!("{text}latest_of = [\"segment\", \"custmer_id\"]\n"));
        assert_eq!(message, "`fact.order` has no column `custmer_id`");
        assert_eq!(help, "did you mean `customer_id`?");
        assert_eq!(pointed_at, "\"custmer_id\"");
    }
}

#[test]
fn a_time_that_is_none_is_refused() {
    let (message, _, pointed_at) = refused(&AVERAGE.replace("\"ordered_at\"", "\"order_id\""));
    assert_eq!(message, "`time` must be a timestamp or a date, it is Utf8");
    assert_eq!(pointed_at, "\"order_id\"");
}

#[test]
fn sums_of_real_numbers_are_refused() {
    let (message, help, pointed_at) = refused(&AVERAGE.replace("sum(net)", "sum(weight)"));
    assert_eq!(
        message,
        "`numerator` gives real numbers, whose sum depends on the order of the rows"
    );
    assert!(help.contains("DECIMAL"));
    assert_eq!(pointed_at, "\"sum(weight)\"");
}

#[test]
fn a_quantile_of_a_text_is_refused() {
    let text = AVERAGE
        .replace("\"ratio\"", "\"quantile\"")
        .replace("numerator = \"sum(net)\"\ndenominator = \"count(*)\"", "value = \"customer_id\"");
    assert_eq!(refused(&text).0, "`value` must give whole numbers or decimals, it gives `c1`");
}

#[test]
fn clusters_are_drawn_alike_in_every_run() {
    let text = format!("{AVERAGE}cluster = \"customer_id\"\ninterval = \"bootstrap\"\n");
    let first = measured(&text).unwrap();
    assert_eq!(first, measured(&text).unwrap());
    let total = first
        .iter()
        .find(|value| value.segment.is_total() && value.period.label() == "2026-W45")
        .unwrap();
    assert_eq!(total.interval, IntervalMethod::Bootstrap);
    // scipy 1.17.1: stats.bootstrap over the four customers, 200,000 draws: 6.375 to 75.5
    assert!(
        (total.low.unwrap() - 6.375).abs() < 2.0 && (total.high.unwrap() - 75.5).abs() < 8.0,
        "{total:?}"
    );
}

#[test]
fn everything_reaches_from_the_first_day_to_the_as_of_day() {
    let values = measured(AVERAGE).unwrap();
    let all = values
        .iter()
        .find(|value| value.period.label() == "all" && value.segment.is_total())
        .unwrap();
    assert_eq!((all.period.from, all.period.until), (date(2026, 11, 2), date(2026, 11, 9)));
    // by hand: 142.50 / 5
    assert_eq!(all.value, Some(28.5));
}

#[test]
fn many_clusters_are_linearised_and_few_are_drawn() {
    use std::fmt::Write as _;
    let mut orders =
        String::from("order_id,customer_id,segment,ordered_at:timestamp,net:decimal\n");
    for customer in 0..60 {
        let segment = if customer < 10 { "few" } else { "many" };
        writeln!(
            orders,
            "o{customer},c{customer},{segment},2026-11-03T10:00:00Z,{}",
            10 + customer % 7
        )
        .unwrap();
    }
    let session = Session::without_data().unwrap();
    session.add_fixture(&"fact.order".parse().unwrap(), &orders).unwrap();
    let text = format!("{AVERAGE}cluster = \"customer_id\"\ninterval = \"bootstrap\"\n");
    let metrics =
        read_metrics(&[ProjectFile::new("pipelines/metrics/average.toml", text)]).unwrap();
    let values = measure(
        &metrics,
        &session,
        &MetricCoverage::whole(Calendar::new(date(2026, 11, 9), "UTC").unwrap()),
        usize::MAX,
        &FormerValues::default(),
    )
    .unwrap()
    .values;
    let method = |segment: &str| {
        let value = values
            .iter()
            .find(|value| value.segment.value == segment && value.period.label() == "all");
        value.unwrap().interval.name()
    };
    assert_eq!(
        (method("few"), method("many"), method("")),
        ("bootstrap", "bootstrap", "linearised")
    );
    // numpy and scipy 1.17.1, one order for each customer: t interval of the mean, 12.9 within 12.381815 to 13.418185
    let total = values.iter().find(|value| value.segment.is_total()).unwrap();
    assert!(
        (total.low.unwrap() - 12.381_815_030).abs() < 1e-6
            && (total.high.unwrap() - 13.418_184_970).abs() < 1e-6,
        "{total:?}"
    );
}

// What is left of each week, and what is left of all, by hand: a later order of one customer, two of the same moment,
// two of nobody, an empty name.
const SUPERSEDED: &str = "order_id,customer_id,segment,region,ordered_at:timestamp,net:decimal
o1,c1,E,EU,2026-11-02T10:00:00Z,10.50
o2,c1,S,EU,2026-11-03T10:00:00Z,20.25
o3,c2,E,EU,2026-11-03T10:00:00Z,99.00
o4,c2,E,US,2026-11-03T10:00:00Z,98.00
o5,,S,EU,2026-11-04T10:00:00Z,5.00
o6,,S,EU,2026-11-05T10:00:00Z,7.75
o7,c3,S,US,2026-11-05T10:00:00Z,3.00
o8,c1,E,EU,2026-11-08T22:59:59Z,1.00
o9,c1,E,EU,2026-11-08T23:00:00Z,2.00
o10,c2,S,EU,2026-11-10T10:00:00Z,4.00
o11,c2,E,EU,2026-11-09T10:00:00Z,6.00
";
const LEFT_BY_WEEK: [&str; 7] = ["o4,", "o5,", "o6,", "o7,", "o8,", "o9,", "o10,"];
const LEFT_OF_ALL: [&str; 5] = ["o5,", "o6,", "o7,", "o9,", "o10,"];

fn measured_of(orders: &str, text: &str) -> Vec<KpiValue> {
    let session = Session::without_data().unwrap();
    session.add_fixture(&"fact.order".parse().unwrap(), orders).unwrap();
    let metrics =
        read_metrics(&[ProjectFile::new("pipelines/metrics/average.toml", text)]).unwrap();
    measure(
        &metrics,
        &session,
        &MetricCoverage::whole(Calendar::new(date(2026, 11, 16), "Europe/Berlin").unwrap()),
        usize::MAX,
        &FormerValues::default(),
    )
    .unwrap()
    .values
}

#[test]
fn the_latest_of_each_is_measured_as_if_the_others_had_never_been() {
    let ratio = AVERAGE.replace("[\"segment\"]", "[\"segment\", \"region\"]");
    let total = ratio.replace("\"ratio\"", "\"total\"").replace("denominator = \"count(*)\"\n", "");
    let quantile = ratio
        .replace("\"ratio\"", "\"quantile\"")
        .replace("numerator = \"sum(net)\"\ndenominator = \"count(*)\"", "value = \"net\"");
    let mean = format!("{ratio}sum_of_squares = \"sum(net * net)\"\ninterval = \"student_t\"\n");
    let clusters = format!("{ratio}cluster = \"order_id\"\ninterval = \"bootstrap\"\n");
    for text in [ratio, total, quantile, mean, clusters] {
        let of = |orders: &str, text: &str, grain: &str| {
            let text = text.replace("[\"week\", \"all\"]", "GRAINS");
            measured_of(orders, &text.replace("GRAINS", &format!("[\"{grain}\"]")))
        };
        let latest = format!("{text}latest_of = [\"customer_id\"]\n");
        let both = measured_of(SUPERSEDED, &latest);
        for (grain, left) in [("week", &LEFT_BY_WEEK[..]), ("all", &LEFT_OF_ALL)] {
            let is_left = |line: &&str| {
                line.starts_with("order_id") || left.iter().any(|order| line.starts_with(order))
            };
            let orders: Vec<&str> = SUPERSEDED.lines().filter(is_left).collect();
            let alone = of(&(orders.join("\n") + "\n"), &text, grain);
            let of_both = both.iter().filter(|value| value.period.grain.name() == grain);
            let figures = |values: Vec<&KpiValue>| -> Vec<String> {
                let figure = |it: &KpiValue| {
                    let (label, n, interval) = (it.period.label(), it.n, (it.low, it.high));
                    format!(
                        "{label} {} {} {n:?} {:?} {interval:?}",
                        it.segment, it.statistic, it.value
                    )
                };
                values.into_iter().map(figure).collect()
            };
            let (found, expected) = (figures(of_both.collect()), figures(alone.iter().collect()));
            assert_eq!(found, expected, "{grain} of\n{latest}");
            assert!(found.iter().any(|line| line.contains("Some(")), "{found:?}");
            assert_eq!(found, figures(of(SUPERSEDED, &latest, grain).iter().collect()));
        }
        let all = both.iter().find(|value| value.period.label() == "all").unwrap();
        assert_eq!(all.period.from, date(2026, 11, 2), "everything begins with the first row");
    }
}

#[test]
fn the_order_of_the_rows_decides_no_tie() {
    let text = format!("{AVERAGE}latest_of = [\"customer_id\"]\n");
    let (header, rows) = SUPERSEDED.split_once('\n').unwrap();
    let turned: Vec<&str> = rows.lines().rev().collect();
    let turned = format!("{header}\n{}\n", turned.join("\n"));
    assert_eq!(measured_of(SUPERSEDED, &text), measured_of(&turned, &text));
}

#[test]
fn what_happens_on_the_as_of_day_is_not_known_yet() {
    let session = Session::without_data().unwrap();
    // local midnight of the 4th, and the second before it
    let edge = "o6,c5,S,2026-11-03T23:00:00Z,1.00,1.5\no7,c5,S,2026-11-03T22:59:59Z,1.00,1.5\n";
    session.add_fixture(&"fact.order".parse().unwrap(), &format!("{ORDERS}{edge}")).unwrap();
    let metrics =
        read_metrics(&[ProjectFile::new("pipelines/metrics/average.toml", AVERAGE)]).unwrap();
    let measured = |as_of| {
        measure(
            &metrics,
            &session,
            &MetricCoverage::whole(Calendar::new(as_of, "Europe/Berlin").unwrap()),
            usize::MAX,
            &FormerValues::default(),
        )
        .unwrap()
        .values
    };
    let all = |values: &[KpiValue]| {
        let all =
            values.iter().find(|value| value.period.label() == "all" && value.segment.is_total());
        all.and_then(|value| value.n)
    };
    assert_eq!(all(&measured(date(2026, 11, 4))), Some(4));
    let first = measured(date(2026, 11, 2));
    assert!(first.iter().all(|value| value.null_reason == Some(NullReason::NoRows)), "{first:?}");
    assert_eq!(first.len(), 2, "one week and everything, without segments");
}

/// Days with the total of a filter.
fn totals(filter: &str, since: Option<jiff::civil::Date>) -> Vec<(String, Option<f64>)> {
    let text = AVERAGE
        .replace("kind = \"ratio\"", "kind = \"total\"")
        .replace(
            "denominator = \"count(*)\"\nby = [\"segment\"]\n",
            &format!("filter = \"{filter}\"\n"),
        )
        .replace("[\"week\", \"all\"]", "[\"day\", \"all\"]");
    let metrics = read_metrics(&[ProjectFile::new("pipelines/metrics/total.toml", text)]).unwrap();
    let calendar = Calendar::new(date(2026, 11, 7), "Europe/Berlin").unwrap();
    let calendar = match since {
        Some(since) => calendar.measured_since(since),
        None => calendar,
    };
    let coverage = MetricCoverage::whole(calendar);
    let measured = measure(&metrics, &session(), &coverage, usize::MAX, &FormerValues::default());
    let of_period = |value: KpiValue| (value.period.label(), value.value);
    measured.unwrap().values.into_iter().map(of_period).collect()
}

#[test]
fn a_total_is_zero_from_the_first_row_of_its_fact_on() {
    let known = |label: &str, value: f64| (label.to_owned(), Some(value));
    let days = ["2026-11-02", "2026-11-03", "2026-11-04", "2026-11-05", "2026-11-06"];
    let told =
        |values: [f64; 5]| days.iter().zip(values).map(|(day, value)| known(day, value)).collect();
    let before_its_first_hit: Vec<_> = told([0.0, 0.0, 5.0, 7.75, 0.0]);
    assert_eq!(totals("segment = 'S'", None)[..5], before_its_first_hit);
    let never: Vec<_> = told([0.0; 5]);
    assert_eq!(totals("segment = 'X'", None)[..5], never);
    assert_eq!(totals("segment = 'X'", None)[5].1, Some(0.0), "all that is known");
    let measured = totals("segment = 'S'", Some(date(2026, 11, 3)));
    assert_eq!(measured[0], known("2026-11-03", 0.0), "no period before the first measured day");
}
