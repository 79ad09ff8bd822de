//! Figures that cannot be, and sums that must not be made.

use jiff::civil::date;
use scorewright_domain::{KpiValue, NullReason, ProjectFile};
use scorewright_warehouse::Session;

use super::{FormerValues, measure};
use crate::calendar::Calendar;
use crate::coverage::MetricCoverage;
use crate::metric::read_metrics;

const INVOICES: &str =
    "invoice_id,region,paid_at:timestamp,currency,net:decimal,open:decimal,left_out
i1,EU,2026-11-02T10:00:00Z,EUR,100.00,30.00,
i2,EU,2026-11-03T10:00:00Z,EUR,50.00,90.00,
i3,US,2026-11-03T10:00:00Z,USD,80.00,20.00,
i4,US,2026-11-04T10:00:00Z,JPY,16000.00,0.00,spam
";

fn measured(unit: &str, kind: &str) -> Vec<KpiValue> {
    let text = format!(
        "title = 'A'\nsays = 'A'\nunit = '{unit}'\ndirection = 'neutral'\nfact = 'fact.invoice'\ngrains = ['week']\n{kind}"
    );
    let metrics = read_metrics(&[ProjectFile::new("pipelines/metrics/a.toml", text)]).unwrap();
    let session = Session::without_data().unwrap();
    session.add_fixture(&"fact.invoice".parse().unwrap(), INVOICES).unwrap();
    let coverage = MetricCoverage::whole(Calendar::new(date(2026, 11, 9), "UTC").unwrap());
    measure(&metrics, &session, &coverage, usize::MAX, &FormerValues::default()).unwrap().values
}

/// The value of everybody, or why there is none.
fn value(unit: &str, kind: &str) -> Result<f64, NullReason> {
    let value = measured(unit, kind).into_iter().find(|value| value.segment.is_total()).unwrap();
    value.value.ok_or_else(|| value.null_reason.unwrap())
}

const REVENUE: &str = "kind = 'total'\ntime = 'paid_at'\nnumerator = 'sum(net)'\n";
const OPEN: &str = "kind = 'ratio'\ntime = 'paid_at'\nnumerator = 'sum(open)'\ndenominator = 'sum(net)'\nsample = 'count(*)'\n";
const EUR: &str = "filter = \"currency = 'EUR'\"\n";

#[test]
fn amounts_of_several_currencies_are_not_added_up() {
    assert_eq!(value("money", REVENUE), Err(NullReason::MixedCurrencies));
    assert_eq!(value("share", OPEN), Err(NullReason::MixedCurrencies));
    let median = "kind = 'quantile'\ntime = 'paid_at'\nvalue = 'net'\nstatistics = ['median']\n";
    assert_eq!(
        value("money", &median.replace("'net'", "'CAST(net AS BIGINT)'")),
        Err(NullReason::MixedCurrencies)
    );
    let state = "kind = 'state'\nfrom = 'paid_at'\nuntil = 'CAST(NULL AS TIMESTAMP)'\nnumerator = 'sum(net)'\n";
    assert_eq!(value("money", state), Err(NullReason::MixedCurrencies));
    let of_region = measured("money", &format!("{REVENUE}by = ['region']\n"));
    assert!(of_region.iter().all(|value| value.value.is_none() && value.numerator.is_none()));
}

#[test]
fn amounts_of_one_currency_are_and_rows_are_always_counted() {
    assert_eq!(value("money", &format!("{REVENUE}{EUR}")), Ok(150.0));
    let counted = "kind = 'total'\ntime = 'paid_at'\nnumerator = 'count(*)'\n";
    assert_eq!(value("count", counted), Ok(3.0));
    let share = "kind = 'ratio'\ntime = 'paid_at'\nnumerator = \"count(*) FILTER (WHERE net > 90)\"\ndenominator = 'count(*)'\n";
    assert_eq!(value("share", share), Ok(1.0 / 3.0));
}

#[test]
fn what_is_left_out_adds_no_currency() {
    let dollars = "filter = \"region = 'US'\"\n";
    assert_eq!(value("money", &format!("{REVENUE}{dollars}")), Ok(80.0));
    let all = format!("{REVENUE}{dollars}include_left_out = true\n");
    assert_eq!(value("money", &all), Err(NullReason::MixedCurrencies));
}

#[test]
fn a_share_of_more_than_all_is_no_figure_and_keeps_what_it_is_made_of() {
    let share = format!("{OPEN}filter = \"invoice_id = 'i2'\"\n");
    let value = measured("share", &share).remove(0);
    assert_eq!((value.value, value.null_reason), (None, Some(NullReason::OutsideUnit)));
    assert_eq!((value.numerator, value.denominator, value.n), (Some(90.0), Some(50.0), Some(1)));
    let ratio = measured("ratio", &share).remove(0);
    assert_eq!(ratio.value, Some(1.8));
}
