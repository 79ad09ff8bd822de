//! Models of buying, from rows to values. What they come to is proven by `tests/lifetime_value.py`.

use jiff::civil::date;
use scorewright_domain::{Fault, KpiValue, NullReason, ProjectFile};
use scorewright_warehouse::Session;

use super::{FormerValues, measure, plan};
use crate::calendar::Calendar;
use crate::coverage::MetricCoverage;
use crate::faults::ProjectFaults;
use crate::metric::{Metric, read_metrics};

const HEAD: &str = "customer_id,region,ordered_at:timestamp,net:decimal,weight:float\n";

const KEYS: &str = "title = \"T\"\nsays = \"T\"\nunit = \"money\"\ndirection = \"neutral\"\nkind = \"model\"\nmodel = \"bg_nbd\"\n\
     fact = \"fact.order\"\ntime = \"ordered_at\"\nentity = \"customer_id\"\nby = [\"region\"]\n";
const VALUE: &str = "predicts = \"value\"\namount = \"net\"\n";

/// Numbers between 0 and 1, the same in every run.
struct Draws(u64);

impl Draws {
    fn next(&mut self) -> f64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(self.0 >> 32).unwrap()) / 4_294_967_296.0
    }
}

/// Orders of made-up customers: each buys at a rate of its own, and may stop after each order.
fn orders(customers: u32) -> Vec<String> {
    let (mut draws, mut rows) = (Draws(20_261_202), Vec::new());
    for who in 0..customers {
        let begins = f64::from(who % 60);
        let (rate, stop) = ([0.005, 0.02, 0.08][who as usize % 3], draws.next().powi(2));
        let (region, mean) = (["EU", "US"][who as usize % 2], 20.0 + 60.0 * draws.next());
        let mut day = begins;
        while day < 300.0 {
            #[allow(clippy::cast_possible_truncation, reason = "days of a year, and small amounts")]
            let (at, net) = (day as i64, (mean * (0.5 + draws.next())) as i64);
            let on = date(2026, 1, 5).saturating_add(jiff::Span::new().days(at));
            rows.push(format!("c{who},{region},{on}T12:00:00Z,{net}.50,1.5\n"));
            if draws.next() < stop {
                break;
            }
            day += 1.0 - draws.next().ln() / rate;
        }
    }
    rows
}

fn metrics(keys: &str) -> Result<Vec<Metric>, Vec<Fault>> {
    let text = format!("{KEYS}{keys}");
    read_metrics(&[ProjectFile::new("pipelines/metrics/ahead.toml", text)])
        .map_err(|faults| faults.all().to_vec())
}

fn session(rows: &[String]) -> Session {
    let session = Session::without_data().unwrap();
    let table = "fact.order".parse().unwrap();
    session.add_fixture(&table, &format!("{HEAD}{}", rows.concat())).unwrap();
    session
}

fn calendar() -> Calendar {
    Calendar::new(date(2026, 11, 1), "Europe/Berlin").unwrap()
}

fn measured(rows: &[String], keys: &str) -> Vec<KpiValue> {
    let (metrics, coverage) = (metrics(keys).unwrap(), MetricCoverage::whole(calendar()));
    let former = FormerValues::default();
    measure(&metrics, &session(rows), &coverage, usize::MAX, &former).unwrap().values
}

#[test]
fn nothing_is_foretold_from_too_few_customers() {
    let values = measured(&orders(100), VALUE);
    let told: Vec<(&str, Option<NullReason>)> =
        values.iter().map(|value| (&*value.segment.value, value.null_reason)).collect();
    let few = Some(NullReason::TooFewCustomers);
    assert_eq!(told, [("", few), ("EU", few), ("US", few)]);
    assert_eq!(measured(&[], VALUE)[0].null_reason, Some(NullReason::NoRows));
}

#[test]
fn the_order_of_rows_changes_no_digit() {
    let rows = orders(700);
    let (expected, mut other) = (measured(&rows, VALUE), rows);
    assert_eq!(expected.iter().filter(|value| value.value.is_some()).count(), 3 + 10);
    other.reverse();
    let middle = other.len() / 3;
    other.rotate_left(middle);
    assert_eq!(measured(&other, VALUE), expected);
}

/// Means of segments, weighted by their customers, are the mean of everybody.
#[test]
fn segments_add_up_to_everybody() {
    for keys in [VALUE, "predicts = \"orders\"\n", "predicts = \"alive\"\n"] {
        let values = measured(&orders(700), keys);
        let of = |segment: &str| {
            let found = values
                .iter()
                .find(|value| value.statistic == "value" && value.segment.value == segment);
            let found = found.unwrap();
            assert!(found.low < found.value && found.value < found.high, "{found:?}");
            (found.numerator.unwrap(), found.n.unwrap())
        };
        let (all, eu, us) = (of(""), of("EU"), of("US"));
        assert!((all.0 - eu.0 - us.0).abs() < 1e-6 * all.0, "{keys}");
        assert_eq!(all.1, eu.1 + us.1);
        assert!(if keys.contains("alive") { (200..700).contains(&all.1) } else { all.1 == 700 });
    }
}

#[test]
fn refunds_of_their_own_are_no_purchases() {
    let mut rows = orders(700);
    rows.push("c2,EU,2026-09-01T12:00:00Z,-5000.00,1.0\n".into());
    assert_eq!(measured(&rows, VALUE)[0].null_reason, Some(NullReason::NoFit));
    assert!(measured(&rows, "predicts = \"orders\"\n")[0].value.is_some());
}

#[test]
fn what_means_nothing_is_refused() {
    let told = |keys: &str| metrics(keys).unwrap_err()[0].message().to_owned();
    assert_eq!(told("predicts = \"value\"\n"), "a metric of kind `model` needs `amount`");
    assert_eq!(
        told("predicts = \"alive\"\namount = \"net\"\n"),
        "`amount` means nothing for purchases that are counted"
    );
    assert_eq!(
        told(&format!("{VALUE}horizon_days = 0\n")),
        "nothing is bought in a horizon of no days"
    );
    assert_eq!(
        told(&format!("{VALUE}discount_per_year = 10.0\n")),
        "a discount is a share from 0 to below 1"
    );
    assert_eq!(
        told(&format!("{VALUE}grains = [\"month\"]\n")),
        "a model looks ahead from the as-of day: it is stated by `all` alone"
    );
}

#[test]
fn amounts_are_exact_numbers() {
    let metrics = metrics(&VALUE.replace("\"net\"", "\"weight\"")).unwrap();
    let refused: ProjectFaults = plan(&metrics, &session(&[]), &calendar()).unwrap_err();
    let told = refused.all()[0].message();
    assert_eq!(told, "`amount` gives real numbers, whose sum depends on the order of the rows");
}
