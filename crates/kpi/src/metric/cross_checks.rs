//! What must agree between metric files.

use std::collections::BTreeSet;

use scorewright_domain::{Fault, Grain, nearest};

use super::definition::Metric;
use super::expression::Expression;
use super::formula::names_in;
use super::kind::{DerivedMetric, GrowthMetric, MetricKind};

/// All metrics of a project, which must agree with each other.
pub(super) struct MetricSet<'a> {
    pub(super) metrics: &'a [Metric],
}

impl MetricSet<'_> {
    pub(super) fn check(&self, metric: &Metric) -> Result<(), Fault> {
        if self.metrics.iter().filter(|other| other.name == metric.name).count() > 1 {
            return Err(metric.fault_anywhere(format!("there is another metric `{}`", metric.name)));
        }
        self.check_minimum_group(metric)?;
        match &metric.kind {
            MetricKind::Derived(DerivedMetric { formula, parameters, .. }) => {
                if let Some((name, _)) = parameters.iter().find(|(_, value)| !value.is_finite()) {
                    return Err(
                        metric.fault_anywhere(format!("parameter `{name}` is not a number"))
                    );
                }
                let parts = self.parts_of(metric, formula, |name| parameters.contains_key(name))?;
                if parts.is_empty() {
                    let message = "the formula names no metric";
                    return Err(metric
                        .fault(formula, message)
                        .help("write arithmetic over names of metrics"));
                }
                parts.iter().try_for_each(|part| agree(metric, formula, part))?;
                agree_in_segments(metric, formula, &parts)?;
                self.check_population(metric, formula)
            }
            MetricKind::Growth(GrowthMetric { of }) => {
                let parts = self.parts_of(metric, of, |_| false)?;
                parts.into_iter().try_for_each(|part| agree(metric, of, part))
            }
            _ => Ok(()),
        }
    }

    /// What one metric hides of the people of a fact, another must not tell.
    fn check_minimum_group(&self, metric: &Metric) -> Result<(), Fault> {
        let of_same_fact = self
            .metrics
            .iter()
            .filter(|other| metric.fact().is_some_and(|fact| other.fact() == Some(fact)));
        let strictest = of_same_fact.max_by_key(|other| other.minimum_group);
        let Some(strictest) = strictest.filter(|other| other.minimum_group > metric.minimum_group)
        else {
            return Ok(());
        };
        let smallest = strictest.minimum_group.unwrap_or_default();
        let message = format!(
            "`{}` shows nothing of fewer than {smallest} people of the same fact, and this metric would",
            strictest.name
        );
        Err(metric.fault_anywhere(message).help(format!(
            "add `minimum_group = {smallest}` here too; only kinds `ratio`, `total` and `quantile` can have it"
        )))
    }

    /// The metrics that an expression names, each once.
    fn parts_of(
        &self,
        metric: &Metric,
        expression: &Expression,
        is_parameter: impl Fn(&str) -> bool,
    ) -> Result<Vec<&Metric>, Fault> {
        let mut parts: Vec<&Metric> = Vec::new();
        for (_, name) in
            names_in(&expression.text).into_iter().filter(|(_, name)| !is_parameter(name))
        {
            let part = self.metrics.iter().find(|other| other.name == name);
            let part = part.ok_or_else(|| self.unknown(metric, expression, name))?;
            if !parts.iter().any(|known| known.name == part.name) {
                parts.push(part);
            }
        }
        Ok(parts)
    }

    fn unknown(&self, metric: &Metric, expression: &Expression, name: &str) -> Fault {
        let known: Vec<&str> = self.metrics.iter().map(|metric| metric.name.as_str()).collect();
        let position = metric.file.text[expression.span.clone()].find(name);
        let start = expression.span.start + position.unwrap_or_default();
        let span =
            if position.is_some() { start..start + name.len() } else { expression.span.clone() };
        let fault = metric.file.fault(Some(span), format!("there is no metric `{name}`"));
        match nearest(name, &known) {
            Some(near) => fault.help(format!("did you mean `{near}`?")),
            None => fault.help("add its file, or put the number under [parameters]"),
        }
    }

    /// Positions in an order in which every part comes before what it is part of.
    pub(super) fn order(&self) -> Result<Vec<usize>, Fault> {
        let mut placed: BTreeSet<&str> = BTreeSet::new();
        let mut order = Vec::new();
        while order.len() < self.metrics.len() {
            let ready = self.metrics.iter().enumerate().find(|(_, metric)| {
                let parts = metric.parts();
                !placed.contains(metric.name.as_str())
                    && parts.iter().all(|name| placed.contains(name) || !self.is_known(name))
            });
            let (index, metric) = ready.ok_or_else(|| self.circle(&placed))?;
            placed.insert(&metric.name);
            order.push(index);
        }
        Ok(order)
    }

    fn is_known(&self, name: &str) -> bool {
        self.metrics.iter().any(|metric| metric.name == name)
    }

    fn circle(&self, placed: &BTreeSet<&str>) -> Fault {
        let left: Vec<&Metric> =
            self.metrics.iter().filter(|metric| !placed.contains(metric.name.as_str())).collect();
        let names: Vec<String> = left.iter().map(|metric| format!("`{}`", metric.name)).collect();
        let message =
            format!("metrics are computed from each other in a circle: {}", names.join(", "));
        let first = left.first().expect("a circle has metrics");
        match first.kind.expressions().first() {
            Some(at) => first.fault(at, message),
            None => first.fault_anywhere(message),
        }
    }
}

