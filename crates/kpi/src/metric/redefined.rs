//! Metrics that changed without saying so.

use scorewright_domain::Fault;

use super::definition::Metric;

/// Faults of metrics that are computed otherwise than before under the same version: the trend would break unseen.
///
/// - `before`: the metrics of a version, whose figures were published.
pub fn redefined_metrics(metrics: &[Metric], before: &[Metric]) -> Vec<Fault> {
    let former = |metric: &Metric| before.iter().find(|other| other.name == metric.name);
    metrics.iter().filter_map(|metric| redefined(metric, former(metric)?)).collect()
}

fn redefined(metric: &Metric, before: &Metric) -> Option<Fault> {
    let is_same = (metric.kind.name(), metric.unit) == (before.kind.name(), before.unit)
        && metric.definition_parts() == before.definition_parts();
    if is_same || metric.version != before.version {
        return None;
    }
    let (name, version) = (&metric.name, metric.version);
    let message =
        format!("`{name}` is computed otherwise than before, and is still version {version}");
    let fault = metric.file.fault(span(metric, before), message);
    Some(fault.help(format!(
        "write `version = {}`: readers are told that the trend breaks there",
        version + 1
    )))
}

/// The first part that changed, or the key of the version.
fn span(metric: &Metric, before: &Metric) -> Option<std::ops::Range<usize>> {
    let is_former = |text: &str| before.kind.expressions().iter().any(|other| other.text == text);
    let changed = metric.kind.expressions().into_iter().find(|part| !is_former(&part.text));
    changed.map(|part| part.span.clone()).or_else(|| metric.file.find("version"))
}

#[cfg(test)]
mod tests {
    use scorewright_domain::ProjectFile;

    use super::*;
    use crate::metric::read_metrics;

    const NPS: &str = "title = 'NPS'\nsays = 'NPS'\nunit = 'points'\ndirection = 'higher_is_better'\n\
        kind = 'ratio'\nfact = 'fact.answer'\ntime = 'at'\nnumerator = 'sum(a)'\ndenominator = 'count(a)'\n\
        sum_of_squares = 'sum(a * a)'\nscale = 100\n";

    fn told(text: &str) -> Vec<String> {
        let read = |text: &str| {
            read_metrics(&[ProjectFile::new("pipelines/metrics/nps.toml", text)]).unwrap()
        };
        let faults = redefined_metrics(&read(text), &read(NPS));
        faults.iter().map(|fault| format!("{}: {}", fault.position(), fault.message())).collect()
    }

    #[test]
    fn another_formula_needs_another_version() {
        let slip = "`nps` is computed otherwise than before, and is still version 1";
        let numerator = NPS.replace("sum(a)'", "sum(b)'");
        assert_eq!(told(&numerator), [format!("pipelines/metrics/nps.toml:8: {slip}")]);
        assert_eq!(
            told(&NPS.replace("100", "50")),
            [format!("pipelines/metrics/nps.toml: {slip}")]
        );
        assert!(told(&format!("version = 2\n{numerator}")).is_empty());
        let words = NPS.replace("says = 'NPS'", "says = 'Net promoter score'\nminimum_sample = 50");
        assert!(told(&words).is_empty(), "words and bounds change no figure");
    }
}
