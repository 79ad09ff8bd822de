//! Which interval a metric has, and what its sample must count for that.

use scorewright_domain::{Fault, Unit};
use scorewright_warehouse::counts_rows;

use super::expression::Expression;
use super::interval_choice::IntervalChoice;
use super::kind::{MetricKind, MovementMetric, RatioMetric, StateMetric};
use super::reader::MetricFileReader;

impl MetricFileReader<'_> {
    /// Money is no sample: what stands for `n` must count observations, or be said to.
    pub(super) fn check_sample(&self, kind: &MetricKind) -> Result<(), Fault> {
        let bottom = match kind {
            MetricKind::Ratio(RatioMetric { denominator, sample: None, .. })
            | MetricKind::Movement(MovementMetric {
                denominator: Some(denominator),
                sample: None,
                ..
            })
            | MetricKind::State(StateMetric {
                denominator: Some(denominator), sample: None, ..
            }) if !counts_rows(&denominator.text) => denominator,
            _ => return Ok(()),
        };
        let message = "`denominator` does not count rows, so the metric must say what its `n` is";
        let fault = self.file.fault(Some(bottom.span.clone()), message);
        Err(fault.help(format!(
            "add `sample = \"count(*)\"`, or `sample = \"{}\"` where each unit of it is an observation, as the messages \
             that a campaign delivered are",
            bottom.text
        )))
    }

    pub(super) fn interval(&self, kind: &MetricKind) -> Result<IntervalChoice, Fault> {
        let Some(written) = &self.raw.interval else {
            return Ok(self.usual_interval(kind));
        };
        let choice = *written.get_ref();
        match why_not(choice, kind) {
            Some(why) => Err(self.file.fault(Some(written.span()), why)),
            None => Ok(choice),
        }
    }

    fn usual_interval(&self, kind: &MetricKind) -> IntervalChoice {
        let unit = *self.raw.unit.get_ref();
        let fits = |choice| why_not(choice, kind).is_none();
        match kind {
            MetricKind::Quantile(_) => IntervalChoice::OrderStatistics,
            MetricKind::Survival(_) => IntervalChoice::Greenwood,
            _ if unit == Unit::Share && fits(IntervalChoice::Wilson) => IntervalChoice::Wilson,
            _ if matches!(unit, Unit::Share | Unit::Ratio) && fits(IntervalChoice::Bootstrap) => {
                IntervalChoice::Bootstrap
            }
            _ => IntervalChoice::None,
        }
    }
}

/// Why an interval method does not fit a kind, in words.
fn why_not(choice: IntervalChoice, kind: &MetricKind) -> Option<String> {
    let fits = match (choice, kind) {
        (IntervalChoice::None, _)
        | (IntervalChoice::OrderStatistics, MetricKind::Quantile(_))
        | (IntervalChoice::Greenwood, MetricKind::Survival(_)) => true,
        (IntervalChoice::Wilson, MetricKind::Movement(movement)) => {
            let bottom = movement.denominator.as_ref();
            counts_rows(&movement.numerator.text)
                && bottom.is_some_and(|bottom| counts_rows(&bottom.text))
        }
        (IntervalChoice::Wilson, MetricKind::Ratio(ratio)) => {
            let is_plain = (ratio.scale - 1.0).abs() < f64::EPSILON && !ratio.per_year;
            is_plain && counts(ratio, &ratio.numerator) && counts(ratio, &ratio.denominator)
        }
        (IntervalChoice::AdjustedWald | IntervalChoice::StudentT, MetricKind::Ratio(ratio)) => {
            let is_mean = ratio.sum_of_squares.is_some() && !ratio.per_year;
            is_mean && counts(ratio, &ratio.denominator)
        }
        (IntervalChoice::Bootstrap, MetricKind::Ratio(ratio)) => ratio.cluster.is_some(),
        (IntervalChoice::Bootstrap, MetricKind::Movement(movement)) => {
            movement.denominator.is_some() && !movement.counts_moves()
        }
        _ => false,
    };
    (!fits).then(|| format!("an interval `{}` needs {}", choice.method().name(), needed(choice)))
}