/// A metric made of others needs them for its own segments and periods, as one figure each.
fn agree(metric: &Metric, at: &Expression, part: &Metric) -> Result<(), Fault> {
    if part.statistics() != ["value"] {
        let message = format!("`{}` has several figures, a formula needs one", part.name);
        return Err(metric.fault(at, message));
    }
    let has = |dimension: &Expression| part.by.iter().any(|other| other.text == dimension.text);
    if let Some(missing) = metric.by.iter().find(|dimension| !has(dimension)) {
        let message = format!("`{}` is not stated by `{}`", part.name, missing.text);
        return Err(metric
            .fault(missing, message)
            .help(format!("add it to `by` in `{}`", part.path())));
    }
    match metric.grains.iter().find(|grain| !part.grains.contains(grain)) {
        None => Ok(()),
        Some(grain) => {
            let message = format!("`{}` is not stated by {}", part.name, Grain::name(*grain));
            Err(metric.fault(at, message).help(format!("add it to `grains` in `{}`", part.path())))
        }
    }
}

/// Parts must mean the same by the others of a dimension.
fn agree_in_segments(metric: &Metric, at: &Expression, parts: &[&Metric]) -> Result<(), Fault> {
    let differ = |one: &&Metric, other: &&Metric| {
        let named = |part: &Metric, by: &Expression| part.segments.get(&by.text).cloned();
        metric.by.iter().any(|by| named(one, by) != named(other, by))
    };
    let Some((first, rest)) = parts.split_first() else { return Ok(()) };
    match rest.iter().find(|other| differ(first, other)) {
        None => Ok(()),
        Some(other) => {
            let message =
                format!("`{}` and `{}` state other segments by name", first.name, other.name);
            Err(metric.fault(at, message).help("give both the same `segments`"))
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::metric::read_metrics;
    use miette::Diagnostic;
    use scorewright_domain::ProjectFile;

    const TOTAL: &str = r#"title = "Revenue"
says = "Revenue"
unit = "money"
direction = "higher_is_better"
kind = "total"
fact = "fact.order"
time = "ordered_at"
numerator = "sum(net)"
by = ["segment"]
"#;

    fn derived(formula: &str) -> String {
        format!(
            "title = \"A\"\nsays = \"A\"\nunit = \"money\"\ndirection = \"higher_is_better\"\nkind = \"derived\"\nformula = \"{formula}\"\n"
        )
    }

    fn file(name: &str, text: &str) -> ProjectFile {
        ProjectFile::new(format!("pipelines/metrics/{name}.toml"), text)
    }

    fn refused(files: &[ProjectFile]) -> (String, String) {
        let faults = read_metrics(files).unwrap_err();
        (faults.to_string(), faults.help().map(|help| help.to_string()).unwrap_or_default())
    }

    #[test]
    fn parts_come_before_what_is_made_of_them() {
        let files = [
            file("a", &derived("b * 2")),
            file("b", &derived("revenue / 3")),
            file("revenue", TOTAL),
        ];
        let names: Vec<String> =
            read_metrics(&files).unwrap().into_iter().map(|metric| metric.name).collect();
        assert_eq!(names, ["revenue", "b", "a"]);
    }

    #[test]
    fn a_formula_over_an_unknown_metric_names_the_nearest() {
        let text = derived("revenu * 3");
        let faults = read_metrics(&[file("clv", &text), file("revenue", TOTAL)]).unwrap_err();
        assert_eq!(faults.to_string(), "there is no metric `revenu`");
        assert_eq!(faults.help().unwrap().to_string(), "did you mean `revenue`?");
        let label = faults.labels().unwrap().next().unwrap();
        assert_eq!(&text[label.offset()..label.offset() + label.len()], "revenu");
    }

    #[test]
    fn metrics_made_of_each_other_are_named() {
        let (message, _) = refused(&[file("a", &derived("b")), file("b", &derived("a"))]);
        assert_eq!(message, "metrics are computed from each other in a circle: `a`, `b`");
    }

    #[test]
    fn a_part_must_be_stated_for_the_same_segments_and_periods() {
        let by = format!("{}by = [\"segment\", \"plan\"]\n", derived("revenue"));
        let (message, help) = refused(&[file("a", &by), file("revenue", TOTAL)]);
        assert_eq!(message, "`revenue` is not stated by `plan`");
        assert_eq!(help, "add it to `by` in `pipelines/metrics/revenue.toml`");
        let grains = format!("{}grains = [\"year\"]\n", derived("revenue"));
        assert_eq!(
            refused(&[file("a", &grains), file("revenue", TOTAL)]).0,
            "`revenue` is not stated by year"
        );
    }

    #[test]
    fn parts_must_mean_the_same_by_the_others() {
        let named = format!("{TOTAL}segments = {{ segment = [\"S\"] }}\n");
        let by = format!("{}by = [\"segment\"]\n", derived("revenue / orders"));
        let files =
            |orders: &str| [file("a", &by), file("orders", orders), file("revenue", &named)];
        let (message, help) = refused(&files(TOTAL));
        assert_eq!(message, "`revenue` and `orders` state other segments by name");
        assert_eq!(help, "give both the same `segments`");
        assert!(read_metrics(&files(&named)).is_ok());
    }

    #[test]
    fn all_faults_are_reported_at_once() {
        let broken = TOTAL.replace("numerator", "numerater");
        let faults = read_metrics(&[file("a", &broken), file("b", &broken)]).unwrap_err();
        assert_eq!(faults.to_string(), "2 faults in files of the project");
        assert_eq!(faults.all().len(), 2);
    }
}
