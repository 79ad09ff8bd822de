//! Rows of a fact in two or three parts come to the same values as all of them at once.

use std::fmt::Debug;

use jiff::civil::{Date, date};
use proptest::prelude::*;
use scorewright_domain::{KpiValue, ProjectFile};
use scorewright_warehouse::Session;

use super::context::MeasureContext;
use super::kind::FactKind;
use crate::calendar::Calendar;
use crate::metric::{Metric, MetricKind, read_metrics};

pub(super) const AS_OF: Date = date(2026, 11, 30);

const HEADER: &str = "row_id:integer,customer_id,segment,from_at:timestamp,until_at:timestamp,net:decimal,score:integer";

/// What metric files of all kinds begin with.
const TOP: &str = r#"title = "Made up"
says = "Made up"
unit = "money"
direction = "higher_is_better"
by = ["segment"]
fact = "fact.made_up"
"#;

const EVENTS: &str = "time = \"from_at\"\ngrains = [\"day\", \"week\", \"month\", \"all\"]\n";
const INTERVALS: &str = "from = \"from_at\"\nuntil = \"until_at\"\n";
const QUOTIENT: &str = "numerator = \"sum(net)\"\ndenominator = \"count(score)\"\n";

/// A row of the fact, and the part it falls into.
#[derive(Debug, Clone)]
pub(super) struct MadeUpRow {
    customer: u8,
    segment: u8,
    /// Hours since the first of October, 61 days of them before the as-of day.
    from: u16,
    hours: Option<u16>,
    net: Option<i32>,
    score: Option<u8>,
    part: usize,
}

fn row(customers: u8) -> impl Strategy<Value = MadeUpRow> {
    use proptest::option::weighted;
    let hours = weighted(0.7, 0..1_200_u16);
    let (net, score) = (weighted(0.9, -99_999..9_999_999_i32), weighted(0.8, 0..=10_u8));
    let all = (0..customers, 0..3_u8, 0..1_500_u16, hours, net, score, 0..3_usize);
    all.prop_map(|(customer, segment, from, hours, net, score, part)| MadeUpRow {
        customer,
        segment,
        from,
        hours,
        net,
        score,
        part,
    })
}

pub(super) fn rows() -> impl Strategy<Value = Vec<MadeUpRow>> {
    proptest::collection::vec(row(9), 0..40)
}

/// Rows of so many customers that intervals of some segments are drawn and of others linearised.
pub(super) fn rows_of_many() -> impl Strategy<Value = Vec<MadeUpRow>> {
    proptest::collection::vec(row(200), 60..160)
}

/// The same, each customer in one part.
fn by_customer(mut rows: Vec<MadeUpRow>) -> Vec<MadeUpRow> {
    for row in &mut rows {
        row.part = usize::from(row.customer) % 3;
    }
    rows
}

impl MadeUpRow {
    fn line(&self, number: usize) -> String {
        let instant = |hours: i64| {
            let first = date(2026, 10, 1).at(0, 0, 0, 0).in_tz("UTC").unwrap();
            first.checked_add(jiff::Span::new().hours(hours)).unwrap().timestamp().to_string()
        };
        let from = i64::from(self.from);
        let until = self.hours.map(|hours| instant(from + i64::from(hours))).unwrap_or_default();
        let net = self.net.map(|cents| format!("{}", f64::from(cents) / 100.0)).unwrap_or_default();
        let score = self.score.map(|score| score.to_string()).unwrap_or_default();
        // The first customer has no name.
        let customer = Some(self.customer).filter(|customer| *customer > 0);
        let customer = customer.map(|number| format!("c{number}")).unwrap_or_default();
        let segment = ["", "E", "S"][usize::from(self.segment)];
        format!("{number},{customer},{segment},{},{until},{net},{score}", instant(from))
    }
}

/// The rows that are wanted, as a fact.
pub(super) fn session(rows: &[MadeUpRow], is_wanted: impl Fn(&MadeUpRow) -> bool) -> Session {
    let wanted = rows.iter().enumerate().filter(|(_, row)| is_wanted(row));
    let lines = wanted.map(|(number, row)| format!("{}\n", row.line(number)));
    let text = format!("{HEADER}\n{}", lines.collect::<String>());
    let session = Session::without_data().unwrap();
    session.add_fixture(&"fact.made_up".parse().unwrap(), &text).unwrap();
    session
}

fn metric(text: &str) -> Metric {
    let file = ProjectFile::new("pipelines/metrics/made_up.toml", format!("{TOP}{text}"));
    read_metrics(&[file]).unwrap().remove(0)
}