/// Whether a part of a quotient counts observations: it counts rows, or the file says that the units of the denominator
/// are the sample.
fn counts(ratio: &RatioMetric, part: &Expression) -> bool {
    let is_sample =
        ratio.sample.as_ref().is_some_and(|sample| sample.text == ratio.denominator.text);
    is_sample || counts_rows(&part.text)
}

fn needed(choice: IntervalChoice) -> &'static str {
    match choice {
        IntervalChoice::Wilson => {
            "a plain share of counts: kind `movement` with a `denominator`, or kind `ratio` without `scale` and `per_year`, \
             whose `numerator` and `denominator` count rows, or whose `sample` is the `denominator` itself; \
             a share of sums takes `bootstrap` with `cluster`"
        }
        IntervalChoice::AdjustedWald => {
            "kind `ratio` with `sum_of_squares`, the count of answers that are not between, and a `denominator` that counts rows"
        }
        IntervalChoice::StudentT => {
            "kind `ratio` with `sum_of_squares` and a `denominator` that counts rows"
        }
        IntervalChoice::OrderStatistics => "kind `quantile`",
        IntervalChoice::Bootstrap => {
            "kind `ratio` with `cluster`, the column whose rows belong together, or kind `movement` with a `denominator` \
             and without `moved_in` and `moved_out`, whose entities are drawn"
        }
        IntervalChoice::Greenwood => "kind `survival`",
        IntervalChoice::None => "",
    }
}

#[cfg(test)]
mod tests {
    use scorewright_domain::ProjectFile;

    use crate::metric::IntervalChoice::{self, Bootstrap, None, Wilson};
    use crate::metric::read_metrics;

    /// The interval of a share of a top and a bottom, with further lines.
    fn interval(top: &str, bottom: &str, further: &str) -> Result<IntervalChoice, String> {
        let text = format!(
            "title = 'A'\nsays = 'A'\nunit = 'share'\ndirection = 'neutral'\nkind = 'ratio'\nfact = 'fact.invoice'\n\
             time = 'at'\nnumerator = '{top}'\ndenominator = '{bottom}'\n{further}"
        );
        let metrics = read_metrics(&[ProjectFile::new("pipelines/metrics/a.toml", text)]);
        metrics.map(|metrics| metrics[0].interval).map_err(|faults| faults.to_string())
    }

    #[test]
    fn money_is_no_sample() {
        let told = interval("sum(lost)", "sum(billed)", "").unwrap_err();
        let expected = "`denominator` does not count rows, so the metric must say what its `n` is";
        assert_eq!(told, expected);
        assert_eq!(interval("sum(lost)", "sum(billed)", "sample = 'count(*)'\n"), Ok(None));
        assert_eq!(interval("count(lost)", "count(*)", ""), Ok(Wilson));
    }

    #[test]
    fn a_share_of_sums_is_drawn_by_clusters_where_there_are_any() {
        let clusters = "sample = 'count(*)'\ncluster = 'customer_id'\n";
        assert_eq!(interval("sum(lost)", "sum(billed)", clusters), Ok(Bootstrap));
        assert_eq!(interval("sum(lost)", "count(*)", ""), Ok(None));
    }

    #[test]
    fn units_that_are_the_sample_are_counts() {
        let delivered = "sample = 'sum(delivered)'\n";
        assert_eq!(interval("sum(opened)", "sum(delivered)", delivered), Ok(Wilson));
    }

    #[test]
    fn an_interval_of_counts_is_refused_of_sums() {
        let methods = ["wilson", "student_t", "adjusted_wald"];
        let further = "sum_of_squares = 'sum(lost * lost)'\nsample = 'count(*)'\n";
        for method in methods {
            let lines = format!("{further}interval = '{method}'\n");
            let told = interval("sum(lost)", "sum(billed)", &lines).unwrap_err();
            assert!(told.starts_with(&format!("an interval `{method}` needs")), "{told}");
        }
        let lines = format!("{further}interval = 'student_t'\n");
        assert_eq!(interval("sum(lost)", "count(lost)", &lines), Ok(IntervalChoice::StudentT));
    }
}
