//! A metric file as written, and the kind it describes.

use std::collections::BTreeMap;

use scorewright_domain::{Fault, ProjectFile};
use toml::Spanned;

use super::expression::Expression;
use super::file::{KindWord, MetricFile};
use super::kind::{
    DerivedMetric, GrowthMetric, MetricKind, MovementMetric, QuantileMetric, RatioMetric,
    StateMetric, TotalMetric,
};
use super::rows::{EventRows, LeftOutRows, ValidIntervals};
use super::statistic::Statistic;

/// A file with its contents, as written.
pub(super) struct MetricFileReader<'a> {
    pub(super) file: &'a ProjectFile,
    pub(super) raw: &'a MetricFile,
}

impl MetricFileReader<'_> {
    /// The kind with all it needs.
    pub(super) fn kind(&self) -> Result<MetricKind, Fault> {
        let raw = self.raw;
        Ok(match raw.kind.get_ref() {
            KindWord::Ratio => MetricKind::Ratio(RatioMetric {
                rows: self.event_rows()?,
                numerator: self.needs("numerator", raw.numerator.as_ref())?,
                denominator: self.needs("denominator", raw.denominator.as_ref())?,
                sample: self.may("sample", raw.sample.as_ref())?,
                sum_of_squares: self.may("sum_of_squares", raw.sum_of_squares.as_ref())?,
                scale: self.scale()?,
                per_year: self.per_year(),
                cluster: self.may("cluster", raw.cluster.as_ref())?,
            }),
            KindWord::Total => MetricKind::Total(TotalMetric {
                rows: self.event_rows()?,
                numerator: self.needs("numerator", raw.numerator.as_ref())?,
                sample: self.may("sample", raw.sample.as_ref())?,
            }),
            KindWord::Quantile => MetricKind::Quantile(QuantileMetric {
                rows: self.event_rows()?,
                value: self.needs("value", raw.value.as_ref())?,
                statistics: self.statistics()?,
            }),
            KindWord::Movement => MetricKind::Movement(MovementMetric {
                intervals: self.valid_intervals()?,
                entity: self.needs("entity", raw.entity.as_ref())?,
                numerator: self.needs("numerator", raw.numerator.as_ref())?,
                amount: self.may("amount", raw.amount.as_ref())?,
                denominator: self.may("denominator", raw.denominator.as_ref())?,
                sample: self.may("sample", raw.sample.as_ref())?,
            }),
            KindWord::State => MetricKind::State(StateMetric {
                intervals: self.valid_intervals()?,
                numerator: self.needs("numerator", raw.numerator.as_ref())?,
                denominator: self.may("denominator", raw.denominator.as_ref())?,
                sample: self.may("sample", raw.sample.as_ref())?,
            }),
            KindWord::Survival => MetricKind::Survival(self.survival()?),
            KindWord::Model => MetricKind::Lifetime(self.lifetime()?),
            KindWord::Derived => MetricKind::Derived(DerivedMetric {
                formula: self.needs("formula", raw.formula.as_ref())?,
                parameters: self.parameters(),
                per_year: self.per_year(),
            }),
            KindWord::Growth => {
                MetricKind::Growth(GrowthMetric { of: self.needs("of", raw.of.as_ref())? })
            }
        })
    }

    pub(super) fn event_rows(&self) -> Result<EventRows, Fault> {
        Ok(EventRows {
            fact: self.fact()?,
            time: self.needs("time", self.raw.time.as_ref())?,
            filter: self.may("filter", self.raw.filter.as_ref())?,
            left_out: self.left_out(),
            latest_of: self.latest_of()?,
        })
    }

    fn valid_intervals(&self) -> Result<ValidIntervals, Fault> {
        Ok(ValidIntervals {
            fact: self.fact()?,
            from: self.needs("from", self.raw.from.as_ref())?,
            until: self.needs("until", self.raw.until.as_ref())?,
            filter: self.may("filter", self.raw.filter.as_ref())?,
            left_out: self.left_out(),
        })
    }

    pub(super) fn left_out(&self) -> LeftOutRows {
        match self.raw.include_left_out.as_ref().filter(|flag| *flag.get_ref()) {
            None => LeftOutRows::Excluded,
            Some(flag) => LeftOutRows::Included(Expression {
                key: "include_left_out",
                text: "true".into(),
                span: flag.span(),
            }),
        }
    }

    pub(super) fn fact(&self) -> Result<Expression, Fault> {
        let fact = self.raw.fact.as_ref().ok_or_else(|| self.missing("fact"))?;
        Ok(Expression { key: "fact", text: fact.get_ref().to_string(), span: fact.span() })
    }

    pub(super) fn needs(
        &self,
        key: &'static str,
        written: Option<&Spanned<String>>,
    ) -> Result<Expression, Fault> {
        self.may(key, written)?.ok_or_else(|| self.missing(key))
    }

    pub(super) fn may(
        &self,
        key: &'static str,
        written: Option<&Spanned<String>>,
    ) -> Result<Option<Expression>, Fault> {
        match written {
            Some(written) if written.get_ref().trim().is_empty() => {
                Err(self.file.fault(Some(written.span()), format!("`{key}` is empty")))
            }
            Some(written) => Ok(Some(Expression::new(key, written))),
            None => Ok(None),
        }
    }

    pub(super) fn missing(&self, key: &str) -> Fault {
        let word = self.kind_word();
        let message = format!("a metric of kind `{word}` needs `{key}`");
        self.at_kind(message).help(format!("add a line `{key} = ...`; {}", what_it_is(key)))
    }

    fn at_kind(&self, message: impl Into<String>) -> Fault {
        self.file.fault(Some(self.raw.kind.span()), message)
    }

    pub(super) fn kind_word(&self) -> &str {
        self.file.text[self.raw.kind.span()].trim_matches(['"', '\''])
    }

    fn per_year(&self) -> bool {
        self.raw.per_year.as_ref().is_some_and(|flag| *flag.get_ref())
    }

    fn parameters(&self) -> BTreeMap<String, f64> {
        self.raw.parameters.as_ref().map(|all| all.get_ref().clone()).unwrap_or_default()
    }

    fn scale(&self) -> Result<f64, Fault> {
        match &self.raw.scale {
            Some(scale) if !scale.get_ref().is_finite() || *scale.get_ref() == 0.0 => {
                Err(self.file.fault(Some(scale.span()), "a scale of nothing leaves nothing"))
            }
            Some(scale) => Ok(*scale.get_ref()),
            None => Ok(1.0),
        }
    }

    pub(super) fn statistics(&self) -> Result<Vec<Statistic>, Fault> {
        let Some(written) = &self.raw.statistics else {
            return Ok(vec![Statistic::Median, Statistic::P90, Statistic::Mean]);
        };
        let all = written.get_ref();
        let is_repeated = all.iter().enumerate().any(|(index, one)| all[..index].contains(one));
        if all.is_empty() || is_repeated {
            let message = if is_repeated {
                "a statistic is named twice"
            } else {
                "no statistic is asked for"
            };
            return Err(self
                .file
                .fault(Some(written.span()), message)
                .help("name some of: median, p90, mean"));
        }
        Ok(all.clone())
    }
}

fn what_it_is(key: &str) -> &'static str {
    match key {
        "fact" => "the table it counts, such as \"fact.ticket\"",
        "time" => "the timestamp or date column that puts a row into a period",
        "numerator" => "the top of the quotient, such as \"count(*) FILTER (WHERE score >= 4)\"",
        "denominator" => "the bottom of the quotient, such as \"count(score)\"",
        "value" => "the whole number on each row, such as \"resolution_seconds\"",
        "model" => "how buying is thought of: \"bg_nbd\"",
        "predicts" => "what is foretold: \"value\", \"orders\" or \"alive\"",
        "amount" => "what one purchase is worth, such as \"net_amount\"",
        "entity" => "what comes and goes, such as \"customer_id\"",
        "from" => "the timestamp or date at which a row begins to hold",
        "until" => "the timestamp or date at which it ends, empty while it lasts",
        "after_days" => "the days after which a share still lasts, such as 90",
        "formula" => "arithmetic over names of metrics, such as \"revenue / customers\"",
        _ => "the name of another metric, such as \"revenue\"",
    }
}