/// Parts come to the values of all rows, whichever parts are merged first.
fn check<K: FactKind<Partial: Clone + Debug + PartialEq>>(
    metric: &Metric,
    kind: &K,
    rows: &[MadeUpRow],
) -> Result<(), TestCaseError> {
    let calendar = Calendar::new(AS_OF, "Europe/Berlin").unwrap();
    let partial = |is_wanted: &dyn Fn(&MadeUpRow) -> bool| {
        let session = session(rows, is_wanted);
        kind.partial(&context_of(metric, &session, &calendar)).unwrap()
    };
    let [first, second, third] = [0, 1, 2].map(|part| partial(&move |row| row.part == part));
    let all = partial(&|_| true);
    let forward = K::merge(K::merge(first.clone(), second.clone()), third.clone());
    let backward = K::merge(K::merge(third, second), first);
    prop_assert_eq!(&forward, &all);
    prop_assert_eq!(&backward, &all);
    let session = session(rows, |_| false);
    let context = context_of(metric, &session, &calendar);
    prop_assert_eq!(shown(&kind.finish(&context, &forward)), shown(&kind.finish(&context, &all)));
    Ok(())
}

/// Every bit of the values.
pub(super) fn shown(values: &[KpiValue]) -> Vec<String> {
    values.iter().map(|value| format!("{value:?}")).collect()
}

fn ratio(text: &str, rows: &[MadeUpRow]) -> Result<(), TestCaseError> {
    let metric = metric(&format!("kind = \"ratio\"\n{EVENTS}{QUOTIENT}{text}"));
    let MetricKind::Ratio(kind) = &metric.kind else { panic!("a ratio") };
    check(&metric, kind, rows)
}

fn total(text: &str, rows: &[MadeUpRow]) -> Result<(), TestCaseError> {
    let text = format!("kind = \"total\"\n{EVENTS}numerator = \"sum(net)\"\n{text}");
    let metric = metric(&text);
    let MetricKind::Total(kind) = &metric.kind else { panic!("a total") };
    check(&metric, kind, rows)
}

fn quantile(text: &str, rows: &[MadeUpRow]) -> Result<(), TestCaseError> {
    let text = format!("kind = \"quantile\"\n{EVENTS}value = \"net\"\n{text}");
    let metric = metric(&text);
    let MetricKind::Quantile(kind) = &metric.kind else { panic!("a quantile") };
    check(&metric, kind, rows)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn a_ratio_is_merged_of_any_rows(rows in rows()) {
        ratio("sum_of_squares = \"sum(score * score)\"\ninterval = \"student_t\"\n", &rows)?;
    }

    #[test]
    fn a_total_is_merged_of_any_rows(rows in rows()) {
        total("sample = \"count(net)\"\n", &rows)?;
    }

    #[test]
    fn a_quantile_is_merged_of_any_rows(rows in rows()) {
        quantile("", &rows)?;
    }

    #[test]
    fn a_state_is_merged_of_any_rows(rows in rows()) {
        let grains = "grains = [\"day\", \"week\", \"month\", \"all\"]\n";
        let metric = metric(&format!("kind = \"state\"\n{INTERVALS}{QUOTIENT}{grains}"));
        let MetricKind::State(kind) = &metric.kind else { panic!("a state") };
        check(&metric, kind, &rows)?;
    }

    #[test]
    fn a_movement_is_merged_of_whole_entities(rows in rows()) {
        let metric = metric(&format!(
            "kind = \"movement\"\n{INTERVALS}entity = \"customer_id\"\n\
             numerator = \"count(*) FILTER (WHERE at_start AND NOT at_end)\"\n\
             denominator = \"count(*) FILTER (WHERE at_start)\"\n"
        ));
        let MetricKind::Movement(kind) = &metric.kind else { panic!("a movement") };
        check(&metric, kind, &by_customer(rows))?;
    }

    #[test]
    fn a_ratio_of_clusters_is_merged_of_whole_clusters(rows in rows_of_many()) {
        let clusters = "cluster = \"customer_id\"\ninterval = \"bootstrap\"\n";
        ratio(clusters, &by_customer(rows))?;
    }

    #[test]
    fn the_newest_are_merged_of_rows_that_agree_in_one_part(rows in rows()) {
        let (rows, latest) = (by_customer(rows), "latest_of = [\"customer_id\"]\n");
        ratio(latest, &rows)?;
        total(latest, &rows)?;
        quantile(latest, &rows)?;
    }
}

/// The first row is not the newest of its customer's, has no value, and is all there is of its part.
#[test]
fn everything_begins_with_a_row_without_a_value() {
    let row = |part, from, net| MadeUpRow {
        customer: u8::try_from(part).unwrap() + 1,
        segment: 1,
        from,
        hours: None,
        net,
        score: None,
        part,
    };
    let rows = [row(0, 3, None), row(1, 700, Some(5)), row(1, 900, Some(7))];
    quantile("latest_of = [\"customer_id\"]\n", &rows).unwrap();
}

fn context_of<'a>(
    metric: &'a Metric,
    session: &'a Session,
    calendar: &'a Calendar,
) -> MeasureContext<'a> {
    MeasureContext { metric, session, calendar, most_segments: usize::MAX }
}
