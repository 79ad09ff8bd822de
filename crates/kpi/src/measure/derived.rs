//! Arithmetic on metrics already measured.

use std::collections::{BTreeMap, BTreeSet};

use scorewright_domain::{Fault, KpiValue, NullReason, SqlName};

use scorewright_warehouse::quotients;

use super::cells::GridKey;
use super::context::MeasureContext;
use super::grid::periods_per_year;
use super::kind::DerivedKind;
use super::measurement::Measurement;
use super::part_values::{PartValues, measured_part};
use crate::metric::{DerivedMetric, Metric, names_in};
use crate::sql::Sql;

/// Rows of numbers in one query.
const ROWS_AT_ONCE: usize = 500;

impl DerivedKind for DerivedMetric {
    /// Measures a derived metric from the values of its parts.
    fn measure(
        &self,
        context: &MeasureContext,
        metrics: &[Metric],
        values: &[KpiValue],
    ) -> Result<Vec<KpiValue>, Fault> {
        let names = part_names(context, self, metrics)?;
        let parts = PartValues::of(values, &names);
        let keys: Vec<GridKey> = parts.keys(context.metric).into_iter().collect();
        let of_name = |name: &&str| metrics.iter().find(|metric| metric.name == *name);
        let made_of: Vec<&Metric> = names.iter().filter_map(of_name).collect();
        let inputs: Vec<Option<Vec<f64>>> =
            keys.iter().map(|key| inputs(&parts, &made_of, key)).collect();
        let results = evaluate(context, self, &names, &inputs)?;
        let counted = counted_parts(self, &names);
        let all = keys.into_iter().zip(inputs).enumerate().map(|(row, (key, inputs))| {
            let scale = if self.per_year { periods_per_year(key.0) } else { 1.0 };
            let figure = match (inputs, results.get(&(row as u64))) {
                (None, _) => Measurement::missing(NullReason::MissingPart),
                (Some(_), None) => Measurement {
                    n: observations(&parts, &counted, &key),
                    ..Measurement::missing(NullReason::EmptyDenominator)
                },
                (Some(_), Some(result)) => {
                    Measurement::exact(result * scale, observations(&parts, &counted, &key))
                }
            };
            figure.into_value(context, "value", key)
        });
        Ok(all.collect())
    }
}

/// Names of the parts in the formula, each once, sorted.
fn part_names<'a>(
    context: &MeasureContext,
    derived: &'a DerivedMetric,
    metrics: &[Metric],
) -> Result<Vec<&'a str>, Fault> {
    let formula = &derived.formula;
    let words: BTreeSet<&str> = names_in(&formula.text).into_iter().map(|(_, name)| name).collect();
    let parts = words.into_iter().filter(|name| !derived.parameters.contains_key(*name));
    parts.map(|name| measured_part(context, formula, name, metrics)).collect()
}

/// The values of all parts; none when one is missing.
fn inputs(parts: &PartValues, made_of: &[&Metric], key: &GridKey) -> Option<Vec<f64>> {
    made_of.iter().map(|part| parts.number(part, key)).collect()
}

/// The parts whose observations are those of the figure: what the outermost quotient divides by, else all.
fn counted_parts<'a>(derived: &DerivedMetric, names: &[&'a str]) -> Vec<&'a str> {
    let outermost = quotients(&derived.formula.text).into_iter().next();
    let under = outermost.map(|quotient| quotient.under).unwrap_or_default();
    let counted: Vec<&str> = names.iter().copied().filter(|name| under.contains(*name)).collect();
    if counted.is_empty() { names.to_vec() } else { counted }
}

/// The fewest observations behind any of some parts.
fn observations(parts: &PartValues, names: &[&str], key: &GridKey) -> u64 {
    let parts = names.iter().filter_map(|name| parts.get(name, key));
    parts.filter_map(|part| part.n).min().unwrap_or_default()
}

/// The engine's answer to the formula for each row whose parts are all there; none where it gives no number.
fn evaluate(
    context: &MeasureContext,
    derived: &DerivedMetric,
    names: &[&str],
    inputs: &[Option<Vec<f64>>],
) -> Result<BTreeMap<u64, f64>, Fault> {
    let rows = inputs.iter().enumerate();
    let rows: Vec<String> =
        rows.filter_map(|(row, inputs)| Some(row_sql(row, inputs.as_ref()?))).collect();
    let mut results = BTreeMap::new();
    for some in rows.chunks(ROWS_AT_ONCE) {
        let answer = context.query(&formula_sql(derived, names, some))?;
        for row in answer.rows() {
            if let Some(value) = row.cell("_value")?.as_f64() {
                results.insert(row.count("_row")?, value);
            }
        }
    }
    Ok(results)
}

fn row_sql(row: usize, inputs: &[f64]) -> String {
    let numbers: Vec<String> = inputs.iter().map(|number| format!("{number:e}")).collect();
    format!("({row}, {})", numbers.join(", "))
}

fn formula_sql(derived: &DerivedMetric, names: &[&str], rows: &[String]) -> Sql {
    let mut sql = Sql::new();
    sql.add("SELECT \"_row\", CAST((").expression(&derived.formula);
    sql.add(") AS DOUBLE) AS \"_value\"\nFROM (SELECT column1 AS \"_row\"");
    for (at, name) in names.iter().enumerate() {
        sql.add(format!(", column{} AS {}", at + 2, SqlName(name)));
    }
    for (name, number) in &derived.parameters {
        sql.add(format!(", {number:e} AS {}", SqlName(name)));
    }
    sql.add("\nFROM (VALUES ").list(rows).add("))");
    sql
}
