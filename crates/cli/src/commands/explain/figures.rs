//! The figure that is explained, and how it was judged.

use scorewright_domain::{Comparison, KpiValue, Period, Segment, Standing, Target, TestedChange};
use scorewright_kpi::Metric;
use scorewright_report::figure_words;

use crate::arguments::ExplainOptions;
use crate::exit::Failure;

/// The values asked for, with what each is made of.
pub(super) fn figures(
    values: &[KpiValue],
    metric: &Metric,
    period: Period,
    segment: &Segment,
    options: &ExplainOptions,
    currency: &str,
) -> Result<String, Failure> {
    let is_asked = |value: &&KpiValue| {
        let is_statistic =
            options.statistic.as_deref().is_none_or(|asked| value.statistic == asked);
        value.metric == metric.name
            && value.period == period
            && value.segment == *segment
            && is_statistic
    };
    let mut found: Vec<&KpiValue> = values.iter().filter(is_asked).collect();
    if found.is_empty() {
        let message =
            format!("`{}` has no value for {} and {segment}", metric.name, period.label());
        let sql = format!(
            "scorewright query \"SELECT DISTINCT period, dimension, segment FROM kpi.value WHERE metric = '{}'\"",
            metric.name
        );
        return Err(Failure::usage(message, format!("see what it is measured for: {sql}")));
    }
    let place = |value: &&KpiValue| {
        let statistics = metric.statistics();
        let at = statistics.iter().position(|statistic| *statistic == value.statistic);
        at.unwrap_or(statistics.len())
    };
    found.sort_by_key(place);
    Ok(found.iter().map(|value| figure(value, metric, currency)).collect())
}

/// What a figure is, as its unit is shown too, and what it is made of.
pub(super) fn figure(value: &KpiValue, metric: &Metric, currency: &str) -> String {
    let words = |number: f64| {
        // Other statistics, such as the parameters of a model, are in no unit.
        let is_figure = metric.statistics().contains(&value.statistic.as_str());
        is_figure.then(|| figure_words(currency, metric.unit, number))
    };
    let in_words = |number: Option<f64>| {
        let plain = number_or_none(number);
        match number.and_then(words).filter(|words| *words != plain) {
            Some(words) => format!("{plain} ({words})"),
            None => plain,
        }
    };
    let mut text = format!("\n{} of {} for {}\n", value.statistic, value.period, value.segment);
    match value.null_reason {
        Some(reason) => text += &format!("  no value: {}\n", reason.words()),
        None => text += &format!("  value {}\n", in_words(value.value)),
    }
    let count = value.n.map_or_else(|| "none".into(), |n| n.to_string());
    text += &match (value.numerator, value.denominator) {
        (None, None) => format!("  n {count}\n"),
        (top, bottom) => format!(
            "  numerator {}, denominator {}, n {count}\n",
            number_or_none(top),
            number_or_none(bottom)
        ),
    };
    let interval = match (value.low, value.high) {
        (None, None) => "  no interval\n".to_owned(),
        (low, high) => format!(
            "  95 % interval {} to {}, {}\n",
            in_words(low),
            in_words(high),
            value.interval.name()
        ),
    };
    text + &interval + &value.tested_change.as_ref().map(tested).unwrap_or_default()
}

fn number_or_none(number: Option<f64>) -> String {
    number.map_or_else(|| "none".into(), |number| number.to_string())
}

/// What was judged of the figures when the version was made; nothing of a period that was not judged.
pub(super) fn verdicts(
    standings: &[Standing],
    metric: &Metric,
    period: Period,
    segment: &Segment,
    options: &ExplainOptions,
) -> String {
    let is_asked = |standing: &&Standing| {
        let current = &standing.current;
        let asked = options.statistic.as_deref();
        current.metric == metric.name
            && current.period == period
            && current.segment == *segment
            && asked.is_none_or(|asked| current.statistic == asked)
    };
    standings.iter().filter(is_asked).map(verdict).collect()
}

fn verdict(standing: &Standing) -> String {
    let current = &standing.current;
    let mut text = format!("\n{} judged: {}\n", current.statistic, standing.status.words());
    if let Some(Target { value, owner, from, .. }) = &standing.target {
        let gap = rounded(standing.gap);
        text += &format!("  target {value} from {from}, {owner}; gap {gap}\n");
    }
    let Comparison { previous, change, .. } = &standing.comparison;
    let (previous, change) = (rounded(*previous), rounded(*change));
    let evidence = standing.evidence.words();
    text + &format!("  previous {previous}, change {change}: {evidence}\n")
}

fn tested(change: &TestedChange) -> String {
    let [low, high, error, probability] =
        [change.interval.0, change.interval.1, change.standard_error, change.probability]
            .map(|number| rounded(Some(number)));
    let test = change.test.name();
    format!(
        "  change from the period before: 95 % interval {low} to {high}, standard error {error}, p {probability} ({test})\n"
    )
}

/// Six digits of a number: `kpi.standing` has all of them.
fn rounded(number: Option<f64>) -> String {
    let short = |number: f64| format!("{number:.5e}").parse().unwrap_or(number);
    number_or_none(number.map(short))
}
