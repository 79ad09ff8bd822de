//! Metrics made of metrics: arithmetic on values already measured.

use std::collections::{BTreeMap, BTreeSet};

use scorewright_domain::{Fault, Grain, KpiValue, NullReason, Period, Segment, SqlName};

use crate::measure::Bench;
use crate::measure::cells::{Found, value};
use crate::measure::ratio::years_in;
use crate::metric::{Expression, Kind, Metric, names_in};
use crate::sql::Sql;

/// Values of the parts, by name, period and segment.
struct Parts<'a> {
    by_place: BTreeMap<(&'a str, Period, &'a Segment), &'a KpiValue>,
}

/// Measures a derived or growth metric from the values of its parts.
pub(super) fn measure(
    bench: &Bench,
    metrics: &[Metric],
    values: &[KpiValue],
) -> Result<Vec<KpiValue>, Fault> {
    let names: Vec<&str> = metrics.iter().map(|metric| metric.name.as_str()).collect();
    match &bench.metric.kind {
        Kind::Growth { of } => {
            let part = known(bench, of, of.text.trim(), &names)?;
            Ok(growth(bench, &Parts::of(values, &[part]), part))
        }
        Kind::Derived { formula, parameters, per_year } => {
            let words: BTreeSet<&str> =
                names_in(&formula.text).into_iter().map(|(_, name)| name).collect();
            let parts = words.into_iter().filter(|name| !parameters.contains_key(*name));
            let parts: Vec<&str> =
                parts.map(|name| known(bench, formula, name, &names)).collect::<Result<_, _>>()?;
            derived(bench, &Parts::of(values, &parts), &parts, formula, parameters, *per_year)
        }
        _ => Ok(Vec::new()),
    }
}

fn known<'a>(
    bench: &Bench,
    at: &Expression,
    name: &'a str,
    names: &[&str],
) -> Result<&'a str, Fault> {
    if names.contains(&name) {
        return Ok(name);
    }
    Err(bench.metric.fault(at, format!("metric `{name}` is not measured together with this one")))
}

impl<'a> Parts<'a> {
    fn of(values: &'a [KpiValue], names: &[&str]) -> Self {
        let wanted = values.iter().filter(|value| names.contains(&value.metric.as_str()));
        Self {
            by_place: wanted
                .map(|value| ((value.metric.as_str(), value.period, &value.segment), value))
                .collect(),
        }
    }

    fn get(&self, name: &str, (period, segment): &(Period, Segment)) -> Option<&'a KpiValue> {
        self.by_place.get(&(name, *period, segment)).copied()
    }

    /// The periods and segments of the parts that the metric is stated for.
    fn places(&self, metric: &Metric) -> BTreeSet<(Period, Segment)> {
        let is_stated = |period: &Period, segment: &Segment| {
            let is_dimension =
                metric.by.iter().any(|dimension| dimension.text == segment.dimension);
            metric.grains.contains(&period.grain) && (segment.is_total() || is_dimension)
        };
        let all = self.by_place.keys().filter(|(_, period, segment)| is_stated(period, segment));
        all.map(|(_, period, segment)| (*period, (*segment).clone())).collect()
    }
}

/// The first period with rows is no base: nothing says that its days were all delivered.
fn growth(bench: &Bench, parts: &Parts, part: &str) -> Vec<KpiValue> {
    let places = parts.places(bench.metric);
    let mut first: BTreeMap<Grain, Period> = BTreeMap::new();
    for (period, _) in &places {
        let known = first.entry(period.grain).or_insert(*period);
        *known = (*known).min(*period);
    }
    let all = places.into_iter().map(|place| {
        let now = parts.get(part, &place);
        let earlier = place.0.a_year_earlier();
        let is_whole = first.get(&place.0.grain) != Some(&earlier);
        let base = parts.get(part, &(earlier, place.1.clone())).filter(|_| is_whole);
        let found = grown(now, base);
        value(bench.metric, bench.calendar, "value", place, found)
    });
    all.collect()
}

fn grown(now: Option<&KpiValue>, base: Option<&KpiValue>) -> Found {
    let n = now.map_or(0, |now| now.n);
    let (now, base) = (now.and_then(|now| now.value), base.and_then(|base| base.value));
    let value = match (now, base) {
        (None, _) => Err(NullReason::MissingPart),
        (_, None) => Err(NullReason::NoBase),
        (_, Some(0.0)) => Err(NullReason::EmptyDenominator),
        (Some(now), Some(base)) => Ok(now / base - 1.0),
    };
    Found { numerator: now, denominator: base, n, value, interval: None, method: "none" }
}

fn derived(
    bench: &Bench,
    parts: &Parts,
    names: &[&str],
    formula: &Expression,
    parameters: &BTreeMap<String, f64>,
    per_year: bool,
) -> Result<Vec<KpiValue>, Fault> {
    let places: Vec<(Period, Segment)> = parts.places(bench.metric).into_iter().collect();
    let inputs: Vec<Option<Vec<f64>>> = places
        .iter()
        .map(|place| {
            names.iter().map(|name| parts.get(name, place).and_then(|part| part.value)).collect()
        })
        .collect();
    let results = evaluate(bench, names, &inputs, formula, parameters)?;
    let all = places.into_iter().zip(inputs).enumerate().map(|(row, (place, inputs))| {
        let n = names.iter().filter_map(|name| parts.get(name, &place)).map(|part| part.n).min();
        let scale = if per_year { years_in(place.0) } else { 1.0 };
        let result = results.get(&row).copied().map(|result| result * scale);
        let found = match inputs {
            None => Found::nothing(NullReason::MissingPart),
            Some(_) => Found {
                value: result.ok_or(NullReason::EmptyDenominator),
                ..Found::exactly(0.0, n.unwrap_or_default())
            },
        };
        value(bench.metric, bench.calendar, "value", place, found)
    });
    Ok(all.collect())
}

/// The engine's answer to the formula for each row whose parts are all there.
fn evaluate(
    bench: &Bench,
    names: &[&str],
    inputs: &[Option<Vec<f64>>],
    formula: &Expression,
    parameters: &BTreeMap<String, f64>,
) -> Result<BTreeMap<usize, f64>, Fault> {
    let rows: Vec<String> = inputs
        .iter()
        .enumerate()
        .filter_map(|(row, inputs)| {
            let numbers: Vec<String> =
                inputs.as_ref()?.iter().map(|number| format!("{number:e}")).collect();
            Some(format!("({row}, {})", numbers.join(", ")))
        })
        .collect();
    let mut results = BTreeMap::new();
    for some in rows.chunks(500) {
        let answer = bench.query(&formula_sql(names, some, formula, parameters))?;
        for row in &answer.rows {
            let at = row[0].as_u64().and_then(|at| usize::try_from(at).ok());
            results.extend(at.zip(row[1].as_f64()));
        }
    }
    Ok(results)
}

fn formula_sql(
    names: &[&str],
    rows: &[String],
    formula: &Expression,
    parameters: &BTreeMap<String, f64>,
) -> Sql {
    let mut sql = Sql::new();
    sql.add("SELECT \"_row\", CAST((").expression(formula);
    sql.add(") AS DOUBLE) AS \"_value\"\nFROM (SELECT column1 AS \"_row\"");
    for (at, name) in names.iter().enumerate() {
        sql.add(format!(", column{} AS {}", at + 2, SqlName(name)));
    }
    for (name, number) in parameters {
        sql.add(format!(", {number:e} AS {}", SqlName(name)));
    }
    sql.add("\nFROM (VALUES ").list(rows).add("))");
    sql
}
