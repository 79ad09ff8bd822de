//! What is said of figures that are refused.

use std::collections::BTreeMap;

use scorewright_domain::{KpiValue, NullReason};

/// Says of each metric with figures that cannot be, or that would add up amounts of several currencies, what to do.
pub(crate) fn messages(values: &[KpiValue]) -> Vec<String> {
    let mut refused: BTreeMap<(&str, &str), Vec<&KpiValue>> = BTreeMap::new();
    for value in values {
        if let Some(reason @ (NullReason::OutsideUnit | NullReason::MixedCurrencies)) =
            value.null_reason
        {
            refused.entry((&value.metric, reason.name())).or_default().push(value);
        }
    }
    let message = |((metric, _), values): (_, Vec<&KpiValue>)| match values[0].null_reason {
        Some(NullReason::OutsideUnit) => outside_unit(metric, &values),
        _ => format!(
            "{metric}: the rows it counts have amounts of several currencies, which are not added up; convert them in a model at the \
             rates of a seed, give those of the others a reason in `left_out`, or name one in `filter`"
        ),
    };
    refused.into_iter().map(message).collect()
}

fn outside_unit(metric: &str, values: &[&KpiValue]) -> String {
    // A figure of everybody is the better example.
    let example = values.iter().find(|value| value.segment.is_total()).unwrap_or(&values[0]);
    let part = |number: Option<f64>| number.map_or("?".to_owned(), |number| number.to_string());
    let segment = if example.segment.is_total() { "" } else { " --segment D=V" };
    let of = match &example.segment {
        total if total.is_total() => format!("of {}", example.period.label()),
        segment => format!("of {} in one `{}`", example.period.label(), segment.dimension),
    };
    let period = example.period.label();
    let counted = match values.len() {
        1 => "1 figure is".to_owned(),
        count => format!("{count} figures are"),
    };
    format!(
        "{metric}: {counted} not possible in its unit, such as {} over {} {of}, and not shown: let `numerator` count \
         among what `denominator` counts; `scorewright explain {metric} --period {period}{segment}` lists the rows",
        part(example.numerator),
        part(example.denominator),
    )
}
